import { parseVorbisHeaders } from '../../codecs/vorbis/vorbisHeaders';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import type { Track } from '../track';
import { endPosition, packetsOf } from './oggStreams';
import type { OggStream } from './oggStreams';

/** Identification, comments, setup (Vorbis I, section 4.2.1). */
const HEADER_PACKETS = 3;

/**
 * Finds the parts of a Vorbis stream (Vorbis I, appendix A).
 *
 * @throws {VoiceNoteError} `corrupt` where its headers are incomplete.
 */
export async function oggVorbisTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<Track> {
	const headers: Uint8Array[] = [];
	for (const packet of packetsOf(bytes, stream)) {
		headers.push(packet.bytes);
		if (headers.length === HEADER_PACKETS) break;
	}
	if (headers.length < HEADER_PACKETS) {
		throw new VoiceNoteError('corrupt', 'The Ogg file is damaged: its Vorbis headers are incomplete');
	}
	const setUp = parseVorbisHeaders(headers[0], headers[2]);
	// Positions count the frames from the start; for a stream cut out of a longer one they are more.
	const totalFrames = await endPosition(bytes, stream, slices);
	return {
		codec: { name: 'vorbis', headers: setUp },
		claims: { skipSeconds: 0, keepSeconds: totalFrames === undefined ? undefined : totalFrames / setUp.sampleRate },
		*packets() {
			let index = 0;
			for (const packet of packetsOf(bytes, stream)) {
				if (index++ >= HEADER_PACKETS) yield packet.bytes;
			}
		},
	};
}
