/** PCM sources over bytes that lie in memory: interleaved samples, and codecs of fixed-size blocks. */
import type { PcmBlock, PcmSource } from '../../pcm/pcmSource';
import type { Speaker } from '../../pcm/speakers';
import { createSampleReader, type SampleFormat } from './sampleFormat';

/** Frames per PCM block: about 0.2 s, well under the 20 ms of work the pipeline allows itself at once. */
const FRAMES_PER_BLOCK = 8192;

/** A stretch of bytes that holds audio of one shape. */
export interface AudioRange {
	readonly bytes: Uint8Array;
	/** Where the audio starts in `bytes`. */
	readonly start: number;
	/** Frames (samples per channel) to yield. */
	readonly frames: number;
	readonly channels: number;
	/** In Hz. */
	readonly sampleRate: number;
	/** Speaker of each channel, where known. */
	readonly layout?: readonly Speaker[];
}

/**
 * Interleaved samples as a PCM source. The bytes are read as they are asked for, never copied.
 *
 * @throws {VoiceNoteError} `unsupported` for a sample format nobody writes.
 */
export function interleavedPcmSource(range: AudioRange, format: SampleFormat): PcmSource {
	const { bytes, start, frames, channels, sampleRate, layout } = range;
	const read = createSampleReader(format, channels);
	const frameBytes = format.bytesPerSample * channels;

	async function* blocks(): AsyncGenerator<PcmBlock> {
		for (let done = 0; done < frames; done += FRAMES_PER_BLOCK) {
			yield read(bytes, start + done * frameBytes, Math.min(FRAMES_PER_BLOCK, frames - done));
		}
	}
	return { sampleRate, channels, layout, blocks };
}

/** A codec whose stream is a row of blocks of one size (ADPCM). */
export interface BlockCodec {
	/** Bytes of a whole block, all channels. */
	readonly blockBytes: number;
	/** Frames a block of `byteLength` bytes decodes to; the last one of a file may be cut. */
	framesIn(byteLength: number): number;
	/**
	 * Makes a decoder for one run over the stream. It is given the blocks in order, the last one perhaps cut,
	 * and returns `framesIn(block.length)` frames for each, in memory that it does not use again.
	 */
	createDecoder(): (block: Uint8Array) => PcmBlock;
}

/** Frames that `byteLength` bytes of a block codec decode to. */
export function framesInBlocks(codec: BlockCodec, byteLength: number): number {
	const whole = Math.floor(byteLength / codec.blockBytes);
	return whole * codec.framesIn(codec.blockBytes) + codec.framesIn(byteLength % codec.blockBytes);
}

/** A stream of codec blocks as a PCM source; `range.frames` cuts off the last block's padding. */
export function blockPcmSource(range: AudioRange, codec: BlockCodec): PcmSource {
	const { bytes, start, frames, channels, sampleRate, layout } = range;

	async function* blocks(): AsyncGenerator<PcmBlock> {
		const decode = codec.createDecoder();
		let at = start;
		let left = frames;
		while (left > 0) {
			const group = new BlockGroup(channels);
			while (left > 0 && group.frames < FRAMES_PER_BLOCK) {
				const decoded = decode(bytes.subarray(at, at + codec.blockBytes));
				at += codec.blockBytes;
				const used = Math.min(left, decoded[0].length);
				group.add(decoded, used);
				// The bytes end before the frames: what is there goes out, and that is all.
				left = used === 0 ? 0 : left - used;
			}
			yield group.join();
		}
	}
	return { sampleRate, channels, layout, blocks };
}

/** Collects small codec blocks into one of useful size: 64 frames at a time would drown in overhead. */
class BlockGroup {
	frames = 0;

	private readonly parts: PcmBlock[] = [];

	constructor(private readonly channels: number) {}

	add(block: PcmBlock, frames: number): void {
		this.parts.push(block.map((samples) => samples.subarray(0, frames)));
		this.frames += frames;
	}

	join(): PcmBlock {
		return Array.from({ length: this.channels }, (_, channel) => {
			const samples = new Float32Array(this.frames);
			let at = 0;
			for (const part of this.parts) {
				samples.set(part[channel], at);
				at += part[channel].length;
			}
			return samples;
		});
	}
}
