import { parseVorbisHeaders, VorbisClock } from '../../codecs/vorbis/vorbisHeaders';
import { cutBeforeSound } from '../notAudio';
import type { WorkSlices } from '../../workSlices';
import type { OggPacket } from './oggPackets';
import { packetsOf } from './oggStreams';
import type { OggStream, OggTrack } from './oggStreams';
import { oggTimes } from './oggTimes';

/** Identification, comments, setup (Vorbis I, section 4.2.1). */
const HEADER_PACKETS = 3;

/**
 * Finds the parts of a Vorbis stream (Vorbis I, appendix A).
 *
 * @throws {VoiceNoteError} `corrupt` where its headers are incomplete.
 */
export async function oggVorbisTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<OggTrack> {
	const headers: Uint8Array[] = [];
	for (const packet of packetsOf(bytes, stream)) {
		headers.push(packet.bytes);
		if (headers.length === HEADER_PACKETS) break;
	}
	if (headers.length < HEADER_PACKETS) {
		throw cutBeforeSound('inside its headers');
	}
	const setUp = parseVorbisHeaders(headers[0], headers[2]);
	const clock = new VorbisClock(setUp);
	const audio = function* (): Generator<OggPacket> {
		let index = 0;
		for (const packet of packetsOf(bytes, stream)) {
			if (index++ >= HEADER_PACKETS) yield packet;
		}
	};
	const { claims, findings } = await oggTimes(audio(), clock, setUp.sampleRate, slices);
	return {
		codec: { name: 'vorbis', headers: setUp },
		claims: { skipSeconds: 0, ...(clock.counts ? claims : {}) },
		findings,
		*packets() {
			for (const { bytes: packet } of audio()) yield packet;
		},
	};
}
