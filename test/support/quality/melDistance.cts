import { powerSpectrum } from './fft.cts';

const WINDOW = 512;
const HOP = WINDOW / 2;
const BANDS = 40;
const LOWEST_HZ = 80;
const HIGHEST_HZ = 11_000;
/** Frames more than 40 dB under the loudest one are left out. */
const SILENT_FRAME = 1e-4;
const POWER_FLOOR = 1e-9;

const hzToMel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);
const melToHz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);

/** Triangular filters, evenly spaced on the mel scale; one row of weights per band. */
function melFilters(sampleRate: number, highestHz: number): Float64Array[] {
	const low = hzToMel(LOWEST_HZ);
	const step = (hzToMel(highestHz) - low) / (BANDS + 1);
	const edges = Array.from({ length: BANDS + 2 }, (_, i) =>
		Math.floor(((WINDOW + 1) * melToHz(low + i * step)) / sampleRate),
	);
	return Array.from({ length: BANDS }, (_, band) => {
		const [start, centre, end] = edges.slice(band, band + 3);
		const weights = new Float64Array(WINDOW / 2 + 1);
		for (let k = start; k < centre; k++) weights[k] = (k - start) / (centre - start);
		for (let k = centre; k < end; k++) weights[k] = (end - k) / (end - centre);
		return weights;
	});
}

/** Power spectra of Hann-windowed frames that overlap by half; the signal is surrounded by zeros. */
function spectrogram(samples: Float32Array): Float64Array[] {
	const window = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));
	const scale = 1 / (WINDOW / 2) ** 2;
	const frames = Math.ceil(samples.length / HOP) + 1;
	return Array.from({ length: frames }, (_, frame) => {
		const start = frame * HOP - HOP;
		return powerSpectrum(
			window.map((weight, i) => weight * (samples[start + i] ?? 0)),
			WINDOW,
		).map((power) => power * scale);
	});
}

const bandLevels = (filters: Float64Array[], powers: Float64Array): number[] =>
	filters.map((weights) => {
		let power = POWER_FLOOR;
		for (let k = 0; k < weights.length; k++) power += weights[k] * powers[k];
		return 10 * Math.log10(power);
	});

/**
 * Mel log-spectral distance in dB: how far the levels of 40 mel bands lie apart, as the mean over the frames of the
 * root mean square over the bands. 0 is equal; 3 dB is typical of Opus speech at 24 kb/s. Gain counts: match it first.
 *
 * @param highestHz where the highest band ends
 */
export function melDistance(
	reference: Float32Array,
	decoded: Float32Array,
	sampleRate: number,
	highestHz = HIGHEST_HZ,
): number {
	const filters = melFilters(sampleRate, highestHz);
	const referenceFrames = spectrogram(reference);
	const decodedFrames = spectrogram(decoded);
	const powers = referenceFrames.map((frame) => frame.reduce((sum, power) => sum + power, 0));
	const threshold = Math.max(...powers) * SILENT_FRAME;
	let total = 0;
	let counted = 0;
	referenceFrames.forEach((frame, i) => {
		if (powers[i] <= threshold) return;
		const a = bandLevels(filters, frame);
		const b = bandLevels(filters, decodedFrames[i]);
		total += Math.sqrt(a.reduce((sum, level, band) => sum + (level - b[band]) ** 2, 0) / BANDS);
		counted++;
	});
	return counted === 0 ? 0 : total / counted;
}
