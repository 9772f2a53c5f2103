/** Decoded audio: its blocks, and those who give them. */
import type { Speaker } from './speakers';

/**
 * Decoded audio: one Float32Array per channel, all of one length, nominal range −1 … 1. It is lent: whoever gave it may
 * use its memory again for the next block, so copy what is needed longer.
 */
export type PcmBlock = Float32Array[];

/** Decoded audio that is pulled block by block, so that the whole of it is never held. */
export interface PcmSource {
	/** Sampling rate in Hz. */
	readonly sampleRate: number;
	/** Number of channels in every block, at least 1. */
	readonly channels: number;
	/** Speaker of each channel (`L`, `R`, `C`, `LFE`, `Ls`, `Rs` …), where the format tells; needed beyond stereo. */
	readonly layout?: readonly Speaker[];
	/**
	 * The audio from the start; blocks differ in length, may be empty, and are good until the next one is asked for. May be
	 * called once.
	 * Ending the iteration early releases the decoder's memory.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the data cannot be decoded.
	 */
	blocks(): AsyncIterable<PcmBlock>;
}

/** A decoder that turns one packet into PCM at a time. */
export interface PacketDecoder {
	/** Sampling rate of the output in Hz. */
	readonly sampleRate: number;
	/** Number of channels of the output. */
	readonly channels: number;
	/**
	 * Decodes one packet; the block, which is good until the next call, may be empty while the decoder primes.
	 *
	 * @throws {VoiceNoteError} `corrupt` where the packet cannot be decoded.
	 */
	decode(packet: Uint8Array): PcmBlock;
	/** Whether most of what was decoded so far lacks the upper band, which its stream codes apart. */
	readonly lacksUpperBand?: boolean;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/** What the one who asks for decoded audio needs of it. */
export interface DecodeOptions {
	/** Stereo may come as the mean of its channels, from decoders that find it with less work than both of them. */
	mono?: boolean;
}

/**
 * A block of silence.
 *
 * @param frames samples per channel; none makes the block that only lets its reader pause
 */
export function silentBlock(channels: number, frames: number): PcmBlock {
	return Array.from({ length: channels }, () => new Float32Array(frames));
}

/**
 * Memory for samples that is used for one block after the other, which spares the collector hours of audio: what `take`
 * gave before is outdated by the next call.
 */
export class SampleMemory {
	private samples = new Float32Array(0);

	/** So many samples, which still hold what was written there before. */
	take(count: number): Float32Array {
		if (count > this.samples.length) this.samples = new Float32Array(count);
		return this.samples.subarray(0, count);
	}
}

/** The same for decoded audio of several channels. */
export class PcmMemory {
	private readonly channels: SampleMemory[];

	constructor(channels: number) {
		this.channels = Array.from({ length: channels }, () => new SampleMemory());
	}

	/** A block of so many sample frames, which still hold what was written there before. */
	take(frames: number): PcmBlock {
		return this.channels.map((channel) => channel.take(frames));
	}
}
