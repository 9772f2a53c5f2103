/** Parsed JSON, whose fields only the tests know: reading a missing one fails the expectation. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where tests step out of the types
export type Json = any;
