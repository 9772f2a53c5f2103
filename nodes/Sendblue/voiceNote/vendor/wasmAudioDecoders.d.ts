/** What is taken out of packages that do not declare it. */

declare module '*/EmscriptenWasm.js' {
	/** The compiled library. */
	const library: unknown;
	export default library;
}

declare module '*/WASMAudioDecoderCommon.js' {
	/** Loads a compiled library into memory of its own. */
	export default class WASMAudioDecoderCommon {
		instantiate(library: unknown): Promise<unknown>;
	}
}
