import {
	gainFor,
	highPassFilter,
	type Loudness,
	LoudnessMeter,
	shelfFilter,
	SPEECH_LOUDNESS,
} from '../../../nodes/Sendblue/voiceNote/dsp/loudness';
import {
	concat,
	fadeEnds,
	noise,
	scale,
	silence,
	speechLike,
	splitUnevenly,
	tone,
} from '../../support/quality/index.cts';

const RATE = 24_000;

function measure(samples: Float32Array, sampleRate = RATE): Loudness {
	const meter = new LoudnessMeter(sampleRate);
	meter.push(samples);
	return meter.finish();
}

describe('K-weighting', () => {
	it('has the coefficients of ITU-R BS.1770 at 48 kHz', () => {
		const shelf = shelfFilter(48_000);
		expect(shelf.b0).toBeCloseTo(1.53512485958697, 9);
		expect(shelf.b1).toBeCloseTo(-2.69169618940638, 9);
		expect(shelf.b2).toBeCloseTo(1.19839281085285, 9);
		expect(shelf.a1).toBeCloseTo(-1.69065929318241, 9);
		expect(shelf.a2).toBeCloseTo(0.73248077421585, 9);
		const highPass = highPassFilter(48_000);
		expect([highPass.b0, highPass.b1, highPass.b2]).toEqual([1, -2, 1]);
		expect(highPass.a1).toBeCloseTo(-1.99004745483398, 9);
		expect(highPass.a2).toBeCloseTo(0.99007225036621, 9);
	});
});

describe('LoudnessMeter', () => {
	it.each([8000, 11_025, 16_000, 24_000, 44_100, 48_000, 96_000])(
		'reads -3.01 LUFS for a full-scale tone of 997 Hz at %i Hz',
		(rate) => {
			expect(measure(tone(997, 3, rate, 1), rate).integratedLufs).toBeCloseTo(-3.01, 1);
		},
	);

	it('follows the gain decibel by decibel', () => {
		const speech = speechLike(4, RATE);
		const reference = measure(speech).integratedLufs ?? NaN;
		expect(measure(scale(speech, 0.1)).integratedLufs).toBeCloseTo(reference - 20, 2);
	});

	it('does not let pauses and the noise in them count (gates)', () => {
		const speech = speechLike(4, RATE);
		const reference = measure(speech).integratedLufs ?? NaN;
		const withPauses = concat(silence(8, RATE), speech, noise(8, RATE, 0.001));
		expect(Math.abs((measure(withPauses).integratedLufs ?? NaN) - reference)).toBeLessThan(0.3);
	});

	it('gates at -10 LU: half loud, half 20 dB lower reads as the loud half', () => {
		const mixed = concat(tone(997, 5, RATE, 0.5), tone(997, 5, RATE, 0.05));
		expect(Math.abs((measure(mixed).integratedLufs ?? NaN) - (-3.01 - 6.02))).toBeLessThan(0.25);
	});

	it('measures the same however the blocks are cut', () => {
		const speech = speechLike(2, 11_025);
		const meter = new LoudnessMeter(11_025);
		for (const block of splitUnevenly(speech, 300)) meter.push(block);
		const cut = meter.finish();
		const whole = measure(speech, 11_025);
		expect(cut.truePeakDbtp).toBe(whole.truePeakDbtp);
		expect(cut.integratedLufs).toBeCloseTo(whole.integratedLufs ?? NaN, 9);
	});

	it('finds the true peak between the samples', () => {
		// At a quarter of the rate and 45 degrees every sample is 3 dB below the crest of the wave.
		const wave = Float32Array.from({ length: RATE }, (_, n) => 0.5 * Math.sin((Math.PI / 2) * n + Math.PI / 4));
		const samples = fadeEnds(wave, 2400);
		expect(20 * Math.log10(Math.max(...samples))).toBeCloseTo(-9.03, 2);
		expect(measure(samples).truePeakDbtp).toBeCloseTo(-6.02, 1);
	});

	it('finds a true peak in the very last sample and in the very first', () => {
		const click = new Float32Array(2000);
		click[1999] = -0.5;
		expect(measure(click).truePeakDbtp).toBeCloseTo(-6.02, 2);
		expect(measure(click.slice().reverse()).truePeakDbtp).toBeCloseTo(-6.02, 2);
	});

	it('knows no loudness for silence, for nothing, and for less than 400 ms', () => {
		expect(measure(silence(2, RATE))).toEqual({ integratedLufs: undefined, truePeakDbtp: -Infinity });
		expect(measure(new Float32Array(0)).integratedLufs).toBeUndefined();
		expect(measure(tone(997, 0.39, RATE, 0.5)).integratedLufs).toBeUndefined();
		expect(measure(tone(997, 0.41, RATE, 0.5)).integratedLufs).toBeCloseTo(-9.03, 0);
	});
});

describe('gainFor', () => {
	it('brings loud and quiet audio to -16 LUFS', () => {
		expect(gainFor({ integratedLufs: -23, truePeakDbtp: -3 })).toBeCloseTo(7, 9);
		expect(gainFor({ integratedLufs: -8, truePeakDbtp: 0.5 })).toBeCloseTo(-8, 9);
	});

	it('gives at most 30 dB', () => {
		expect(gainFor({ integratedLufs: -60, truePeakDbtp: -45 })).toBe(30);
	});

	it('brings short audio to the peak ceiling', () => {
		expect(gainFor({ truePeakDbtp: -11.5 })).toBeCloseTo(10, 9);
		expect(gainFor({ truePeakDbtp: 0.5 })).toBeCloseTo(-2, 9);
	});

	it('leaves silence alone', () => {
		expect(gainFor({ truePeakDbtp: -Infinity })).toBe(0);
		expect(gainFor({ truePeakDbtp: -75 })).toBe(0);
		expect(gainFor({ integratedLufs: -69, truePeakDbtp: -71 })).toBe(0);
	});

	it('takes another target', () => {
		const target = { ...SPEECH_LOUDNESS, integratedLufs: -20 };
		expect(gainFor({ integratedLufs: -23, truePeakDbtp: -3 }, target)).toBeCloseTo(3, 9);
	});
});
