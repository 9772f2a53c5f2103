import type { PcmSource } from '../pcm/pcmSource';
import { createDownmix } from '../dsp/downmix';
import { Resampler } from '../dsp/resample';
import type { MonoStage } from '../dsp/stage';
import type { WorkSlices } from '../workSlices';
import { toInt16, wavBytes } from '../containers/wav/writeWav';
import { VoiceNoteError } from '../errors';
import { MAX_INPUT_BYTES } from '../limits';

/** Enough samples that each step has little overhead, and few enough to fit the processor's cache. */
const BLOCK_SAMPLES = 4_096;

/** Regroups decoded samples into blocks of equal length; a decoder's own blocks can be very short or very long. */
export class BlockGatherer {
	private readonly block = new Float32Array(BLOCK_SAMPLES);

	private filled = 0;

	/** Takes samples and yields the blocks that they fill; each is a borrowed buffer. */
	*push(samples: Float32Array): Generator<Float32Array> {
		for (let position = 0; position < samples.length; ) {
			const taken = samples.subarray(position, position + BLOCK_SAMPLES - this.filled);
			this.block.set(taken, this.filled);
			this.filled += taken.length;
			position += taken.length;
			if (this.filled === BLOCK_SAMPLES) yield this.flush();
		}
	}

	/** Returns the samples held back. */
	flush(): Float32Array {
		const held = this.block.subarray(0, this.filled);
		this.filled = 0;
		return held;
	}
}

/** Mono samples in blocks of any length, each a borrowed buffer. */
export type MonoStream = AsyncIterable<Float32Array>;

/**
 * Decodes, mixes down to mono and resamples, block by block.
 *
 * @param sampleRate of the result, in Hz
 */
export async function* monoStream(
	source: PcmSource,
	sampleRate: number,
	slices: WorkSlices,
): AsyncGenerator<Float32Array> {
	const downmix = createDownmix(source.layout ?? source.channels);
	const resampler = new Resampler(source.sampleRate, sampleRate);
	const gatherer = new BlockGatherer();
	for await (const block of source.blocks()) {
		for (const gathered of gatherer.push(downmix(block))) yield resampler.push(gathered);
		if (slices.due) await slices.rest();
	}
	yield resampler.push(gatherer.flush());
	yield resampler.flush();
}

/** Passes a stream through a processing stage. */
export async function* throughStage(stream: MonoStream, stage: MonoStage): AsyncGenerator<Float32Array> {
	for await (const block of stream) yield stage.push(block);
	yield stage.flush();
}

/** WAV files above the input limit are refused, since we could not read them again. */
const MAX_OUTPUT_BYTES = MAX_INPUT_BYTES;

/**
 * Collects a stream as 16-bit samples.
 *
 * @throws {VoiceNoteError} `limit` if the file would become too large, and whatever the stream throws
 */
export async function gatherInt16(audio: MonoStream, slices: WorkSlices): Promise<Int16Array[]> {
	const blocks: Int16Array[] = [];
	let samples = 0;
	for await (const block of audio) {
		samples += block.length;
		if (wavBytes(samples) > MAX_OUTPUT_BYTES) throw tooLong();
		if (block.length > 0) blocks.push(toInt16(block));
		if (slices.due) await slices.rest();
	}
	return blocks;
}

function tooLong(): VoiceNoteError {
	return new VoiceNoteError(
		'limit',
		`The decoded audio is larger than ${MAX_OUTPUT_BYTES / 1_024 / 1_024} MB`,
		'Choose Ogg instead of WAV, or cut the audio into shorter parts.',
	);
}
