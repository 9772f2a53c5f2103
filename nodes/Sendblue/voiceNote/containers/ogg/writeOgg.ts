import { pageChecksum } from './oggPages';
import type { PacketBuffer } from '../packetBuffer';
import { opusPacketSamples } from '../../codecs/opus/opusPacket';

const PAGE_HEADER_BYTES = 27;
const CHECKSUM_OFFSET = 22;
/** A packet is cut into segments of this size; a shorter one, which may be empty, ends it. */
const SEGMENT_BYTES = 255;
const MAX_SEGMENTS = 255;
const FIRST_PAGE = 0x02;
const LAST_PAGE = 0x04;

/** Any number will do for a single stream; a fixed one makes the output reproducible. */
const SERIAL_NUMBER = 1;

/** What a page says, apart from its packets. */
export interface PageFacts {
	/** Granule position: the end of the last packet that ends on the page, in the codec's units. */
	granulePosition: number;
	/** Whether the page begins the stream. */
	first?: boolean;
	/** Whether the page ends the stream. */
	last?: boolean;
}

/** Writes a logical stream page by page (RFC 3533, section 6). No packet is spread over several pages. */
class OggPageWriter {
	private bytes: Uint8Array;

	private length = 0;

	private sequence = 0;

	private segments: number[] = [];

	private packets: Uint8Array[] = [];

	/** @param packetBytes about how many bytes of packets will come */
	constructor(packetBytes: number) {
		this.bytes = new Uint8Array(packetBytes + (packetBytes >> 4) + 1_024);
	}

	/** Whether the packet fits on the current page; an empty page takes packets of up to 65,024 bytes. */
	hasRoomFor(packet: Uint8Array): boolean {
		return this.segments.length + segmentCount(packet) <= MAX_SEGMENTS;
	}

	/** Puts a packet that fits on the current page. */
	add(packet: Uint8Array): void {
		for (let left = packet.length; left >= SEGMENT_BYTES; left -= SEGMENT_BYTES) this.segments.push(SEGMENT_BYTES);
		this.segments.push(packet.length % SEGMENT_BYTES);
		this.packets.push(packet);
	}

	/** Closes the current page. */
	endPage({ granulePosition, first = false, last = false }: PageFacts): void {
		const bodyBytes = this.segments.reduce((sum, size) => sum + size, 0);
		const start = this.length;
		const end = start + PAGE_HEADER_BYTES + this.segments.length + bodyBytes;
		this.reserve(end);

		const view = new DataView(this.bytes.buffer);
		view.setUint32(start, 0x4f67_6753); // "OggS"
		view.setUint8(start + 4, 0); // version
		view.setUint8(start + 5, (first ? FIRST_PAGE : 0) | (last ? LAST_PAGE : 0));
		view.setBigInt64(start + 6, BigInt(granulePosition), true);
		view.setUint32(start + 14, SERIAL_NUMBER, true);
		view.setUint32(start + 18, this.sequence++, true);
		view.setUint8(start + 26, this.segments.length);
		this.bytes.set(this.segments, start + PAGE_HEADER_BYTES);
		let position = start + PAGE_HEADER_BYTES + this.segments.length;
		for (const packet of this.packets) {
			this.bytes.set(packet, position);
			position += packet.length;
		}
		view.setUint32(start + CHECKSUM_OFFSET, pageChecksum(this.bytes, start, end), true);

		this.length = end;
		this.segments = [];
		this.packets = [];
	}

	/** The pages closed so far. */
	finish(): Uint8Array {
		return this.bytes.slice(0, this.length);
	}

	private reserve(size: number): void {
		if (size <= this.bytes.length) return;
		const larger = new Uint8Array(Math.max(this.bytes.length * 2, size));
		larger.set(this.bytes.subarray(0, this.length));
		this.bytes = larger;
	}
}

function segmentCount(packet: Uint8Array): number {
	return Math.floor(packet.length / SEGMENT_BYTES) + 1;
}

/** A mono or stereo Opus stream, ready to be written. Times are in samples at 48 kHz. */
export interface OggOpusAudio {
	/** 1 or 2. */
	channels: number;
	/** The packets from the start; none is empty, and the last one contains the end of the valid range. */
	packets: PacketBuffer;
	/** Samples at the start that are decoded and dropped, up to 65,535. */
	preSkip: number;
	/** Samples in the valid range, which follows the pre-skip; at least 1. */
	validSamples: number;
	/** Gain in dB for players to apply. */
	outputGainDb: number;
	/** Sample rate of the audio before it was encoded, in Hz; 0 if unknown. */
	inputSampleRate: number;
}

const IDENTIFICATION_BYTES = 19;
const VERSION = 1;
/** Mono or stereo in one stream, without a mapping table (RFC 7845, section 5.1.1.1). */
const MAPPING_FAMILY = 0;
/** The gain is a signed fixed-point number with 8 fractional bits. */
const GAIN_UNITS_PER_DB = 256;

/** The writer's name in the comment header. */
const VENDOR = 'voiceNote';

/** The identification header, "OpusHead" (RFC 7845, section 5.1). */
function opusIdentificationHeader({
	channels,
	preSkip,
	outputGainDb,
	inputSampleRate,
}: Pick<OggOpusAudio, 'channels' | 'preSkip' | 'outputGainDb' | 'inputSampleRate'>): Uint8Array {
	const header = new Uint8Array(IDENTIFICATION_BYTES);
	const view = new DataView(header.buffer);
	characters(header, 0, 'OpusHead');
	header[8] = VERSION;
	header[9] = channels;
	view.setUint16(10, preSkip, true);
	view.setUint32(12, inputSampleRate, true);
	view.setInt16(16, Math.round(outputGainDb * GAIN_UNITS_PER_DB), true);
	header[18] = MAPPING_FAMILY;
	return header;
}

/** The comment header, "OpusTags" (RFC 7845, section 5.2), without comments. */
function opusCommentHeader(): Uint8Array {
	const header = new Uint8Array(8 + 4 + VENDOR.length + 4);
	const view = new DataView(header.buffer);
	characters(header, 0, 'OpusTags');
	view.setUint32(8, VENDOR.length, true);
	characters(header, 12, VENDOR);
	view.setUint32(12 + VENDOR.length, 0, true); // number of comments
	return header;
}

function characters(target: Uint8Array, offset: number, text: string): void {
	for (let index = 0; index < text.length; index++) target[offset + index] = text.charCodeAt(index);
}

/** A page is closed when it holds this much audio (1 s at 48 kHz), as RFC 7845, section 6, advises. */
const PAGE_SAMPLES = 48_000;

/**
 * Writes an Ogg Opus file (RFC 7845): identification header and comment header, each on a page of its own, then the
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
