/**
 * A value that is made when it is first asked for. Tables that one codec needs would otherwise cost every first note.
 *
 * @returns the function that gives the value, always the same one
 */
export function lazily<T extends object>(make: () => T): () => T {
	let value: T | undefined;
	return () => (value ??= make());
}
