import { powerSpectrum } from './fft.cts';

/*
 * Short-time objective intelligibility (C. H. Taal et al., "An algorithm for intelligibility prediction of
 * time-frequency weighted noisy speech", 2011). The constants are those of the paper.
 */
const RATE = 10_000;
const FRAME = 256;
const HOP = 128;
const FFT_SIZE = 512;
const BANDS = 15;
const LOWEST_BAND_HZ = 150;
/** Frames per segment (384 ms). */
const SEGMENT = 30;
const DYNAMIC_RANGE_DB = 40;
/** Lower bound of the signal-to-distortion ratio, in dB. */
const CLIP_DB = -15;
const TINY = 1e-12;

function greatestCommonDivisor(a: number, b: number): number {
	return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function besselI0(x: number): number {
	let term = 1;
	let sum = 1;
	for (let k = 1; term > sum * 1e-16; k++) {
		term *= (x / (2 * k)) ** 2;
		sum += term;
	}
	return sum;
}

/** Rational resampling with a Kaiser window (beta 5) that reaches ten samples of the lower rate to each side. */
function resampleTo10kHz(samples: Float32Array, sampleRate: number): Float64Array {
	const divisor = greatestCommonDivisor(sampleRate, RATE);
	const up = RATE / divisor;
	const down = sampleRate / divisor;
	if (up === down) return Float64Array.from(samples);
	const most = Math.max(up, down);
	const half = 10 * most;
	const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
		const angle = (Math.PI * (i - half)) / most;
		const sinc = i === half ? 1 : Math.sin(angle) / angle;
		return sinc * besselI0(5 * Math.sqrt(1 - ((i - half) / half) ** 2));
	});
	const scale = up / taps.reduce((sum, tap) => sum + tap, 0);
	return Float64Array.from({ length: Math.ceil((samples.length * up) / down) }, (_, n) => {
		const centre = n * down;
		const first = Math.max(0, Math.ceil((centre - half) / up));
		const last = Math.min(samples.length - 1, Math.floor((centre + half) / up));
		let sum = 0;
		for (let i = first; i <= last; i++) sum += samples[i] * taps[centre - i * up + half];
		return sum * scale;
	});
}

/** Hann-windowed frames (a window whose zeros lie outside). */
function framesOf(samples: Float64Array): Float64Array[] {
	const window = Float64Array.from(
		{ length: FRAME },
		(_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (FRAME + 1)),
	);
	const count = Math.max(0, Math.ceil((samples.length - FRAME) / HOP));
	return Array.from({ length: count }, (_, n) => window.map((weight, i) => weight * samples[n * HOP + i]));
}

/** Amplitudes of a frame in third-octave bands. */
function thirdOctaves(frame: Float64Array): number[] {
	const powers = powerSpectrum(frame, FFT_SIZE);
	return Array.from({ length: BANDS }, (_, band) => {
		const centre = LOWEST_BAND_HZ * 2 ** (band / 3);
		let power = 0;
		for (let k = 0; k < powers.length; k++) {
			const hz = (k * RATE) / FFT_SIZE;
			if (hz >= centre * 2 ** (-1 / 6) && hz < centre * 2 ** (1 / 6)) power += powers[k];
		}
		return Math.sqrt(power);
	});
}

const norm = (values: number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

function withoutMean(values: number[]): number[] {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	return values.map((value) => value - mean);
}

/** Correlation of one band over one segment, the degraded one matched in level and clipped. */
function segmentCorrelation(clean: number[], degraded: number[]): number {
	const match = norm(clean) / (norm(degraded) + TINY);
	const limit = 1 + 10 ** (-CLIP_DB / 20);
	const clipped = degraded.map((value, i) => Math.min(value * match, clean[i] * limit));
	const a = withoutMean(clean);
	const b = withoutMean(clipped);
	return a.reduce((sum, value, i) => sum + value * b[i], 0) / (norm(a) * norm(b) + TINY);
}

/**
 * Intelligibility of `decoded` against the aligned `reference`: 1 is perfect, speech below about 0.6 is hard to
 * understand. NaN if fewer than 384 ms of the reference are not silent.
 */
export function stoi(reference: Float32Array, decoded: Float32Array, sampleRate: number): number {
	const cleanFrames = framesOf(resampleTo10kHz(reference, sampleRate));
	const degradedFrames = framesOf(resampleTo10kHz(decoded, sampleRate));
	const levels = cleanFrames.map((frame) => 20 * Math.log10(norm([...frame]) + TINY));
	const threshold = Math.max(...levels) - DYNAMIC_RANGE_DB;
	const audible = (_: unknown, i: number): boolean => levels[i] > threshold;
	const clean = cleanFrames.filter(audible).map(thirdOctaves);
	const degraded = degradedFrames.slice(0, cleanFrames.length).filter(audible).map(thirdOctaves);
	let total = 0;
	let count = 0;
	for (let end = SEGMENT; end <= clean.length; end++) {
		for (let band = 0; band < BANDS; band++) {
			const a = clean.slice(end - SEGMENT, end).map((frame) => frame[band]);
			const b = degraded.slice(end - SEGMENT, end).map((frame) => frame[band]);
			total += segmentCorrelation(a, b);
			count++;
		}
	}
	return total / count;
}
