import {
	SPEECH_SILENCE,
	SilenceDetector,
	Trim,
	type AudibleRange,
	type SilenceRule,
} from '../../../nodes/Sendblue/voiceNote/dsp/edges';
import { concat, noise, scale, silence, splitUnevenly, tone } from '../../support/quality/index.cts';
import { run, runBlocks } from './stages.cts';

const RATE = 24_000;
const PADDING = 2400;
const WINDOW = 240;

function detect(samples: Float32Array, rule?: SilenceRule): AudibleRange {
	const detector = new SilenceDetector(RATE, rule);
	detector.push(samples);
	return detector.finish();
}

const expectWithinWindow = (actual: number, expected: number): void => {
	expect(Math.abs(actual - expected)).toBeLessThanOrEqual(WINDOW);
};

describe('SilenceDetector', () => {
	it('finds the ends of the sound and keeps 100 ms around it', () => {
		const range = detect(concat(silence(1, RATE), tone(300, 2, RATE), silence(3, RATE)));
		expect(range).toEqual({ start: RATE - PADDING, end: 3 * RATE + PADDING, silent: false });
	});

	it('keeps a pause inside, however long', () => {
		const range = detect(concat(tone(300, 1, RATE), silence(60, RATE), tone(300, 1, RATE)));
		expect(range).toEqual({ start: 0, end: 62 * RATE, silent: false });
	});

	it('cuts off room noise under -50 dBFS', () => {
		const room = noise(2, RATE, 0.003);
		const range = detect(concat(room, tone(300, 1, RATE), room));
		expectWithinWindow(range.start, 2 * RATE - PADDING);
		expectWithinWindow(range.end, 3 * RATE + PADDING);
	});

	it('keeps speech that is quiet as a whole, by listening relative to its loudest part', () => {
		const range = detect(scale(concat(silence(1, RATE), tone(300, 2, RATE), silence(1, RATE)), 0.003));
		expectWithinWindow(range.start, RATE - PADDING);
		expectWithinWindow(range.end, 3 * RATE + PADDING);
	});

	it('keeps a quiet ending at -45 dBFS', () => {
		const range = detect(concat(tone(300, 1, RATE, 0.5), tone(300, 1, RATE, 0.0085), silence(1, RATE)));
		expectWithinWindow(range.end, 2 * RATE + PADDING);
	});

	it('pads at most to the ends of the recording', () => {
		expect(detect(tone(300, 0.5, RATE))).toEqual({ start: 0, end: RATE / 2, silent: false });
	});

	it('keeps all of a silent recording and says so', () => {
		expect(detect(silence(2, RATE))).toEqual({ start: 0, end: 2 * RATE, silent: true });
		expect(detect(new Float32Array(0))).toEqual({ start: 0, end: 0, silent: true });
	});

	it('sees a sound that is shorter than a window, at the very end', () => {
		const range = detect(concat(silence(1.003, RATE), tone(3000, 0.002, RATE)));
		expect(range.silent).toBe(false);
		expect(range.end).toBe(Math.round(1.003 * RATE) + 48);
		expectWithinWindow(range.start, RATE - PADDING);
	});

	it('finds the same range however the blocks are cut', () => {
		const samples = concat(silence(0.7, RATE), noise(1, RATE), silence(0.4, RATE));
		const detector = new SilenceDetector(RATE);
		for (const block of splitUnevenly(samples, 500)) detector.push(block);
		expect(detector.finish()).toEqual(detect(samples));
	});

	it('takes another threshold and padding', () => {
		const rule = { ...SPEECH_SILENCE, thresholdDbfs: -20, belowLoudestDb: 15, paddingSeconds: 0 };
		const range = detect(concat(tone(300, 1, RATE, 0.05), tone(300, 1, RATE, 0.9), tone(300, 1, RATE, 0.05)), rule);
		expectWithinWindow(range.start, RATE);
		expectWithinWindow(range.end, 2 * RATE);
	});
});

describe('Trim', () => {
	const samples = Float32Array.from({ length: 1000 }, (_, i) => i);

	it('keeps exactly the samples of the range', () => {
		expect(run(new Trim(100, 900), samples)).toEqual(samples.subarray(100, 900));
		expect(runBlocks(new Trim(100, 900), splitUnevenly(samples, 70))).toEqual(samples.subarray(100, 900));
		expect(run(new Trim(0, Infinity), samples)).toEqual(samples);
		expect(run(new Trim(2000, 3000), samples)).toHaveLength(0);
	});
});
