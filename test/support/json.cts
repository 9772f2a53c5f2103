/** Parsed JSON, of which each test says what is in it: what an expectation reads and is not there fails it. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where tests step out of the types
export type Json = any;
