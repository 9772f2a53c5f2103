/**
 * Apple Lossless (ALAC), written from the format that Apple published with its reference implementation
 * (github.com/macosforge/alac, Apache-2.0).
 *
 * A packet is a list of elements, as in AAC: single channels, channel pairs, and an end mark. An adaptive filter
 * predicts each channel, and Rice codes store what the prediction missed. A pair may be stored as a weighted sum and a
 * difference. The lowest bytes of 24- and 32-bit samples are noise that no filter predicts, so they are stored as they
 * are.
 */
import { BitReader } from '../../bits/bitReader';
import { VoiceNoteError } from '../../errors';
import type { PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import { PcmMemory } from '../../pcm/pcmSource';
import type { ChannelOrders, Speaker } from '../../pcm/speakers';
import { parseMagicCookie, type AlacConfig } from './magicCookie';
import { type Predictor, readResiduals, undoPrediction } from './residuals';

/** Element tags, 3 bits. */
const TAG_SINGLE_CHANNEL = 0;
const TAG_CHANNEL_PAIR = 1;
const TAG_LOW_FREQUENCY = 3;
const TAG_DATA_STREAM = 4;
const TAG_FILL = 6;
const TAG_END = 7;

const TAG_BITS = 3;
const INSTANCE_BITS = 4;
const UNUSED_HEADER_BITS = 12;
/** The prediction mode without a pass of differences before the filter. */
const MODE_FILTER_ONLY = 0;

/** Speakers in the order of the elements, by number of channels (Apple's ALACAudioTypes.h, layout tags). */
const LAYOUTS: ChannelOrders = {
	1: ['C'],
	2: ['L', 'R'],
	3: ['C', 'L', 'R'],
	4: ['C', 'L', 'R', 'Cs'],
	5: ['C', 'L', 'R', 'Ls', 'Rs'],
	6: ['C', 'L', 'R', 'Ls', 'Rs', 'LFE'],
	7: ['C', 'L', 'R', 'Ls', 'Rs', 'Cs', 'LFE'],
	8: ['C', 'Lc', 'Rc', 'L', 'R', 'Ls', 'Rs', 'LFE'],
};

/** The start of every channel element. */
interface ElementHeader {
	readonly frames: number;
	/** Lowest bits of each sample that are stored apart, as they are: 0, 8 or 16. */
	readonly shiftedBits: number;
	/** Whether the samples are not compressed at all. */
	readonly uncompressed: boolean;
}

/** How one channel of an element is coded. */
interface ChannelCoding {
	readonly predictor: Predictor;
	/** Multiplies the magic cookie's adaptation speed, in quarters. */
	readonly adaptationFactor: number;
}

function corrupt(what: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `A packet of Apple Lossless audio ${what}`);
}

function readChannelCoding(reader: BitReader): ChannelCoding {
	const mode = reader.read(4);
	const shift = reader.read(4);
	const adaptationFactor = reader.read(3);
	const weights = new Int16Array(reader.read(5));
	for (let tap = 0; tap < weights.length; tap++) weights[tap] = reader.readSigned(16);
	return { predictor: { differencesFirst: mode !== MODE_FILTER_ONLY, shift, weights }, adaptationFactor };
}

/** Decodes Apple Lossless packets. */
export class AlacDecoder implements PacketDecoder {
	/** Sample rate in Hz. */
	readonly sampleRate: number;

	/** Number of channels, 1 … 8. */
	readonly channels: number;

	/** Speaker of each channel, in the order of the elements and of the output. */
	readonly layout: readonly Speaker[];

	/** Sample frames in a full packet. */
	readonly framesPerPacket: number;

	private readonly config: AlacConfig;

	private readonly reader = new BitReader(() => corrupt('ends too early'));

	/** The integer samples of the current packet, one array per channel. */
	private samples: Int32Array[];

	private readonly memory: PcmMemory;

	/**
	 * @param cookie The magic cookie: the contents of MP4's `alac` box or CAF's `kuki` chunk.
	 * @throws {VoiceNoteError} `corrupt` or `unsupported` if the cookie cannot be used
	 */
	constructor(cookie: Uint8Array) {
		this.config = parseMagicCookie(cookie);
		this.sampleRate = this.config.sampleRate;
		this.channels = this.config.channels;
		this.layout = LAYOUTS[this.channels];
		this.memory = new PcmMemory(this.channels);
		this.framesPerPacket = this.config.frameLength;
		this.samples = Array.from({ length: this.channels }, () => new Int32Array(this.framesPerPacket));
	}

	/**
	 * Decodes a packet of `framesPerPacket` sample frames, or fewer in the last one, into a borrowed buffer. Exact for up
	 * to 24 bits; 32-bit samples are rounded to Float32.
	 *
	 * @throws {VoiceNoteError} `corrupt` if the packet cannot be decoded
	 */
	decode(packet: Uint8Array): PcmBlock {
		this.reader.load(packet);
		let channel = 0;
		let frames = 0;
		while (channel < this.channels) {
			const tag = this.reader.read(TAG_BITS);
			if (tag === TAG_END) break;
			const channelsInElement = this.skipOrCountChannels(tag);
			if (channelsInElement === 0) continue;
			if (channel + channelsInElement > this.channels) throw corrupt('has more channels than the header claims');

			const elementFrames =
				channelsInElement === 2
					? this.decodePair(this.samples[channel], this.samples[channel + 1])
					: this.decodeSingle(this.samples[channel]);
			if (channel > 0 && elementFrames !== frames) throw corrupt('has channels of unequal length');
			frames = elementFrames;
			channel += channelsInElement;
		}
		if (channel === 0) throw corrupt('holds no audio');
		for (const missing of this.samples.slice(channel)) missing.fill(0);
		return this.toFloats(frames);
	}

	free(): void {
		this.samples = [];
	}

	/** The number of channels in an element; one without any is skipped. */
	private skipOrCountChannels(tag: number): number {
		switch (tag) {
			case TAG_SINGLE_CHANNEL:
			case TAG_LOW_FREQUENCY:
				return 1;
			case TAG_CHANNEL_PAIR:
				return 2;
			case TAG_DATA_STREAM:
				this.skipDataStream();
				return 0;
			case TAG_FILL:
				this.skipFill();
				return 0;
			default:
				throw corrupt('holds an element that Apple Lossless does not have');
		}
	}

	private skipDataStream(): void {
		this.reader.skip(INSTANCE_BITS);
		const aligned = this.reader.read(1) === 1;
		let bytes = this.reader.read(8);
		if (bytes === 255) bytes += this.reader.read(8);
		if (aligned) this.reader.alignToByte();
		this.reader.skip(8 * bytes);
	}

	private skipFill(): void {
		let bytes = this.reader.read(4);
		if (bytes === 15) bytes += this.reader.read(8) - 1;
		this.reader.skip(8 * bytes);
	}

	private readElementHeader(): ElementHeader {
		const { reader } = this;
		reader.skip(INSTANCE_BITS);
		if (reader.read(UNUSED_HEADER_BITS) !== 0) throw corrupt('has a damaged header');
		const isPartial = reader.read(1) === 1;
		const shiftedBits = 8 * reader.read(2);
		const uncompressed = reader.read(1) === 1;
		const frames = isPartial ? reader.read(32) : this.framesPerPacket;
		if (frames > this.framesPerPacket) throw corrupt('is longer than the header claims');
		if (shiftedBits >= this.config.bitDepth || shiftedBits > 16) throw corrupt('has a damaged header');
		return { frames, shiftedBits, uncompressed };
	}

	private decodeSingle(samples: Int32Array): number {
		const { reader, config } = this;
		const header = this.readElementHeader();
		if (header.uncompressed) return this.readUncompressed([samples], header);

		// The weights for mixing two channels are irrelevant here.
		reader.skip(16);
		const coding = readChannelCoding(reader);
		const lowBits = this.skipLowBits(header, 1);
		this.decodeChannel(samples, coding, header.frames, config.bitDepth - header.shiftedBits);
		this.appendLowBits([samples], header, lowBits);
		return header.frames;
	}

	private decodePair(left: Int32Array, right: Int32Array): number {
		const { reader, config } = this;
		const header = this.readElementHeader();
		if (header.uncompressed) return this.readUncompressed([left, right], header);

		const mixBits = reader.read(8);
		const mixWeight = reader.readSigned(8);
		const codings = [readChannelCoding(reader), readChannelCoding(reader)];
		const lowBits = this.skipLowBits(header, 2);

		// The difference of two channels needs one more bit.
		const bits = config.bitDepth - header.shiftedBits + 1;
		this.decodeChannel(left, codings[0], header.frames, bits);
		this.decodeChannel(right, codings[1], header.frames, bits);
		if (mixWeight !== 0) unmix(left, right, header.frames, mixBits, mixWeight);
		this.appendLowBits([left, right], header, lowBits);
		return header.frames;
	}

	private decodeChannel(samples: Int32Array, coding: ChannelCoding, frames: number, bits: number): void {
		if (bits > 32) throw corrupt('has samples of more than 32 bits');
		const { riceHistoryMult, riceInitialHistory, riceLimit } = this.config;
		if (riceLimit === 0) throw corrupt('is compressed, which the header rules out');
		const rice = {
			initialMean: riceInitialHistory,
			adaptation: (riceHistoryMult * coding.adaptationFactor) >>> 2,
			limit: riceLimit,
			escapeBits: bits,
		};
		readResiduals(this.reader, rice, samples, frames);
		undoPrediction(samples, frames, bits, coding.predictor);
	}

	/** Skips the low bits of an element, which come before the rest, and returns their position. */
	private skipLowBits({ frames, shiftedBits }: ElementHeader, channels: number): number {
		const start = this.reader.position;
		this.reader.skip(shiftedBits * frames * channels);
		return start;
	}

	private appendLowBits(channels: Int32Array[], { frames, shiftedBits }: ElementHeader, start: number): void {
		if (shiftedBits === 0) return;
		const { reader } = this;
		const end = reader.position;
		reader.position = start;
		for (let i = 0; i < frames; i++) {
			for (const samples of channels) samples[i] = (samples[i] << shiftedBits) | reader.read(shiftedBits);
		}
		reader.position = end;
	}

	private readUncompressed(channels: Int32Array[], { frames }: ElementHeader): number {
		for (let i = 0; i < frames; i++) {
			for (const samples of channels) samples[i] = this.reader.readSigned(this.config.bitDepth);
		}
		return frames;
	}

	/** Samples in −1 … 1. Those of a damaged packet may be out of range; they wrap around as in a fixed-point decoder. */
	private toFloats(frames: number): PcmBlock {
		const unusedBits = 32 - this.config.bitDepth;
		const block = this.memory.take(frames);
		block.forEach((floats, channel) => {
			const samples = this.samples[channel];
			for (let i = 0; i < frames; i++) floats[i] = (samples[i] << unusedBits) / 0x80000000;
		});
		return block;
	}
}

/** Undoes the mix of a pair: the first channel is the weighted sum, the second the difference. */
function unmix(left: Int32Array, right: Int32Array, frames: number, mixBits: number, mixWeight: number): void {
	for (let i = 0; i < frames; i++) {
		const difference = right[i];
		left[i] = left[i] + difference - (Math.imul(mixWeight, difference) >> mixBits);
		right[i] = left[i] - difference;
	}
}
