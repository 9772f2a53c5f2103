import { Resampler } from '../../../nodes/Sendblue/voiceNote/dsp/resample';
import {
	compareAudio,
	measureTone,
	noise,
	peak,
	rms,
	silence,
	speechLike,
	splitUnevenly,
	sweep,
	toDecibels,
	tone,
} from '../../support/quality/index.cts';
import { run, runBlocks } from './stages.cts';

const OUTPUT_RATE = 24_000;
const COMMON_RATES = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];
/** The lowest rate, and ratios to 24 kHz with thousands of phases. */
const AWKWARD_RATES = [4000, 5512, 44_056, 95_999];
const ALL_RATES = [...COMMON_RATES, ...AWKWARD_RATES];

/** A signal without its first and last 40 ms at 24 kHz, if the filter sees the ends. */
const middle = (samples: Float32Array): Float32Array => samples.subarray(960, samples.length - 960);

const resampledTone = (frequency: number, inputRate: number): Float32Array =>
	middle(run(new Resampler(inputRate, OUTPUT_RATE), tone(frequency, 0.15, inputRate, 1)));

describe('Resampler', () => {
	it.each(ALL_RATES)('keeps tones up to 10 kHz from %i Hz within 0.1 dB, with all else below -80 dB', (rate) => {
		const highest = Math.min(10_000, 0.45 * rate);
		for (const part of [0.01, 0.1, 0.31, 0.62, 0.83, 0.95, 1]) {
			const frequency = highest * part;
			const { amplitude, residualDb } = measureTone(resampledTone(frequency, rate), frequency, OUTPUT_RATE);
			expect(Math.abs(toDecibels(amplitude))).toBeLessThan(0.1);
			expect(residualDb).toBeLessThan(-80);
		}
	});

	it.each(ALL_RATES.filter((rate) => rate > OUTPUT_RATE))('removes what 24 kHz cannot carry from %i Hz', (rate) => {
		for (const part of [0, 0.01, 0.03, 0.1, 0.3, 0.5, 0.75, 0.99]) {
			const frequency = 12_000 + part * (rate / 2 - 12_000);
			expect(toDecibels(rms(resampledTone(frequency, rate)) * Math.SQRT2)).toBeLessThan(-80);
		}
	});

	it.each([8000, 11_025, 16_000, 22_050])('makes no images of the uppermost tones of %i Hz', (rate) => {
		for (const part of [0.4, 0.45, 0.47, 0.49]) {
			const { amplitude, residualDb } = measureTone(resampledTone(part * rate, rate), part * rate, OUTPUT_RATE);
			expect(toDecibels(amplitude) + residualDb).toBeLessThan(-80);
		}
	});

	it.each(ALL_RATES)('compensates the delay from %i Hz to less than a hundredth of a sample', (rate) => {
		const frequency = 1000;
		const { phase } = measureTone(
			run(new Resampler(rate, OUTPUT_RATE), tone(frequency, 0.2, rate, 1)),
			frequency,
			OUTPUT_RATE,
		);
		const delaySamples = ((-Math.PI / 2 - phase) / (2 * Math.PI)) * (OUTPUT_RATE / frequency);
		expect(Math.abs(delaySamples)).toBeLessThan(0.01);
	});

	it.each(ALL_RATES)('puts out exactly round(length × 24000 ÷ %i) samples', (rate) => {
		for (const length of [0, 1, 3, 8, 1153]) {
			const output = run(new Resampler(rate, OUTPUT_RATE), new Float32Array(length));
			expect(output).toHaveLength(Math.round((length * OUTPUT_RATE) / rate));
		}
	});

	it.each(ALL_RATES)('gives the same samples from %i Hz however the blocks are cut', (rate) => {
		const input = noise(0.1, rate);
		const whole = run(new Resampler(rate, OUTPUT_RATE), input);
		expect(runBlocks(new Resampler(rate, OUTPUT_RATE), splitUnevenly(input, 700))).toEqual(whole);
		expect(runBlocks(new Resampler(rate, OUTPUT_RATE), splitUnevenly(input, 3))).toEqual(whole);
	});

	it('brings speech up to 48 kHz and back unharmed', () => {
		const speech = speechLike(2, OUTPUT_RATE);
		const there = run(new Resampler(OUTPUT_RATE, 48_000), speech);
		const back = run(new Resampler(48_000, OUTPUT_RATE), there);
		const { lagSamples, gainDb, siSdrDb, stoi, clipped } = compareAudio(speech, back, OUTPUT_RATE);
		expect(lagSamples).toBe(0);
		expect(Math.abs(gainDb)).toBeLessThan(0.01);
		expect(siSdrDb).toBeGreaterThan(25);
		expect(stoi).toBeGreaterThan(0.999);
		expect(clipped).toBe(false);
	});

	it('keeps a sweep in time from beginning to end', () => {
		const input = sweep(50, 9500, 2, 44_100, 0.9);
		const output = run(new Resampler(44_100, OUTPUT_RATE), input);
		const expected = sweep(50, 9500, 2, OUTPUT_RATE, 0.9);
		const error = output.subarray(500, 46_000).map((sample, i) => sample - expected[i + 500]);
		expect(toDecibels(rms(error) / rms(expected))).toBeLessThan(-60);
	});

	it('keeps a constant constant', () => {
		for (const rate of ALL_RATES) {
			const output = middle(run(new Resampler(rate, OUTPUT_RATE), new Float32Array(rate >> 2).fill(0.5)));
			expect(peak(output.map((sample) => sample - 0.5))).toBeLessThan(1e-4);
		}
	});

	it('passes audio of the same rate without a copy', () => {
		const block = noise(0.1, OUTPUT_RATE);
		const resampler = new Resampler(OUTPUT_RATE, OUTPUT_RATE);
		expect(resampler.push(block)).toBe(block);
		expect(resampler.flush()).toHaveLength(0);
	});

	it('does not change its input', () => {
		const block = noise(0.1, 44_100);
		const copy = block.slice();
		run(new Resampler(44_100, OUTPUT_RATE), block);
		expect(block).toEqual(copy);
	});

	it('leaves silence silent', () => {
		expect(rms(run(new Resampler(44_100, OUTPUT_RATE), silence(0.5, 44_100)))).toBe(0);
	});

	it.each([0, -8000, 999, 768_001, 44_100.5, NaN, Infinity])('refuses a sampling rate of %p Hz', (rate) => {
		expect(() => new Resampler(rate, OUTPUT_RATE)).toThrow(
			expect.objectContaining({ name: 'VoiceNoteError', code: 'unsupported' }),
		);
	});
});
