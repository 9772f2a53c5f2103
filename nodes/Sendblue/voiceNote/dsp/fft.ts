/**
 * One pass of the transform: it splits `stride` interleaved transforms of `length` points into `radix` smaller ones
 * each.
 */
interface Pass {
	radix: number;
	length: number;
	stride: number;
	/** Twiddle factors e^(−2πi p t / length) for p < length / radix and t from 1 to radix − 1. */
	cosines: Float64Array;
	sines: Float64Array;
}

/**
 * Complex Fourier transform, without scaling, of a fixed length with no prime factors but 2, 3 and 5. It is Stockham's
 * form: each pass goes from one pair of arrays to another, and the result needs no reordering.
 */
class Fft {
	/** Input, real and imaginary parts; overwritten by `transform`. */
	readonly real: Float64Array;
	readonly imaginary: Float64Array;
	private readonly otherReal: Float64Array;
	private readonly otherImaginary: Float64Array;
	private readonly passes: Pass[];

	/** @param length Number of complex points. */
	constructor(length: number) {
		this.real = new Float64Array(length);
		this.imaginary = new Float64Array(length);
		this.otherReal = new Float64Array(length);
		this.otherImaginary = new Float64Array(length);
		this.passes = planPasses(length);
	}

	/** Transforms `real` and `imaginary` in place. */
	transform(): void {
		let { real, imaginary, otherReal, otherImaginary } = this;
		for (const pass of this.passes) {
			if (pass.radix === 4) radix4Pass(pass, real, imaginary, otherReal, otherImaginary);
			else if (pass.radix === 2) lastRadix2Pass(pass, real, imaginary, otherReal, otherImaginary);
			else oddPass(pass, real, imaginary, otherReal, otherImaginary);
			[real, otherReal] = [otherReal, real];
			[imaginary, otherImaginary] = [otherImaginary, imaginary];
		}
		if (real !== this.real) {
			this.real.set(real);
			this.imaginary.set(imaginary);
		}
	}
}

function planPasses(length: number): Pass[] {
	const passes: Pass[] = [];
	let stride = 1;
	let rest = length;
	// Radix 2 comes last, where it needs no twiddle factors.
	for (const radix of [4, 3, 5, 2]) {
		while (rest % radix === 0) {
			passes.push({ radix, length: rest, stride, ...twiddles(rest, radix) });
			rest /= radix;
			stride *= radix;
		}
	}
	return passes;
}

function twiddles(length: number, radix: number): { cosines: Float64Array; sines: Float64Array } {
	const steps = length / radix;
	const cosines = new Float64Array(steps * (radix - 1));
	const sines = new Float64Array(steps * (radix - 1));
	for (let p = 0; p < steps; p++) {
		for (let t = 1; t < radix; t++) {
			const angle = (-2 * Math.PI * p * t) / length;
			cosines[p * (radix - 1) + t - 1] = Math.cos(angle);
			sines[p * (radix - 1) + t - 1] = Math.sin(angle);
		}
	}
	return { cosines, sines };
}

function radix4Pass(
	{ length, stride, cosines, sines }: Pass,
	xr: Float64Array,
	xi: Float64Array,
	yr: Float64Array,
	yi: Float64Array,
): void {
	const quarter = (length / 4) * stride;
	let input = 0;
	let output = 0;
	for (let w = 0; input < quarter; w += 3, output += 3 * stride) {
		const c1 = cosines[w];
		const s1 = sines[w];
		const c2 = cosines[w + 1];
		const s2 = sines[w + 1];
		const c3 = cosines[w + 2];
		const s3 = sines[w + 2];
		for (let q = 0; q < stride; q++, input++, output++) {
			const ar = xr[input];
			const ai = xi[input];
			const br = xr[input + quarter];
			const bi = xi[input + quarter];
			const cr = xr[input + 2 * quarter];
			const ci = xi[input + 2 * quarter];
			const dr = xr[input + 3 * quarter];
			const di = xi[input + 3 * quarter];
			const sumACr = ar + cr;
			const sumACi = ai + ci;
			const sumBDr = br + dr;
			const sumBDi = bi + di;
			// a − c, and b − d times −i.
			const differenceACr = ar - cr;
			const differenceACi = ai - ci;
			const turnedBDr = bi - di;
			const turnedBDi = dr - br;
			yr[output] = sumACr + sumBDr;
			yi[output] = sumACi + sumBDi;
			const r1 = differenceACr + turnedBDr;
			const i1 = differenceACi + turnedBDi;
			yr[output + stride] = r1 * c1 - i1 * s1;
			yi[output + stride] = r1 * s1 + i1 * c1;
			const r2 = sumACr - sumBDr;
			const i2 = sumACi - sumBDi;
			yr[output + 2 * stride] = r2 * c2 - i2 * s2;
			yi[output + 2 * stride] = r2 * s2 + i2 * c2;
			const r3 = differenceACr - turnedBDr;
			const i3 = differenceACi - turnedBDi;
			yr[output + 3 * stride] = r3 * c3 - i3 * s3;
			yi[output + 3 * stride] = r3 * s3 + i3 * c3;
		}
	}
}

/** The pass of radix 2 that ends a transform: the length is down to 2. */
function lastRadix2Pass(
	{ stride }: Pass,
	xr: Float64Array,
	xi: Float64Array,
	yr: Float64Array,
	yi: Float64Array,
): void {
	for (let q = 0; q < stride; q++) {
		yr[q] = xr[q] + xr[q + stride];
		yi[q] = xi[q] + xi[q + stride];
		yr[q + stride] = xr[q] - xr[q + stride];
		yi[q + stride] = xi[q] - xi[q + stride];
	}
}

/** A pass of radix 3 or 5, by the definition of the transform. Only AAC frames of 960 samples need it. */
function oddPass(
	{ radix, length, stride, cosines, sines }: Pass,
	xr: Float64Array,
	xi: Float64Array,
	yr: Float64Array,
	yi: Float64Array,
): void {
	const steps = length / radix;
	const rootCosines = Array.from({ length: radix }, (_, k) => Math.cos((-2 * Math.PI * k) / radix));
	const rootSines = Array.from({ length: radix }, (_, k) => Math.sin((-2 * Math.PI * k) / radix));
	for (let p = 0; p < steps; p++) {
		for (let t = 0; t < radix; t++) {
			const cosine = t > 0 ? cosines[p * (radix - 1) + t - 1] : 1;
			const sine = t > 0 ? sines[p * (radix - 1) + t - 1] : 0;
			for (let q = 0; q < stride; q++) {
				let sumR = 0;
				let sumI = 0;
				for (let u = 0; u < radix; u++) {
					const input = q + stride * (p + u * steps);
					const c = rootCosines[(t * u) % radix];
					const s = rootSines[(t * u) % radix];
					sumR += xr[input] * c - xi[input] * s;
					sumI += xr[input] * s + xi[input] * c;
				}
				const output = q + stride * (radix * p + t);
				yr[output] = sumR * cosine - sumI * sine;
				yi[output] = sumR * sine + sumI * cosine;
			}
		}
	}
}

/**
 * The discrete cosine transform of type IV, X[n] = scale · Σ x[k] cos(π/N (n + ½)(k + ½)). It is the inverse MDCT
 * except that the output is not mirrored. A complex Fourier transform of length N/2 computes it.
 */
export class Dct4 {
	/** The last result. */
	readonly output: Float64Array;
	private readonly fft: Fft;
	private readonly cosines: Float64Array;
	private readonly sines: Float64Array;

	/**
	 * @param length N; even, and N/2 has no prime factors but 2, 3 and 5.
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

	/** Transforms N values, from `start` on, into `output`. */
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
