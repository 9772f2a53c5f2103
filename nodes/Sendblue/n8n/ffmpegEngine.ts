/**
 * FFmpeg as a process, for formats that the built-in decoders do not read. It is used only if an operator installed the
 * packages fluent-ffmpeg and ffmpeg-static next to n8n.
 */

import type { FfmpegCommand } from 'fluent-ffmpeg';

/** The outcome of a run. */
type Outcome = { bytes: Uint8Array } | { missing: true } | { failure: string };

/** The part of the process's standard input that is used. */
interface InputStream {
	end(bytes: Uint8Array): void;
}

interface Ffmpeg {
	createCommand: (options: { timeout: number }) => FfmpegCommand;
	path: string;
}

/** The time limit of a process, in seconds. */
const TIMEOUT_SECONDS = 600;
/** The most output that is read, in bytes: more than any voice note takes. */
const MAX_OUTPUT_BYTES = 256 * 1_024 * 1_024;

/** FFmpeg, if both packages are installed. They are looked up at run time, and never installed by us. */
async function findFfmpeg(): Promise<Ffmpeg | undefined> {
	try {
		const { default: createCommand } = await import('fluent-ffmpeg');
		const { default: path } = await import('ffmpeg-static');
		return path === null ? undefined : { createCommand, path };
	} catch {
		return undefined;
	}
}

/** The input as fluent-ffmpeg takes it: a stream, of which it uses nothing but `pipe`. */
function pipeable(bytes: Uint8Array): object {
	const stream = {
		readable: true,
		pause: () => stream,
		resume: () => stream,
		on: () => stream,
		pipe: (target: InputStream) => target.end(bytes),
	};
	return stream;
}

/**
 * Runs FFmpeg with the input on its standard input, and returns what it writes to its standard output.
 *
 * @param outputOptions options in front of the output
 * @param signal stops the process
 */
export async function runFfmpeg(
	input: Uint8Array,
	outputOptions: readonly string[],
	signal?: AbortSignal,
): Promise<Outcome> {
	const ffmpeg = await findFfmpeg();
	if (ffmpeg === undefined) return { missing: true };
	const command = ffmpeg
		.createCommand({ timeout: TIMEOUT_SECONDS })
		.setFfmpegPath(ffmpeg.path)
		.input(pipeable(input))
		.inputOptions(['-v', 'error'])
		.outputOptions(outputOptions);
	const stop = (): void => command.kill('SIGKILL');
	signal?.addEventListener('abort', stop);
	try {
		return await outcomeOf(command);
	} finally {
		signal?.removeEventListener('abort', stop);
	}
}

/** Whether the program itself is missing: its package downloads it in an install script, which n8n does not run. */
function isNotThere(message: string): boolean {
	return /ENOENT|EACCES|cannot find ffmpeg/i.test(message);
}

/** What the process wrote, once both it and its output have ended. */
async function outcomeOf(command: FfmpegCommand): Promise<Outcome> {
	return await new Promise((resolve) => {
		const chunks: Uint8Array[] = [];
		let size = 0;
		let openEnds = 2;
		const close = (): void => {
			openEnds -= 1;
			if (openEnds === 0) resolve({ bytes: Buffer.concat(chunks) });
		};
		command.on('error', ({ message }) => resolve(isNotThere(message) ? { missing: true } : { failure: message }));
		command.on('end', close);
		command
			.pipe()
			.on('data', (chunk) => {
				size += chunk.length;
				if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk);
				else command.kill('SIGKILL');
			})
			.on('end', close);
	});
}
