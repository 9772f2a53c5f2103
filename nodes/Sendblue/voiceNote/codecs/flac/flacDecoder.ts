/** FLAC (RFC 9639): a lossless codec. A stream is a series of frames that do not depend on each other. */
import { BitReader } from '../../bits/bitReader';
import { VoiceNoteError } from '../../errors';
import type { PacketDecoder, PcmBlock, PcmSource } from '../../pcm/pcmSource';
import { PcmMemory, silentBlock } from '../../pcm/pcmSource';
import { WAVE_CHANNEL_ORDERS } from '../../pcm/speakers';
import type { CodecStream, OnDamage } from '../packetSource';
import {
	corruptFrame,
	crc16,
	type FlacFrameHeader,
	type FlacStreamInfo,
	parseFrameHeader,
	type StereoCoding,
} from './flacHeaders';
import { readSubframe } from './subframe';

const CHECKSUM_BYTES = 2;

/** FLAC in packets of one frame each, as MP4, Matroska and Ogg carry it. */
export function flacStream(info: FlacStreamInfo): CodecStream {
	const { sampleRate, channels } = info;
	return {
		codecName: 'FLAC',
		sampleRate,
		channels,
		layout: WAVE_CHANNEL_ORDERS[channels],
		createDecoder: () => new FlacDecoder(info),
	};
}

/** Decodes FLAC frames. */
class FlacDecoder implements PacketDecoder {
	readonly sampleRate: number;

	readonly channels: number;

	private readonly reader = new BitReader(() => corruptFrame('ends too early'));

	/** The integer samples of the current frame, one array per channel. */
	private samples: Float64Array[];

	private readonly memory: PcmMemory;

	constructor(private readonly info: FlacStreamInfo) {
		this.sampleRate = info.sampleRate;
		this.channels = info.channels;
		this.memory = new PcmMemory(info.channels);
		this.samples = Array.from({ length: info.channels }, () => new Float64Array(info.maxBlockFrames));
	}

	/** Decodes a packet of one frame. Exact for up to 24 bits; 32-bit samples are rounded to Float32. */
	decode(packet: Uint8Array): PcmBlock {
		return this.decodeAt(packet, 0).block;
	}

	/**
	 * Decodes the frame that begins at an offset.
	 *
	 * @returns what the header says, the audio in a borrowed buffer, and the offset at which the frame ends
	 * @throws {VoiceNoteError} `corrupt` if no frame begins there or its checksum is wrong
	 */
	decodeAt(bytes: Uint8Array, start: number): { header: FlacFrameHeader; block: PcmBlock; end: number } {
		const header = parseFrameHeader(bytes, start, this.info);
		if (!header) throw corruptFrame('has no valid header');
		if (header.channels !== this.channels) throw corruptFrame('has a different number of channels than the stream');
		this.readChannels(bytes, start, header);
		this.reader.alignToByte();
		const end = start + header.headerBytes + this.reader.byteOffset;
		const checksum = this.reader.read(8 * CHECKSUM_BYTES);
		if (crc16(bytes, start, end) !== checksum) throw corruptFrame('has a wrong checksum');
		return { header, block: this.toFloats(header), end: end + CHECKSUM_BYTES };
	}

	free(): void {
		this.samples = [];
	}

	private readChannels(bytes: Uint8Array, start: number, header: FlacFrameHeader): void {
		const { blockFrames, stereo, bitsPerSample } = header;
		if (this.samples[0].length < blockFrames) this.samples = this.samples.map(() => new Float64Array(blockFrames));
		this.reader.loadFrom(bytes, start + header.headerBytes);
		this.samples.forEach((samples, channel) => {
			readSubframe(this.reader, bitsPerSample + (isSide(stereo, channel) ? 1 : 0), samples, blockFrames);
		});
		const [first, second] = this.samples;
		if (stereo !== 'independent') undoStereo(stereo, first, second, blockFrames);
	}

	private toFloats({ blockFrames, bitsPerSample }: FlacFrameHeader): PcmBlock {
		const scale = 2 ** (1 - bitsPerSample);
		const block = this.memory.take(blockFrames);
		block.forEach((floats, channel) => {
			const samples = this.samples[channel];
			for (let i = 0; i < blockFrames; i++) floats[i] = samples[i] * scale;
		});
		return block;
	}
}

/** Whether a channel holds the side signal, left − right, which needs one bit more than either of them. */
function isSide(stereo: StereoCoding, channel: number): boolean {
	if (stereo === 'independent') return false;
	return channel === (stereo === 'sideRight' ? 0 : 1);
}

/** Turns the two channels of a joint coding into left and right, in place (section 4.2). */
function undoStereo(stereo: StereoCoding, first: Float64Array, second: Float64Array, frames: number): void {
	for (let i = 0; i < frames; i++) {
		if (stereo === 'leftSide') {
			second[i] = first[i] - second[i];
		} else if (stereo === 'sideRight') {
			first[i] += second[i];
		} else {
			const side = second[i];
			// The mid is half the sum, rounded down. Sum and side are both even or both odd, so the side has the lost bit.
			const sum = 2 * first[i] + Math.abs(side % 2);
			first[i] = (sum + side) / 2;
			second[i] = (sum - side) / 2;
		}
	}
}

/** After this many damaged frames the rest is given up, as each may take as long to decode as a whole frame. */
const MAX_DAMAGED_FRAMES = 1_000;

/** A larger jump in the frames' numbers is not a loss but a different way of counting. */
const MAX_LOST_SECONDS = 3_600;

/**
 * FLAC as in native files: consecutive frames with nothing between them. The end of a frame is known only once it is
 * decoded. Damage is skipped up to the next frame.
 *
 * @param packets runs of frames
 * @param onDamage called with the seconds missing between two frames, by their numbers
 */
export function flacFramesSource(
	info: FlacStreamInfo,
	packets: () => Iterable<Uint8Array>,
	onDamage: OnDamage,
): PcmSource {
	const { sampleRate, channels, layout } = flacStream(info);
	async function* blocks(): AsyncGenerator<PcmBlock> {
		let frames = 0;
		let gaps = 0;
		const onLost = (lost: number): void => {
			if (lost <= MAX_LOST_SECONDS * sampleRate) onDamage(lost / sampleRate, frames / sampleRate);
		};
		for (const bytes of packets()) {
			for (const block of flacBlocks(bytes, info, () => gaps++, onLost)) {
				frames += block[0].length;
				yield block;
			}
		}
		if (frames === 0 && gaps > 0) throw nothingDecoded();
	}
	return { sampleRate, channels, layout, blocks };
}

function nothingDecoded(): VoiceNoteError {
	return new VoiceNoteError('corrupt', 'The FLAC audio is damaged: no frame can be decoded', 'Export it again.');
}

/**
 * Decodes a run of frames. For each gap it yields an empty block, so that the caller can pause there too.
 *
 * @param onLost called with the sample frames that are missing between two frames, by their numbers
 */
function* flacBlocks(
	bytes: Uint8Array,
	info: FlacStreamInfo,
	onGap: () => void,
	onLost: (frames: number) => void,
): Generator<PcmBlock> {
	const decoder = new FlacDecoder(info);
	let position: number | undefined = 0;
	let expected: number | undefined;
	let gaps = 0;
	while (position !== undefined && position < bytes.length) {
		const decoded = tryDecode(decoder, bytes, position);
		if (decoded) {
			const begin = decoded.header.countsSamples ? decoded.header.number : decoded.header.number * info.maxBlockFrames;
			if (expected !== undefined && begin > expected) onLost(begin - expected);
			expected = begin + decoded.header.blockFrames;
			yield decoded.block;
			position = decoded.end;
			continue;
		}
		onGap();
		if (++gaps > MAX_DAMAGED_FRAMES) return;
		yield silentBlock(info.channels, 0);
		position = nextFrame(bytes, position + 1, info);
	}
}

function tryDecode(decoder: FlacDecoder, bytes: Uint8Array, position: number) {
	try {
		return decoder.decodeAt(bytes, position);
	} catch {
		// Damage, a tag at the end, or a file that was cut short.
		return undefined;
	}
}

function nextFrame(bytes: Uint8Array, from: number, info: FlacStreamInfo): number | undefined {
	for (let position = bytes.indexOf(0xff, from); position >= 0; position = bytes.indexOf(0xff, position + 1)) {
		if (parseFrameHeader(bytes, position, info)) return position;
	}
	return undefined;
}
