import { OpusClock } from '../../codecs/opus/opusClock';
import { parseOpusHead } from '../../codecs/opus/opusHead';
import type { OpusTrack } from '../../codecs/opus/opusTrack';
import { VoiceNoteError } from '../../errors';
import { packetsOf, pagesOf } from './oggStreams';
import type { OggStream } from './oggStreams';

/** The identification header and the comment header come before the audio (RFC 7845, section 3). */
const HEADER_PACKETS = 2;

/**
 * An Opus stream in Ogg (RFC 7845).
 *
 * @throws {VoiceNoteError} `corrupt` where the stream has no valid header.
 */
export function oggOpusTrack(bytes: Uint8Array, stream: OggStream): OpusTrack {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw new VoiceNoteError('corrupt', 'The Ogg file is damaged: its Opus header is incomplete');
	const head = parseOpusHead(header.value.bytes);
	return {
		...head,
		validSamples: validSamples(bytes, stream, head.preSkip),
		*packets() {
			let index = 0;
			for (const packet of packetsOf(bytes, stream)) {
				if (index++ >= HEADER_PACKETS) yield packet.bytes;
			}
		},
	};
}

/**
 * Samples to be heard: from the granule position before the first packet to that of the last page, less the pre-skip
 * (RFC 7845, sections 4.1 to 4.5). Undefined where no page tells.
 */
function validSamples(bytes: Uint8Array, stream: OggStream, preSkip: number): number | undefined {
	const last = lastGranulePosition(bytes, stream);
	if (last === undefined) return undefined;
	return Math.max(0, last - firstSamplePosition(bytes, stream) - preSkip);
}

function lastGranulePosition(bytes: Uint8Array, stream: OggStream): number | undefined {
	let last: number | undefined;
	for (const page of pagesOf(bytes, stream)) {
		if (page.granulePosition >= 0) last = page.granulePosition;
	}
	return last;
}

/** Granule position at which the first audio packet begins: 0, but for a stream that was cut out of a longer one. */
function firstSamplePosition(bytes: Uint8Array, stream: OggStream): number {
	const clock = new OpusClock();
	let samples = 0;
	let index = 0;
	for (const packet of packetsOf(bytes, stream)) {
		if (index++ < HEADER_PACKETS) continue;
		samples += clock.samplesOf(packet.bytes);
		if (packet.granulePosition === undefined) continue;
		// A last page may lie before the end of its packets: that is how the end is trimmed.
		return packet.endOfStream ? 0 : Math.max(0, packet.granulePosition - samples);
	}
	return 0;
}
