import type { DecodeOptions } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
import type { AudioRequest } from '../../../nodes/Sendblue/voiceNote/containers/track';
import type { Speaker } from '../../../nodes/Sendblue/voiceNote/pcm/speakers';
import { openAudio } from '../../../nodes/Sendblue/voiceNote/pipeline/openAudio';

/** What a file was decoded to. */
export interface DecodedFile {
	sourceFormat: string;
	sampleRate: number;
	/** One array per channel. */
	channels: Float32Array[];
	/** Speaker of each channel, if the format tells. */
	layout?: readonly Speaker[];
	hints: string[];
	/** Whether the packets could be moved as they are. */
	isOpus: boolean;
}

/** Opens a file the way the conversion does, and decodes all of it. */
export async function decodeFile(
	bytes: Uint8Array,
	request: AudioRequest = {},
	options: DecodeOptions = {},
): Promise<DecodedFile> {
	const input = await openAudio(bytes, request);
	const source = input.decode(options);
	const parts = Array.from({ length: source.channels }, () => [] as Float32Array[]);
	for await (const block of source.blocks()) {
		if (block.length !== source.channels) throw new Error('A block has another number of channels than its source');
		block.forEach((samples, channel) => parts[channel].push(samples.slice()));
	}
	const { sourceFormat } = input;
	const hints = input.remarks.sentences;
	const { sampleRate, layout } = source;
	return { sourceFormat, sampleRate, layout, hints, channels: parts.map(join), isOpus: input.opus !== undefined };
}

function join(parts: Float32Array[]): Float32Array {
	const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
	let position = 0;
	for (const part of parts) {
		whole.set(part, position);
		position += part.length;
	}
	return whole;
}

/** Signal-to-noise ratio in dB over the length of the shorter one; Infinity if they are equal. */
export function snrDb(reference: Float32Array, decoded: Float32Array): number {
	const length = Math.min(reference.length, decoded.length);
	let signal = 0;
	let noise = 0;
	for (let i = 0; i < length; i++) {
		signal += reference[i] ** 2;
		noise += (reference[i] - decoded[i]) ** 2;
	}
	return 10 * Math.log10(signal / noise);
}
