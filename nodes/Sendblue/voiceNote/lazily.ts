/**
 * A value that is created on first use. Otherwise the tables of every codec would delay the first conversion.
 *
 * @returns a function that returns the value, the same one each time
 */
export function lazily<T extends object>(make: () => T): () => T {
	let value: T | undefined;
	return () => (value ??= make());
}
