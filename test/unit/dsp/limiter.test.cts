import { createLeveller, Gain, Limiter } from '../../../nodes/Sendblue/voiceNote/dsp/leveller';
import { LoudnessMeter, SPEECH_LOUDNESS, type Loudness } from '../../../nodes/Sendblue/voiceNote/dsp/loudness';
import {
	compareAudio,
	noise,
	peak,
	rms,
	scale,
	speechLike,
	splitUnevenly,
	tone,
} from '../../support/quality/index.cts';
import { run, runBlocks } from './stages.cts';

const RATE = 24_000;
const CEILING = -1.5;

function measure(samples: Float32Array): Loudness {
	const meter = new LoudnessMeter(RATE);
	meter.push(samples);
	return meter.finish();
}

describe('Limiter', () => {
	it('passes what stays under the ceiling unchanged, in time and in length', () => {
		const speech = speechLike(1, RATE);
		expect(run(new Limiter(RATE, CEILING), speech)).toEqual(speech);
	});

	it.each([0, 1, 5, 100, 131, 132, 133, 5000])('returns as many samples as it takes (%i)', (length) => {
		const input = noise(1, RATE, 2).subarray(0, length);
		expect(run(new Limiter(RATE, CEILING), input)).toHaveLength(length);
	});

	it.each([
		['speech 20 dB too loud', scale(speechLike(3, RATE), 10)],
		['noise 12 dB too loud', noise(1, RATE, 4)],
		['a tone between the samples', tone(5990, 1, RATE, 1.4)],
		['a single click', new Float32Array(3000).fill(8, 1500, 1501)],
		['a loud start', tone(200, 0.5, RATE, 3)],
	])('keeps the true peak of %s under the ceiling', (_, input) => {
		const output = run(new Limiter(RATE, CEILING), input);
		expect(measure(input).truePeakDbtp).toBeGreaterThan(CEILING + 2);
		expect(measure(output).truePeakDbtp).toBeLessThan(CEILING + 0.2);
		expect(measure(output).truePeakDbtp).toBeGreaterThan(CEILING - 1.5);
		expect(20 * Math.log10(peak(output))).toBeLessThan(CEILING + 0.001);
	});

	it('turns down only around the peak', () => {
		const input = tone(300, 2, RATE, 0.1);
		input[24_000] = 2;
		const output = run(new Limiter(RATE, CEILING), input);
		expect(output.subarray(0, 23_700)).toEqual(input.subarray(0, 23_700));
		expect(rms(output.subarray(23_900, 24_000)) / rms(input.subarray(23_900, 24_000))).toBeLessThan(0.9);
		const recovered = rms(output.subarray(36_000)) / rms(input.subarray(36_000));
		expect(Math.abs(20 * Math.log10(recovered))).toBeLessThan(0.05);
	});

	it('gives the same samples however the blocks are cut', () => {
		const input = scale(speechLike(1, RATE), 4);
		const whole = run(new Limiter(RATE, CEILING), input);
		expect(runBlocks(new Limiter(RATE, CEILING), splitUnevenly(input, 90))).toEqual(whole);
	});

	it('does not change its input', () => {
		const input = noise(0.1, RATE, 3);
		const copy = input.slice();
		run(new Limiter(RATE, CEILING), input);
		expect(input).toEqual(copy);
	});
});

describe('createLeveller', () => {
	it('brings quiet speech with a high peak to -16 LUFS, intelligible and in time', () => {
		const quiet = scale(speechLike(4, RATE), 0.15);
		const speech = quiet.slice();
		speech[70_000] = 0.9;
		const output = run(createLeveller(measure(speech), RATE), speech);
		const result = measure(output);
		expect(measure(speech).integratedLufs).toBeLessThan(-30);
		expect(Math.abs((result.integratedLufs ?? NaN) + 16)).toBeLessThan(1);
		expect(result.truePeakDbtp).toBeLessThan(CEILING + 0.2);
		const compared = compareAudio(quiet, output, RATE);
		expect(compared).toMatchObject({ lagSamples: 0, lengthRatio: 1, clipped: false, silent: false });
		expect(compared.stoi).toBeGreaterThan(0.98);
	});

	it('only scales if the peaks allow it', () => {
		const speech = speechLike(3, RATE);
		const target = { ...SPEECH_LOUDNESS, integratedLufs: -30 };
		const leveller = createLeveller(measure(speech), RATE, target);
		expect(leveller).toBeInstanceOf(Gain);
		expect(measure(run(leveller, speech)).integratedLufs).toBeCloseTo(-30, 1);
	});

	it('brings audio under 400 ms to the peak ceiling', () => {
		const output = run(createLeveller(measure(tone(500, 0.3, RATE, 0.1)), RATE), tone(500, 0.3, RATE, 0.1));
		expect(Math.abs(measure(output).truePeakDbtp - CEILING)).toBeLessThan(0.2);
	});

	it('leaves silence silent', () => {
		const hush = new Float32Array(RATE);
		expect(run(createLeveller(measure(hush), RATE), hush)).toEqual(hush);
	});
});

describe('Gain', () => {
	it('multiplies by the decibels given', () => {
		const input = noise(0.1, RATE);
		const output = run(new Gain(-6), input);
		expect(20 * Math.log10(rms(output) / rms(input))).toBeCloseTo(-6, 4);
		expect(output).not.toBe(input);
	});
});
