/**
 * Opus packets without a container, as bots, telephony servers and small devices store them. Some store the
 * length of each packet before it; those can be read. Others store nothing in between; those cannot.
 */
import {
	OPUS_CLOCK_HZ,
	OpusClock,
	opusPacketSamples,
	parseOpusToc,
	splitOpusPacket,
} from '../../codecs/opus/opusPacket';
import { fourCC } from '../../bits/fourCC';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import type { Container, Demuxed } from '../track';

/** How a length may be written: in how many bytes, and in which order. */
interface Prefix {
	bytes: 2 | 4;
	littleEndian: boolean;
}

const PREFIXES: readonly Prefix[] = [
	{ bytes: 2, littleEndian: true },
	{ bytes: 2, littleEndian: false },
	{ bytes: 4, littleEndian: true },
	{ bytes: 4, littleEndian: false },
];

/** The fewest packets in a row that are conclusive: lengths read from random bytes do not lead through so many. */
const MIN_PACKETS = 10;
/**
 * The shape (see `shapeOf`) may change once in this many packets: encoders rarely change it, but in other data it
 * changes often.
 */
const MIN_PER_CHANGE = 8;
/**
 * Apart from the first byte of each packet, coded audio soon has this many distinct byte values; near-silence does not.
 */
const MIN_VALUES = 32;
/**
 * How many bytes after the first may be the same in all packets. Coded audio itself varies, but the number of frames
 * and the length of the padding (RFC 6716, section 3.2.5) may be constant.
 */
const MAX_CONSTANT_BYTES = 1;
const MAX_CONSTANT_BYTES_IF_COUNTED = 3;
/** The frame count code of packets whose second byte counts the frames. */
const COUNTED_FRAMES_CODE = 3;
/** RTP puts a header of its own before each packet (RFC 3550, section 5.1), with version 2 and a sequence number. */
const RTP_VERSION_MASK = 0xc0;
const RTP_VERSION = 0x80;
const RTP_NUMBER_OFFSET = 2;
const RTP_NUMBERS = 65_536;

/**
 * The format of Discord bots (DCA): these letters, the length of a text (32 bits), the text, then packets, each
 * preceded by its length.
 */
const DCA_MAGIC = 'DCA1';
const DCA_HEADER_BYTES = 8;

/** A packet, or the beginning of one that is cut off by the end of the file. */
interface FoundPacket {
	bytes: Uint8Array;
	isCut: boolean;
}

/** Opus packets, each preceded by its length. */
export const opusPackets: Container = {
	probe: (bytes) => prefixOf(bytes) !== undefined,
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const prefix = prefixOf(bytes) ?? PREFIXES[0];
		const packets = function* (): Generator<Uint8Array> {
			for (const packet of packetsIn(bytes, prefix)) {
				if (!packet.isCut) yield packet.bytes;
			}
		};
		const { samples, channels, isCut } = await survey(bytes, prefix, slices);
		const keepSeconds = samples / OPUS_CLOCK_HZ;
		return {
			sourceFormat: 'packets/opus',
			tracks: [
				{
					// The pre-skip is not stated, so nothing is skipped, as in all programs that play such packets.
					codec: { name: 'opus', head: { channels, preSkip: 0, outputGainDb: 0 } },
					claims: { skipSeconds: 0, keepSeconds, heldSeconds: keepSeconds },
					packets,
				},
			],
			findings: isCut ? [{ kind: 'cutShort' }] : [],
		};
	},
};

async function survey(bytes: Uint8Array, prefix: Prefix, slices: WorkSlices) {
	const clock = new OpusClock();
	const found = { samples: 0, channels: 1, isCut: false };
	for (const packet of packetsIn(bytes, prefix)) {
		found.isCut = packet.isCut;
		if (packet.isCut) break;
		found.samples += clock.samplesOf(packet.bytes);
		if (parseOpusToc(packet.bytes[0]).stereo) found.channels = 2;
		if (slices.due) await slices.rest();
	}
	return found;
}

/** The format of the lengths, if the bytes are Opus packets from beginning to end. */
function prefixOf(bytes: Uint8Array): Prefix | undefined {
	return PREFIXES.find((prefix) => isRowOfPackets(bytes, prefix));
}

function isRowOfPackets(bytes: Uint8Array, prefix: Prefix): boolean {
	let count = 0;
	let changes = 0;
	let shape: number | undefined;
	const content = new RowContent();
	for (const packet of packetsIn(bytes, prefix)) {
		if (packet.isCut) break;
		const next = shapeOf(packet.bytes);
		if (next === undefined) return false;
		if (shape !== undefined && next !== shape) changes++;
		shape = next;
		content.add(packet.bytes);
		count++;
	}
	return count >= MIN_PACKETS && changes * MIN_PER_CHANGE <= count && content.isCodedAudio;
}

/** What consecutive packets have in common; it distinguishes coded audio from samples and from other records. */
class RowContent {
	private readonly values = new Set<number>();

	private first: Uint8Array | undefined;

	/** How many bytes at the start are the same in all packets. */
	private constant = 0;

	private previousNumber: number | undefined;

	private packets = 0;

	/** How many packets look like RTP. */
	private likeRtp = 0;

	/** How many packets have the sequence number after the previous packet's. */
	private following = 0;

	add(packet: Uint8Array): void {
		this.packets++;
		for (let at = 1; at < packet.length && this.values.size < MIN_VALUES; at++) this.values.add(packet[at]);
		this.first ??= packet;
		if (this.packets === 1) this.constant = packet.length;
		let same = 0;
		while (same < this.constant && packet[same] === this.first[same]) same++;
		this.constant = same;
		this.addNumber(packet);
	}

	/** Whether the packets differ as those of coded audio do, and are not RTP. */
	get isCodedAudio(): boolean {
		const isRtp = this.likeRtp === this.packets && this.following * 2 >= this.packets;
		const isCounted = this.first !== undefined && parseOpusToc(this.first[0]).frameCountCode === COUNTED_FRAMES_CODE;
		const mostConstant = 1 + (isCounted ? MAX_CONSTANT_BYTES_IF_COUNTED : MAX_CONSTANT_BYTES);
		return !isRtp && this.constant <= mostConstant && this.values.size >= MIN_VALUES;
	}

	private addNumber(packet: Uint8Array): void {
		const number = packet[RTP_NUMBER_OFFSET] * 256 + packet[RTP_NUMBER_OFFSET + 1];
		if ((packet[0] & RTP_VERSION_MASK) === RTP_VERSION) this.likeRtp++;
		if (this.previousNumber !== undefined && number === (this.previousNumber + 1) % RTP_NUMBERS) this.following++;
		this.previousNumber = number;
	}
}

/** Duration and channels of a packet, as one number; undefined if it breaks the rules of RFC 6716, section 3.4. */
function shapeOf(packet: Uint8Array): number | undefined {
	if (packet.length === 0) return undefined;
	try {
		splitOpusPacket(packet);
		return 2 * opusPacketSamples(packet) + Number(parseOpusToc(packet[0]).stereo);
	} catch {
		return undefined;
	}
}

function* packetsIn(bytes: Uint8Array, { bytes: width, littleEndian }: Prefix): Generator<FoundPacket> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const isDca = fourCC(bytes, 0) === DCA_MAGIC && bytes.length >= DCA_HEADER_BYTES;
	let position = isDca ? DCA_HEADER_BYTES + view.getUint32(DCA_HEADER_BYTES - 4, true) : 0;
	while (position < bytes.length) {
		const start = position + width;
		if (start > bytes.length) return yield { bytes: bytes.subarray(position), isCut: true };
		const size = width === 2 ? view.getUint16(position, littleEndian) : view.getUint32(position, littleEndian);
		position = start + size;
		yield { bytes: bytes.subarray(start, position), isCut: position > bytes.length };
	}
}

/** Opus packets with nothing in between, which are refused with an explanation. */
export const unframedOpus: Container = {
	probe: looksUnframed,
	demux(): Demuxed {
		throw new VoiceNoteError(
			'unsupported',
			'This looks like Opus packets without a container: nothing marks where one ends and the next begins',
			'Set the recording program to write an Ogg (.ogg, .opus) or WebM file.',
		);
	},
};

/** The most bytes that are examined, and the fewest that are conclusive. */
const LOOKED_AT = 65_536;
const MIN_BYTES = 2_000;
/** How far above chance the frequency of the first byte must be: in standard deviations, and as a factor. */
const MIN_DEVIATION = 8;
const MIN_RATIO = 1.25;
/** How many other values may be more frequent, for example a frame count that all packets have in common. */
const MAX_MORE_FREQUENT = 2;
/** How uneven the frequencies of the other values may be (variance ÷ mean); random bytes have about 1. */
const MAX_UNEVEN = 16;

/**
 * In coded audio, all byte values are about equally frequent, except for that of the first byte of each packet, which
 * says how the packet is coded and is the same in nearly all of them. Zeros are not counted, as they may be padding.
 */
function looksUnframed(bytes: Uint8Array): boolean {
	const part = bytes.subarray(0, LOOKED_AT);
	const [first] = part;
	if (part.length < MIN_BYTES || first === 0) return false;
	const counts = new Uint32Array(256);
	for (const byte of part) counts[byte]++;
	const others = counts.filter((_, byte) => byte !== 0 && byte !== first);
	const mean = others.reduce((sum, count) => sum + count, 0) / others.length;
	if (mean === 0) return false;
	const uneven = others.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0) / others.length;
	const deviation = (counts[first] - mean) / Math.sqrt(mean);
	const moreFrequent = others.filter((count) => count > counts[first]).length;
	const isFrequent = deviation >= MIN_DEVIATION && counts[first] >= MIN_RATIO * mean;
	return isFrequent && moreFrequent <= MAX_MORE_FREQUENT && uneven <= MAX_UNEVEN;
}
