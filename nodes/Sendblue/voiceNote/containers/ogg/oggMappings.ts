/**
 * The mappings of FLAC, Opus and Vorbis to Ogg: their headers, and the length of a stream by its packets and granule
 * positions.
 */
import type { WorkSlices } from '../../workSlices';
import type { Claims, Finding } from '../track';
import type { OggPacket } from './oggPages';
import { holdsText } from '../../bits/bytes';
import { parseFrameHeader, parseStreamInfo } from '../../codecs/flac/flacHeaders';
import { cutBeforeSound } from '../notAudio';
import { oggPageAt } from './oggPages';
import { packetsOf } from './oggStreams';
import type { OggStream, OggTrack } from './oggStreams';
import { OPUS_CLOCK_HZ, OpusClock } from '../../codecs/opus/opusPacket';
import { isOpusHead, parseOpusHead } from '../../codecs/opus/opusHead';
import { parseVorbisHeaders, VorbisClock } from '../../codecs/vorbis/vorbisDecoder';

/** Counts a codec's packets without decoding them. */
export interface PacketClock {
	/** Samples that the next packet adds. */
	samplesOf(packet: Uint8Array): number;
}

/** What the packets hold and what granule positions claim; both include the priming. */
export interface OggTimes {
	claims: Pick<Claims, 'keepSeconds' | 'heldSeconds' | 'mayCutSeconds'>;
	findings: Finding[];
}

/** The most that positions may trim if nothing confirms them. */
const MAX_UNCONFIRMED_CUT_SECONDS = 0.1;

/** The samples of a page and the position at its end. */
interface Span {
	samples: number;
	position: number;
	/** The position at the end of the previous page; undefined for the first page. */
	start?: number;
}

/**
 * Counts the audio. The granule position of the last page may be before the end of its packets, which trims them (RFC
 * 7845, section 4.4; Vorbis I, appendix A.2). That is believed only if the other positions agree with the packets;
 * otherwise they count something else.
 *
 * @param packets of audio, from the first one on
 * @param rate samples per second, of positions and of the clock
 */
async function oggTimes(
	packets: Iterable<OggPacket>,
	clock: PacketClock,
	rate: number,
	slices: WorkSlices,
): Promise<OggTimes> {
	let held = 0;
	let samples = 0;
	let lost = 0;
	let hasGap = false;
	let inGap = false;
	let agreeing = 0;
	let spans = 0;
	let isConfirmed = false;
	let last: Span | undefined;
	for (const { bytes, granulePosition: position, afterGap } of packets) {
		const duration = clock.samplesOf(bytes);
		held += duration;
		samples += duration;
		inGap = inGap || afterGap;
		if (slices.dueAfter(bytes.length)) await slices.rest();
		if (position === undefined) continue;
		if (last) {
			spans++;
			if (agrees(last)) agreeing++;
			isConfirmed ||= last.position - (last.start ?? 0) === last.samples;
		}
		last = { samples, position, start: last?.position };
		if (inGap && last.start !== undefined) lost += Math.max(0, position - last.start - samples);
		hasGap = hasGap || inGap;
		inGap = false;
		samples = 0;
	}
	const agree = agreeing * 2 >= spans;
	// If no two positions are consistent, they are believed only if they trim very little.
	const mostCut = isConfirmed || spans === 0 ? Infinity : MAX_UNCONFIRMED_CUT_SECONDS * rate;
	const claimed = last && samples === 0 && agree && cutOf(last) <= mostCut ? held - cutOf(last) : undefined;
	// Missing page numbers without a gap in the positions are the writer's fault.
	const isDamaged = hasGap && (lost > 0 || !agree);
	return {
		claims: {
			keepSeconds: claimed === undefined ? undefined : claimed / rate,
			heldSeconds: held / rate,
			mayCutSeconds: ((last?.samples ?? 0) + 1) / rate,
		},
		findings: isDamaged ? [{ kind: 'damaged', seconds: agree ? lost / rate : undefined }] : [],
	};
}

/** Whether a position exceeds the previous one by what the packets of the page hold; the first one may be larger. */
function agrees({ samples, position, start }: Span): boolean {
	return start === undefined ? position >= samples : position - start === samples;
}

/** Samples by which a page ends before its packets do; 0 if it ends after them, as after a pause. */
function cutOf({ samples, position, start = 0 }: Span): number {
	return Math.max(0, samples - (position - start));
}

/** The first packet: `0x7F FLAC`, a version, a count, `fLaC`, a block header; then STREAMINFO (RFC 9639, 10.1). */
const STREAM_INFO_OFFSET = 17;
/** A packet of audio begins with a frame's sync code; metadata blocks never do. */
const SYNC_BYTE = 0xff;

/** Whether the last page is not marked as such: then a total beyond what is there tells how much is missing. */
function isCut(bytes: Uint8Array, { pages }: OggStream): boolean {
	const last = pages.at(-1);
	return last !== undefined && !oggPageAt(bytes, last).last;
}

/**
 * A FLAC stream in Ogg (RFC 9639, section 10.1).
 *
 * @throws {VoiceNoteError} `corrupt` if its header is incomplete.
 */
export async function oggFlacTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<OggTrack> {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw cutBeforeSound('inside its header');
	const streamInfo = parseStreamInfo(header.value.bytes.subarray(STREAM_INFO_OFFSET));
	const audio = function* (): Generator<OggPacket> {
		for (const packet of packetsOf(bytes, stream)) {
			if (packet.bytes[0] === SYNC_BYTE) yield packet;
		}
	};
	const samplesOf = (packet: Uint8Array): number => parseFrameHeader(packet, 0, streamInfo)?.blockFrames ?? 0;
	const { claims, findings } = await oggTimes(audio(), { samplesOf }, streamInfo.sampleRate, slices);
	const missing = (streamInfo.totalFrames ?? 0) / streamInfo.sampleRate - (claims.heldSeconds ?? 0);
	return {
		codec: { name: 'flac', streamInfo },
		// FLAC frames have the exact length, unlike packets of Opus and Vorbis: no position trims them.
		claims: { skipSeconds: 0, heldSeconds: claims.heldSeconds },
		findings: isCut(bytes, stream) && missing > 0 ? [...findings, { kind: 'cutShort', seconds: missing }] : findings,
		*packets() {
			for (const { bytes: packet } of audio()) yield packet;
		},
	};
}

const COMMENT_HEADER = 'OpusTags';

/**
 * An Opus stream in Ogg (RFC 7845).
 *
 * @throws {VoiceNoteError} `corrupt` if the stream has no valid header.
 */
export async function oggOpusTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<OggTrack> {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw cutBeforeSound('inside its header');
	const head = parseOpusHead(header.value.bytes);
	const { claims, findings } = await oggTimes(audioPackets(bytes, stream), new OpusClock(), OPUS_CLOCK_HZ, slices);
	return {
		codec: { name: 'opus', head },
		claims: afterPriming(claims, head.preSkip / OPUS_CLOCK_HZ),
		findings,
		*packets() {
			for (const packet of audioPackets(bytes, stream)) yield packet.bytes;
		},
	};
}

/**
 * The packets after the identification header and the comment header (RFC 7845, section 3). Headers are known by their
 * magic: the comments can be lost, and some writers repeat both.
 */
function* audioPackets(bytes: Uint8Array, stream: OggStream): Generator<OggPacket> {
	let isFirst = true;
	for (const packet of packetsOf(bytes, stream)) {
		const header = isFirst || isOpusHead(packet.bytes) || holdsText(packet.bytes, COMMENT_HEADER);
		isFirst = false;
		if (!header) yield packet;
	}
}

/** Granule positions include the pre-skip (RFC 7845, section 4.3), which the track's decoder drops. */
function afterPriming({ keepSeconds, heldSeconds = 0, mayCutSeconds }: OggTimes['claims'], priming: number): Claims {
	return {
		skipSeconds: 0,
		keepSeconds: keepSeconds === undefined ? undefined : Math.max(0, keepSeconds - priming),
		heldSeconds: Math.max(0, heldSeconds - priming),
		mayCutSeconds,
	};
}

/** Identification, comments, setup (Vorbis I, section 4.2.1). */
const HEADER_PACKETS = 3;

/**
 * A Vorbis stream in Ogg (Vorbis I, appendix A).
 *
 * @throws {VoiceNoteError} `corrupt` if its headers are incomplete.
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
	const vorbis = parseVorbisHeaders(headers[0], headers[2]);
	const clock = new VorbisClock(vorbis);
	const audio = function* (): Generator<OggPacket> {
		let index = 0;
		for (const packet of packetsOf(bytes, stream)) {
			if (index++ >= HEADER_PACKETS) yield packet;
		}
	};
	const { claims, findings } = await oggTimes(audio(), clock, vorbis.sampleRate, slices);
	return {
		codec: { name: 'vorbis', headers: vorbis },
		claims: { skipSeconds: 0, ...(clock.counts ? claims : {}) },
		findings,
		*packets() {
			for (const { bytes: packet } of audio()) yield packet;
		},
	};
}
