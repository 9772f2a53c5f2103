import { parseStreamInfo } from '../../codecs/flac/streamInfo';
import { VoiceNoteError } from '../../errors';
import type { Track } from '../track';
import { packetsOf } from './oggStreams';
import type { OggStream } from './oggStreams';

/** The first packet: `0x7F FLAC`, a version, a count, `fLaC`, a block header; then STREAMINFO (RFC 9639, 10.1). */
const STREAM_INFO_OFFSET = 17;
/** A packet of audio begins with a frame's sync code; metadata blocks never do. */
const SYNC_BYTE = 0xff;

/**
 * Finds the parts of a FLAC stream.
 *
 * @throws {VoiceNoteError} `corrupt` where its header is incomplete.
 */
export function oggFlacTrack(bytes: Uint8Array, stream: OggStream): Track {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw new VoiceNoteError('corrupt', 'The Ogg file is damaged: its FLAC header is incomplete');
	const streamInfo = parseStreamInfo(header.value.bytes.subarray(STREAM_INFO_OFFSET));
	const { totalFrames, sampleRate } = streamInfo;
	return {
		codec: { name: 'flac', streamInfo },
		claims: { skipSeconds: 0, keepSeconds: totalFrames === undefined ? undefined : totalFrames / sampleRate },
		*packets() {
			for (const packet of packetsOf(bytes, stream)) {
				if (packet.bytes[0] === SYNC_BYTE) yield packet.bytes;
			}
		},
	};
}
