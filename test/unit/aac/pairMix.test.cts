import { AacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import { mixedToMono, standardLayout } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import type { AacConfig } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';
import { kept } from '../../support/kept.cts';

import { joinBlocks, snr } from '../../support/aac/decode.cts';
import { Random } from '../../support/random.cts';
import { randomBlocks } from '../../support/aac/randomFrames.cts';

const STEREO: AacConfig = {
	objectType: 2,
	sampleRate: 44_100,
	channelConfiguration: 2,
	channels: 2,
	layout: standardLayout(2),
	frameLength: 1_024,
	sbrPresent: false,
	psPresent: false,
};

/** Single precision keeps about 140 dB. */
const MIN_SNR = 120;

describe('stereo decoded to mono is the mean of both channels', () => {
	// Random frames change windows at every frame, in both channels alike or in each of them.
	test.each([1, 2, 3, 4, 5])('stream %d', (seed) => {
		const blocks = randomBlocks(new Random(seed), 60, 2, scalefactorBands(44_100, 1_024));
		const stereoDecoder = new AacDecoder(STEREO);
		const monoDecoder = new AacDecoder(mixedToMono(STEREO));
		const [left, right] = joinBlocks(blocks.map((block) => kept(stereoDecoder.decode(block))));
		const mono = joinBlocks(blocks.map((block) => kept(monoDecoder.decode(block))));
		expect(mono.length).toBe(1);
		expect(
			snr(
				left.map((sample, i) => (sample + right[i]) / 2),
				mono[0],
			),
		).toBeGreaterThan(MIN_SNR);
	});
});

test('other layouts are left as they are', () => {
	const mono = { ...STEREO, channels: 1, channelConfiguration: 1, layout: standardLayout(1) };
	const surround = { ...STEREO, channels: 6, channelConfiguration: 6, layout: standardLayout(6) };
	expect(mixedToMono(mono)).toBe(mono);
	expect(mixedToMono(surround)).toBe(surround);
});
