import { spawnSync } from 'node:child_process';
import { LoudnessMeter } from '../../../nodes/Sendblue/voiceNote/dsp/loudness';
import {
	concat,
	fadeEnds,
	noise,
	scale,
	silence,
	speechLike,
	sweep,
	tone,
	wavFloat,
} from '../../support/quality/index.cts';
import { testWithTools } from '../../support/pcm/tools.cts';

/** Integrated loudness (LUFS) and true peak (dBTP) as FFmpeg's ebur128 filter measures them. */
function ebur128(samples: Float32Array, sampleRate: number): { integratedLufs: number; truePeakDbtp: number } {
	const options = ['-hide_banner', '-nostats', '-i', 'pipe:0', '-filter:a', 'ebur128=peak=true', '-f', 'null', '-'];
	const { stderr } = spawnSync('ffmpeg', options, { input: wavFloat([samples], sampleRate), maxBuffer: 1 << 26 });
	const summary = stderr.toString().split('Summary:')[1];
	return {
		integratedLufs: Number(/I:\s+(\S+) LUFS/.exec(summary)?.[1]),
		truePeakDbtp: Number(/Peak:\s+(\S+) dBFS/.exec(summary)?.[1]),
	};
}

const signals: Record<string, (rate: number) => Float32Array> = {
	speech: (rate) => speechLike(6, rate),
	'quiet speech between pauses': (rate) => concat(silence(3, rate), scale(speechLike(5, rate), 0.05), silence(3, rate)),
	'loud and quiet speech': (rate) => concat(speechLike(4, rate), scale(speechLike(4, rate, 2), 0.1)),
	noise: (rate) => noise(4, rate, 0.5),
	sweep: (rate) => fadeEnds(sweep(30, 0.3 * rate, 5, rate, 0.8), 500),
	'a tone between the samples': (rate) => fadeEnds(tone(0.2487 * rate, 2, rate, 0.7), 500),
};

describe('LoudnessMeter against FFmpeg', () => {
	for (const rate of [8000, 24_000, 44_100]) {
		for (const [name, make] of Object.entries(signals)) {
			testWithTools(['ffmpeg'], `measures ${name} at ${rate} Hz like ebur128`, () => {
				const samples = make(rate);
				const reference = ebur128(samples, rate);
				const meter = new LoudnessMeter(rate);
				meter.push(samples);
				const { integratedLufs, truePeakDbtp } = meter.finish();
				expect(Math.abs((integratedLufs ?? NaN) - reference.integratedLufs)).toBeLessThanOrEqual(0.1);
				expect(Math.abs(truePeakDbtp - reference.truePeakDbtp)).toBeLessThanOrEqual(0.3);
			});
		}
	}
});
