/** AMR files (RFC 4867, section 5): a line of text, then frames. */
import { amrFrames } from '../../codecs/amr/amrFrames';
import { VoiceNoteError } from '../../errors';

export const AMR_NARROWBAND_MAGIC = '#!AMR\n';
export const AMR_WIDEBAND_MAGIC = '#!AMR-WB\n';
const ANY_MAGIC = '#!AMR';

/** An AMR file. */
export interface AmrFile {
	wideband: boolean;
	/**
	 * The frames.
	 *
	 * @param onCut called where the file ends within a frame
	 */
	frames(onCut: () => void): Iterable<Uint8Array>;
}

/** Whether the bytes begin as an AMR file does. */
export function isAmr(bytes: Uint8Array): boolean {
	return beginsWith(bytes, ANY_MAGIC);
}

/**
 * Reads an AMR file's header.
 *
 * @throws {VoiceNoteError} `unsupported` for several channels, which no telephone writes.
 */
export function readAmr(bytes: Uint8Array): AmrFile {
	const wideband = beginsWith(bytes, AMR_WIDEBAND_MAGIC);
	if (!wideband && !beginsWith(bytes, AMR_NARROWBAND_MAGIC)) {
		throw new VoiceNoteError('unsupported', 'The AMR file has several channels', 'Export it as WAV, MP3 or M4A.');
	}
	const start = (wideband ? AMR_WIDEBAND_MAGIC : AMR_NARROWBAND_MAGIC).length;
	return { wideband, frames: (onCut) => amrFrames(bytes, start, wideband, onCut) };
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
	return String.fromCharCode(...bytes.subarray(0, text.length)) === text;
}
