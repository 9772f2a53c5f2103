declare module '*/EmscriptenWasm.js' {
	/** The compiled library, as `vendor/vorbis.ts` takes it. */
	const library: unknown;
	export default library;
}
