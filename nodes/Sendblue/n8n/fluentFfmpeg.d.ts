/** The part of fluent-ffmpeg that is used; the package declares no types. */
declare module 'fluent-ffmpeg' {
	/** The process's standard output. */
	export interface OutputStream {
		on(event: 'data', listener: (chunk: Uint8Array) => void): OutputStream;
		on(event: 'end', listener: () => void): OutputStream;
	}

	/** A command that is put together, and run by `pipe`. */
	export interface FfmpegCommand {
		input(source: object): FfmpegCommand;
		inputOptions(options: readonly string[]): FfmpegCommand;
		outputOptions(options: readonly string[]): FfmpegCommand;
		setFfmpegPath(path: string): FfmpegCommand;
		on(event: 'error', listener: (error: Error) => void): FfmpegCommand;
		on(event: 'end', listener: () => void): FfmpegCommand;
		pipe(): OutputStream;
		kill(signal: string): void;
	}

	/** @param options `timeout` in seconds */
	const createCommand: (options: { timeout: number }) => FfmpegCommand;
	export default createCommand;
}
