import { toInt16, wavBytes } from '../containers/wav/writeWav';
import { VoiceNoteError } from '../errors';
import { MAX_INPUT_BYTES } from '../limits';
import type { WorkSlices } from '../workSlices';
import type { MonoStream } from './monoStream';

/** PCM files are refused above the size that is read back. */
const MAX_OUTPUT_BYTES = MAX_INPUT_BYTES;

/**
 * Gathers a stream as 16-bit samples.
 *
 * @throws {VoiceNoteError} `limit` where the file would become too large, and whatever the stream throws
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
