import { Fft } from './fft';

/**
 * The discrete cosine transform of type IV, X[n] = scale · Σ x[k] cos(π/N (n + ½)(k + ½)), which is the
 * inverse MDCT but for mirroring its output. Computed by a complex Fourier transform of length N/2.
 */
export class Dct4 {
	/** The last result. */
	readonly output: Float64Array;
	private readonly fft: Fft;
	private readonly cosines: Float64Array;
	private readonly sines: Float64Array;

	/**
	 * @param length N, even, N/2 with no prime factors beyond 2, 3 and 5.
	 * @param scale Factor on the result.
	 */
	constructor(
		private readonly length: number,
		private readonly scale: number,
	) {
		const half = length / 2;
		this.output = new Float64Array(length);
		this.fft = new Fft(half);
		const angle = (k: number) => (-Math.PI * (k + 1 / 8)) / length;
		this.cosines = Float64Array.from({ length: half }, (_, k) => Math.cos(angle(k)));
		this.sines = Float64Array.from({ length: half }, (_, k) => Math.sin(angle(k)));
	}

	/** Transforms the N values from `start` on into `output`. */
	transform(input: Float32Array, start: number): void {
		const { length, scale, output, fft, cosines, sines } = this;
		const { real, imaginary } = fft;
		const half = length / 2;
		const last = start + length - 1;
		for (let k = 0; k < half; k++) {
			const even = input[start + 2 * k] * scale;
			const odd = input[last - 2 * k] * scale;
			real[k] = even * cosines[k] - odd * sines[k];
			imaginary[k] = even * sines[k] + odd * cosines[k];
		}
		fft.transform();
		for (let k = 0; k < half; k++) {
			output[2 * k] = real[k] * cosines[k] - imaginary[k] * sines[k];
			output[length - 1 - 2 * k] = -(real[k] * sines[k] + imaginary[k] * cosines[k]);
		}
	}
}
