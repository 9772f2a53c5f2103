import { OpusClock } from '../../codecs/opus/opusClock';
import { parseOpusHead } from '../../codecs/opus/opusHead';
import { OPUS_CLOCK_HZ } from '../../codecs/opus/opusPacket';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import type { Track } from '../track';
import type { OggPacket } from './oggPackets';
import { endPosition, packetsOf } from './oggStreams';
import type { OggStream } from './oggStreams';

const COMMENT_HEADER = 'OpusTags';

/**
 * An Opus stream in Ogg (RFC 7845).
 *
 * @throws {VoiceNoteError} `corrupt` where the stream has no valid header.
 */
export async function oggOpusTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<Track> {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw new VoiceNoteError('corrupt', 'The Ogg file is damaged: its Opus header is incomplete');
	const head = parseOpusHead(header.value.bytes);
	const samples = await validSamples(bytes, stream, head.preSkip, slices);
	return {
		codec: { name: 'opus', head },
		claims: { skipSeconds: 0, keepSeconds: samples === undefined ? undefined : samples / OPUS_CLOCK_HZ },
		*packets() {
			for (const packet of audioPackets(bytes, stream)) yield packet.bytes;
		},
	};
}

/**
 * The packets behind the identification header and the comment header (RFC 7845, section 3). The latter is known by
 * its magic: where it is lost, the audio follows at once.
 */
function* audioPackets(bytes: Uint8Array, stream: OggStream): Generator<OggPacket> {
	let index = 0;
	for (const packet of packetsOf(bytes, stream)) {
		const header = index === 0 || (index === 1 && isCommentHeader(packet.bytes));
		index++;
		if (!header) yield packet;
	}
}

function isCommentHeader(packet: Uint8Array): boolean {
	return String.fromCharCode(...packet.subarray(0, COMMENT_HEADER.length)) === COMMENT_HEADER;
}

/**
 * Samples to be heard: from the granule position at which the first audio packet begins to that of the last page, less
 * the pre-skip (RFC 7845, sections 4.1 to 4.5). Undefined where no page tells.
 */
async function validSamples(
	bytes: Uint8Array,
	stream: OggStream,
	preSkip: number,
	slices: WorkSlices,
): Promise<number | undefined> {
	const first = firstPosition(bytes, stream);
	if (first === undefined) return undefined;
	const last = await endPosition(bytes, stream, slices);
	return last === undefined ? undefined : Math.max(0, last - first - preSkip);
}

/** The position at which the first audio packet begins: not 0 for a stream that was cut out of a longer one. */
function firstPosition(bytes: Uint8Array, stream: OggStream): number | undefined {
	const clock = new OpusClock();
	let samples = 0;
	for (const packet of audioPackets(bytes, stream)) {
		samples += clock.samplesOf(packet.bytes);
		if (packet.granulePosition === undefined) continue;
		// A last page may lie before the end of its packets: that is how the end is trimmed.
		return packet.endOfStream ? 0 : Math.max(0, packet.granulePosition - samples);
	}
	return undefined;
}
