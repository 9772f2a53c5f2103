import type { PcmBlock } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
import type { Speaker } from '../../../nodes/Sendblue/voiceNote/pcm/speakers';
import { AacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import { adtsFrames } from '../../../nodes/Sendblue/voiceNote/containers/adts/demuxAdts';
import { kept } from '../kept.cts';

/** What an ADTS stream decodes to. */
export interface DecodedStream {
	sampleRate: number;
	layout: readonly Speaker[];
	/** The whole audio, one array per channel. */
	pcm: PcmBlock;
}

/** Decodes an ADTS stream of one configuration with our decoder. */
export function decodeAdts(bytes: Uint8Array): DecodedStream {
	const frames = [...adtsFrames(bytes)];
	const decoder = new AacDecoder(frames[0].config);
	const blocks = frames.map(({ data, blocks: count }) => kept(decoder.decode(data, count)));
	return { sampleRate: decoder.sampleRate, layout: decoder.layout, pcm: joinBlocks(blocks) };
}

/** Puts blocks of the same channels one behind the other. */
export function joinBlocks(blocks: PcmBlock[]): PcmBlock {
	return blocks[0].map((_, channel) => {
		const joined = new Float32Array(blocks.reduce((length, block) => length + block[channel].length, 0));
		let position = 0;
		for (const block of blocks) {
			joined.set(block[channel], position);
			position += block[channel].length;
		}
		return joined;
	});
}

/** Signal to noise ratio in dB of `actual` against `expected`, over the length of the shorter. */
export function snr(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
	let signal = 0;
	let error = 0;
	for (let i = 0; i < Math.min(expected.length, actual.length); i++) {
		signal += expected[i] ** 2;
		error += (expected[i] - actual[i]) ** 2;
	}
	if (signal === 0) return error === 0 ? Infinity : -Infinity;
	return 10 * Math.log10(signal / error);
}
