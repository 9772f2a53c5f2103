import { OPUS_CLOCK_HZ, OpusClock } from '../../codecs/opus/opusPacket';
import { isOpusHead, parseOpusHead } from '../../codecs/opus/opusHead';
import { cutBeforeSound } from '../notAudio';
import type { WorkSlices } from '../../workSlices';
import type { Claims } from '../track';
import type { OggPacket } from './oggPackets';
import { packetsOf } from './oggStreams';
import type { OggStream, OggTrack } from './oggStreams';
import type { OggTimes } from './oggTimes';
import { oggTimes } from './oggTimes';

const COMMENT_HEADER = 'OpusTags';

/**
 * An Opus stream in Ogg (RFC 7845).
 *
 * @throws {VoiceNoteError} `corrupt` where the stream has no valid header.
 */
export async function oggOpusTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<OggTrack> {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw cutBeforeSound('inside its header');
	const head = parseOpusHead(header.value.bytes);
	const { claims, findings } = await oggTimes(audioPackets(bytes, stream), new OpusClock(), OPUS_CLOCK_HZ, slices);
	return {
		codec: { name: 'opus', head },
		claims: behindPriming(claims, head.preSkip / OPUS_CLOCK_HZ),
		findings,
		*packets() {
			for (const packet of audioPackets(bytes, stream)) yield packet.bytes;
		},
	};
}

/**
 * The packets behind the identification header and the comment header (RFC 7845, section 3). They are known by their
 * magic: where the latter is lost, the audio follows at once, and some writers repeat them.
 */
function* audioPackets(bytes: Uint8Array, stream: OggStream): Generator<OggPacket> {
	let isFirst = true;
	for (const packet of packetsOf(bytes, stream)) {
		const header = isFirst || isOpusHead(packet.bytes) || isCommentHeader(packet.bytes);
		isFirst = false;
		if (!header) yield packet;
	}
}

function isCommentHeader(packet: Uint8Array): boolean {
	return String.fromCharCode(...packet.subarray(0, COMMENT_HEADER.length)) === COMMENT_HEADER;
}

/** The pre-skip counts in positions (RFC 7845, section 4.3), and is skipped by the header's word. */
function behindPriming({ keepSeconds, heldSeconds = 0, mayCutSeconds }: OggTimes['claims'], priming: number): Claims {
	return {
		skipSeconds: 0,
		keepSeconds: keepSeconds === undefined ? undefined : Math.max(0, keepSeconds - priming),
		heldSeconds: Math.max(0, heldSeconds - priming),
		mayCutSeconds,
	};
}
