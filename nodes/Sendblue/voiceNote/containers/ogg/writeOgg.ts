import type { OggOpusAudio } from './oggOpusAudio';
import { opusCommentHeader, opusIdentificationHeader } from './opusHeaders';
import { opusPacketSamples } from '../../codecs/opus/opusPacket';
import { OggPageWriter } from './writeOggPages';

/** A page is closed when it holds this much audio (1 s at 48 kHz), as RFC 7845, section 6, advises. */
const PAGE_SAMPLES = 48_000;

/**
 * Writes an Ogg Opus file (RFC 7845): identification header and comment header on a page of their own each, then the
 * packets, which are not touched. The granule position of the last page trims the end to the sample.
 *
 * @returns the whole file
 */
export function writeOggOpus(audio: OggOpusAudio): Uint8Array {
	const { packets, preSkip, validSamples } = audio;
	const pages = new OggPageWriter(packets.data.length);
	pages.add(opusIdentificationHeader(audio));
	pages.endPage({ granulePosition: 0, first: true });
	pages.add(opusCommentHeader());
	pages.endPage({ granulePosition: 0 });

	const end = preSkip + validSamples;
	let samples = 0;
	let pageStart = 0;
	let position = 0;
	for (let index = 0; index < packets.count; index++) {
		const packet = packets.data.subarray(position, position + packets.sizes[index]);
		position += packet.length;
		if (!pages.hasRoomFor(packet)) {
			pages.endPage({ granulePosition: samples });
			pageStart = samples;
		}
		pages.add(packet);
		samples += opusPacketSamples(packet);
		const last = index === packets.count - 1;
		if (last || samples - pageStart >= PAGE_SAMPLES) {
			pages.endPage({ granulePosition: last ? Math.min(samples, end) : samples, last });
			pageStart = samples;
		}
	}
	return pages.finish();
}
