/** Decoded audio: its blocks, and what produces them. */
import type { Speaker } from './speakers';

/**
 * Decoded audio: one Float32Array per channel, all of the same length, nominal range −1 … 1. It is a borrowed buffer:
 * its owner may use the memory again for the next block, so copy what you keep longer.
 */
export type PcmBlock = Float32Array[];

/** Decoded audio that is pulled block by block, so that it is never entirely in memory. */
export interface PcmSource {
	/** Sample rate in Hz. */
	readonly sampleRate: number;
	/** Number of channels in every block, at least 1. */
	readonly channels: number;
	/** Speaker of each channel, if the format says; without it, a mix to mono is the average of all channels. */
	readonly layout?: readonly Speaker[];
	/**
	 * The audio from the start, in borrowed buffers. Blocks differ in length and may be empty. Call once. Ending the
	 * iteration early releases the decoder's memory.
	 *
	 * @throws {VoiceNoteError} `corrupt` if the data cannot be decoded
	 */
	blocks(): AsyncIterable<PcmBlock>;
}

/** A decoder that takes one packet at a time. */
export interface PacketDecoder {
	/** Sample rate of the output in Hz. */
	readonly sampleRate: number;
	/** Number of channels of the output. */
	readonly channels: number;
	/**
	 * Decodes one packet into a borrowed buffer, which may be empty while the decoder primes.
	 *
	 * @throws {VoiceNoteError} `corrupt` if the packet cannot be decoded
	 */
	decode(packet: Uint8Array): PcmBlock;
	/** Whether most of the audio so far lacks the upper band, which HE-AAC codes separately. */
	readonly lacksUpperBand?: boolean;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/** What the caller needs of decoded audio. */
export interface DecodeOptions {
	/** Stereo may be returned as the mean of its channels if that is less work for the decoder. */
	mono?: boolean;
	/** The second channel of stereo is returned inverted. */
	inverted?: boolean;
}

/**
 * A block of silence.
 *
 * @param frames samples per channel; 0 for an empty block, at which the caller can pause
 */
export function silentBlock(channels: number, frames: number): PcmBlock {
	return Array.from({ length: channels }, () => new Float32Array(frames));
}

/**
 * Memory that is reused for every block of samples, so that hours of audio leave no garbage. `take` returns a borrowed
 * buffer.
 */
export class SampleMemory {
	private samples = new Float32Array(0);

	/** Room for `count` samples, with whatever was written there before. */
	take(count: number): Float32Array {
		if (count > this.samples.length) this.samples = new Float32Array(count);
		return this.samples.subarray(0, count);
	}
}

/** As {@link SampleMemory}, for blocks of several channels. */
export class PcmMemory {
	private readonly channels: SampleMemory[];

	constructor(channels: number) {
		this.channels = Array.from({ length: channels }, () => new SampleMemory());
	}

	/** A block of `frames` sample frames, with whatever was written there before. */
	take(frames: number): PcmBlock {
		return this.channels.map((channel) => channel.take(frames));
	}
}
