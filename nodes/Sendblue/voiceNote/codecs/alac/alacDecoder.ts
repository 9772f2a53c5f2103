/**
 * Apple Lossless (ALAC), written after the format Apple published with its reference implementation
 * (github.com/macosforge/alac, Apache-2.0).
 *
 * A packet is a row of elements as in AAC: single channels, pairs, and an end. Each channel is predicted by an
 * adaptive filter and its residuals are Rice-coded; a pair may be coded as a weighted sum and difference; the
 * lowest bytes of deep samples go uncoded beside.
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
/** The prediction mode that takes differences before the filter; 0 is the filter alone. */
const MODE_FILTER_ONLY = 0;

/** Speakers in the order of the elements, by the number of channels (Apple's ALACAudioTypes.h, layout tags). */
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

/** What every channel element starts with. */
interface ElementHeader {
	readonly frames: number;
	/** Lowest bits of each sample that go uncoded beside the rest: 0, 8 or 16. */
	readonly shiftedBits: number;
	/** The samples are not compressed at all. */
	readonly uncompressed: boolean;
}

/** How one channel of an element is coded. */
interface ChannelCoding {
	readonly predictor: Predictor;
	/** Factor of the cookie's adaptation speed, ÷ 4. */
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
	/** Sampling rate in Hz. */
	readonly sampleRate: number;

	/** Number of channels, 1 … 8. */
	readonly channels: number;

	/** Speaker of each channel, in the order they are coded and come out. */
	readonly layout: readonly Speaker[];

	/** Frames in a full packet. */
	readonly framesPerPacket: number;

	private readonly config: AlacConfig;

	private readonly reader = new BitReader(() => corrupt('ends too early'));

	/** Integer samples of the packet at hand, one array per channel. */
	private samples: Int32Array[];

	private readonly memory: PcmMemory;

	/**
	 * @param cookie The magic cookie: the contents of MP4's `alac` box or CAF's `kuki` chunk.
	 * @throws {VoiceNoteError} `corrupt` or `unsupported` where the cookie is no good.
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
	 * Decodes one packet: as many frames as `framesPerPacket`, the last packet fewer; they are good until the next call.
	 * Exact for up to 24 bits; 32-bit samples are rounded to Float32.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the packet cannot be decoded.
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
			if (channel + channelsInElement > this.channels) throw corrupt('has more channels than the header states');

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

	/** The number of channels an element has; those without any are read past. */
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
		if (frames > this.framesPerPacket) throw corrupt('is longer than the header states');
		if (shiftedBits >= this.config.bitDepth || shiftedBits > 16) throw corrupt('has a damaged header');
		return { frames, shiftedBits, uncompressed };
	}

	private decodeSingle(samples: Int32Array): number {
		const { reader, config } = this;
		const header = this.readElementHeader();
		if (header.uncompressed) return this.readUncompressed([samples], header);

		// Weights of a mix of channels, without meaning here.
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

		// The difference of two channels needs a bit more.
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
		if (riceLimit === 0) throw corrupt('is compressed against its header');
		const rice = {
			initialMean: riceInitialHistory,
			adaptation: (riceHistoryMult * coding.adaptationFactor) >>> 2,
			limit: riceLimit,
			escapeBits: bits,
		};
		readResiduals(this.reader, rice, samples, frames);
		undoPrediction(samples, frames, bits, coding.predictor);
	}

	/** Passes the uncoded lowest bits of an element, which lie before the rest, and returns where they start. */
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

	/** Samples in −1 … 1; what a damaged packet put beyond wraps around, as in a fixed-point decoder. */
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

/** Undoes the mix of a pair: the first channel carries the weighted sum, the second the difference. */
function unmix(left: Int32Array, right: Int32Array, frames: number, mixBits: number, mixWeight: number): void {
	for (let i = 0; i < frames; i++) {
		const difference = right[i];
		left[i] = left[i] + difference - (Math.imul(mixWeight, difference) >> mixBits);
		right[i] = left[i] - difference;
	}
}
