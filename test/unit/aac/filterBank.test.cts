import { Dct4 } from '../../../nodes/Sendblue/voiceNote/dsp/fft';
import { createOverlap, createSlopes, FilterBank } from '../../../nodes/Sendblue/voiceNote/codecs/aac/filterBank';
import { createIcsInfo, scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';

import { Random } from '../../support/random.cts';
import { snr } from '../../support/aac/decode.cts';

const FULL_SCALE = 32768;

/** The inverse MDCT by its definition: 2N samples out of N coefficients. */
function inverseMdct(coefficients: Float32Array): Float64Array {
	const count = coefficients.length;
	const cosines = Float64Array.from({ length: 8 * count }, (_, i) => Math.cos((Math.PI / (4 * count)) * i));
	return Float64Array.from({ length: 2 * count }, (_, n) => {
		let sum = 0;
		for (let k = 0; k < count; k++) {
			sum += coefficients[k] * cosines[((2 * n + 1 + count) * (2 * k + 1)) % (8 * count)];
		}
		return sum / count / FULL_SCALE;
	});
}

/** The window of one frame by the words of the standard, over 2N samples; shapes are indices into `slopes`. */
function longWindow(sequence: number, before: number, shape: number, length: number): Float64Array {
	const slopes = createSlopes(length);
	const flat = (length - length / 8) / 2;
	const shortSlope = (n: number, slope: Float32Array) => {
		if (n < flat) return 0;
		return n < flat + length / 8 ? slope[n - flat] : 1;
	};
	return Float64Array.from({ length: 2 * length }, (_, n) => {
		const mirrored = 2 * length - 1 - n;
		if (n < length) return sequence === 3 ? shortSlope(n, slopes.short[before]) : slopes.long[before][n];
		return sequence === 1 ? shortSlope(mirrored, slopes.short[shape]) : slopes.long[shape][mirrored];
	});
}

/** One frame over 2N samples, windowed, by the definition. */
function windowedFrame(spectrum: Float32Array, sequence: number, before: number, shape: number): Float64Array {
	const length = spectrum.length;
	if (sequence !== 2) {
		const window = longWindow(sequence, before, shape, length);
		return inverseMdct(spectrum).map((sample, n) => sample * window[n]);
	}
	const slopes = createSlopes(length);
	const short = length / 8;
	const sum = new Float64Array(2 * length);
	for (let w = 0; w < 8; w++) {
		const samples = inverseMdct(spectrum.subarray(w * short, (w + 1) * short));
		const start = (length - short) / 2 + w * short;
		samples.forEach((sample, n) => {
			const rising = slopes.short[w === 0 ? before : shape];
			sum[start + n] += sample * (n < short ? rising[n] : slopes.short[shape][2 * short - 1 - n]);
		});
	}
	return sum;
}

describe('windows', () => {
	test.each([1024, 960])('of frame length %i let the signal through unchanged', (frameLength) => {
		const { long, short } = createSlopes(frameLength);
		for (const slope of [...long, ...short]) {
			const deviations = slope.map((value, n) => Math.abs(value ** 2 + slope[slope.length - 1 - n] ** 2 - 1));
			expect(Math.max(...deviations)).toBeLessThan(1e-6);
		}
	});

	test('the Kaiser-Bessel derived ones have the values of the standard', () => {
		// ISO/IEC 14496-3, Tables 4.A.17 and 4.A.16: the first value of each.
		const { long, short } = createSlopes(1024);
		expect(long[1][0]).toBeCloseTo(0.00029256153896361, 9);
		expect(short[1][0]).toBeCloseTo(0.00004379570292945188, 10);
	});
});

describe('discrete cosine transform', () => {
	test.each([1024, 960, 128, 120, 8, 12, 20])('of length %i follows its definition', (length) => {
		const random = new Random(length);
		const input = Float32Array.from({ length: length + 3 }, () => random.next() - 0.5);
		const dct = new Dct4(length, 0.5);
		dct.transform(input, 3);
		const expected = Array.from({ length }, (_, n) => {
			let sum = 0;
			for (let k = 0; k < length; k++) {
				sum += input[k + 3] * Math.cos((Math.PI / length) * (n + 0.5) * (k + 0.5));
			}
			return sum / 2;
		});
		expect(snr(expected, dct.output)).toBeGreaterThan(200);
	});
});

describe('filter bank', () => {
	test.each([1024, 960])('with frames of %i follows the definition through all windows and shapes', (length) => {
		const random = new Random(length);
		const frames = [
			[0, 0],
			[0, 1],
			[1, 0],
			[2, 1],
			[2, 0],
			[3, 1],
			[1, 1],
			[2, 1],
			[3, 0],
			[0, 0],
		];
		const bank = new FilterBank(length);
		const overlap = createOverlap(length);
		const info = createIcsInfo(scalefactorBands(44100, length));
		const expected = new Float64Array((frames.length + 1) * length);
		const actual = new Float32Array(frames.length * length);
		let before = 0;
		frames.forEach(([windowSequence, windowShape], i) => {
			const spectrum = Float32Array.from({ length }, () => (random.next() - 0.5) * 1e6);
			windowedFrame(spectrum, windowSequence, before, windowShape).forEach((sample, n) => {
				expected[i * length + n] += sample;
			});
			bank.synthesize(spectrum, { ...info, windowSequence, windowShape }, overlap, actual.subarray(i * length));
			before = windowShape;
		});
		expect(snr(expected, actual)).toBeGreaterThan(120);
	});
});
