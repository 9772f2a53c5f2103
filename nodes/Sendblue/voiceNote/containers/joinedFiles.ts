/** Several files of one kind joined into one: each is read separately, and all are converted. */
import { VoiceNoteError } from '../errors';
import type { Demuxed } from './track';

/** The most joined files that are read; more are not plausible. */
export const MAX_JOINED_FILES = 1_000;

/**
 * The files, each as a view; one more than are read, if there are that many.
 *
 * @param nextFile start of the file after the first one in these bytes; undefined if there is none
 */
export function splitFiles(bytes: Uint8Array, nextFile: (bytes: Uint8Array) => number | undefined): Uint8Array[] {
	const files: Uint8Array[] = [];
	for (let rest = bytes; files.length <= MAX_JOINED_FILES; ) {
		const end = nextFile(rest);
		files.push(rest.subarray(0, end));
		if (end === undefined) break;
		rest = rest.subarray(end);
	}
	return files;
}

/**
 * Demuxes joined files, to be played in sequence. A later file that cannot be read, or is one too many, ends the
 * sequence, which is reported as a finding.
 *
 * @throws {VoiceNoteError} if the first file cannot be read
 */
export async function demuxFiles<File>(
	[first, ...others]: readonly File[],
	demux: (file: File) => Demuxed | Promise<Demuxed>,
): Promise<Demuxed> {
	const whole = await demux(first);
	for (const [index, file] of others.entries()) {
		const next = index + 1 < MAX_JOINED_FILES ? await demuxedOrUndefined(file, demux) : undefined;
		if (!next) {
			whole.findings.push({ kind: 'joined', converted: index + 1 });
			break;
		}
		whole.tracks.push(...next.tracks);
		whole.findings.push(...next.findings);
	}
	return whole;
}

/** A file that was joined to another; undefined if it cannot be read. */
export async function demuxedOrUndefined<File>(
	file: File,
	demux: (file: File) => Demuxed | Promise<Demuxed>,
): Promise<Demuxed | undefined> {
	try {
		return await demux(file);
	} catch (error) {
		if (error instanceof VoiceNoteError && error.code !== 'cancelled') return undefined;
		return await Promise.reject(error);
	}
}
