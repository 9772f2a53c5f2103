import { VoiceNoteError } from '../../errors';

/** What FLAC's STREAMINFO block says (RFC 9639, section 8.2). */
export interface FlacStreamInfo {
	/** Sample frames in the longest FLAC frame. */
	maxBlockFrames: number;
	/** Hz. */
	sampleRate: number;
	channels: number;
	bitsPerSample: number;
	/** Sample frames in the stream; undefined if its writer did not know. */
	totalFrames?: number;
}

/** Size of the block in bytes, without its header. */
export const STREAM_INFO_BYTES = 34;

/**
 * Reads a STREAMINFO block.
 *
 * @param bytes from the end of the block's header on
 * @throws {VoiceNoteError} `corrupt` if it is cut off or has no sample rate
 */
export function parseStreamInfo(bytes: Uint8Array): FlacStreamInfo {
	if (bytes.length < STREAM_INFO_BYTES) throw damaged('its header is cut off');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	// 20 bits of sample rate, 3 of channels, 5 of bits per sample, 36 of total samples.
	const packed = view.getUint32(10);
	const sampleRate = packed >>> 12;
	if (sampleRate === 0) throw damaged('its sample rate is zero');
	const totalFrames = (packed & 0x0f) * 2 ** 32 + view.getUint32(14);
	return {
		maxBlockFrames: view.getUint16(2),
		sampleRate,
		channels: ((packed >>> 9) & 0x07) + 1,
		bitsPerSample: ((packed >>> 4) & 0x1f) + 1,
		totalFrames: totalFrames > 0 ? totalFrames : undefined,
	};
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The FLAC audio is damaged: ${reason}`, 'Export or download it again.');
}
