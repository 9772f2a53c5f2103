import { powerSpectrum } from './fft.cts';

const DEFAULT_WINDOW = 2048;

/**
 * Mean power per sample in frequency bands, in dB (a full-scale sine gives -3 dB).
 *
 * @param edges Ascending frequencies in Hz; band i reaches from edge i to edge i + 1.
 * @param length Samples of a window, a power of two. Levels at two rates compare best with windows of the same time.
 */
export function bandLevels(
	samples: Float32Array,
	sampleRate: number,
	edges: readonly number[],
	length = DEFAULT_WINDOW,
): number[] {
	const window = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
	const windowPower = window.reduce((sum, weight) => sum + weight * weight, 0);
	const powers = new Float64Array(edges.length - 1);
	let frames = 0;
	for (let start = 0; start === 0 || start + length <= samples.length; start += length / 2) {
		const frame = window.map((weight, i) => weight * (samples[start + i] ?? 0));
		powerSpectrum(frame, length).forEach((power, k) => {
			const hz = (k * sampleRate) / length;
			const band = edges.findIndex((edge, i) => hz >= edge && hz < edges[i + 1]);
			if (band >= 0) powers[band] += (2 * power) / (length * windowPower);
		});
		frames++;
	}
	return Array.from(powers, (power) => 10 * Math.log10(power / frames));
}
