/** Complex values as two arrays of one length. */
export interface Complex {
	re: Float64Array;
	im: Float64Array;
}

/** The smallest power of two that is not below `length`. */
export function powerOfTwoFrom(length: number): number {
	return 2 ** Math.ceil(Math.log2(Math.max(1, length)));
}

const twiddleTables = new Map<number, Complex>();

/** The roots of unity of the first half circle, computed once per size. */
function twiddlesOf(size: number): Complex {
	let table = twiddleTables.get(size);
	if (table === undefined) {
		table = { re: new Float64Array(size / 2), im: new Float64Array(size / 2) };
		for (let i = 0; i < size / 2; i++) {
			table.re[i] = Math.cos((2 * Math.PI * i) / size);
			table.im[i] = -Math.sin((2 * Math.PI * i) / size);
		}
		twiddleTables.set(size, table);
	}
	return table;
}

function swap(values: Float64Array, i: number, j: number): void {
	const value = values[i];
	values[i] = values[j];
	values[j] = value;
}

function swapToBitReversedOrder({ re, im }: Complex): void {
	const size = re.length;
	for (let i = 1, j = 0; i < size; i++) {
		let bit = size >> 1;
		for (; j & bit; bit >>= 1) j ^= bit;
		j ^= bit;
		if (i < j) {
			swap(re, i, j);
			swap(im, i, j);
		}
	}
}

/** Fourier transform in place (radix 2, without scaling); the length must be a power of two. */
export function fft(values: Complex): Complex {
	const { re, im } = values;
	const size = re.length;
	if (powerOfTwoFrom(size) !== size) throw new RangeError(`FFT of ${size} values: not a power of two`);
	swapToBitReversedOrder(values);
	const { re: cosines, im: sines } = twiddlesOf(size);
	for (let half = 1; half < size; half *= 2) {
		const stride = size / (2 * half);
		for (let start = 0; start < size; start += 2 * half) {
			for (let k = 0, twiddle = 0; k < half; k++, twiddle += stride) {
				const low = start + k;
				const high = low + half;
				const re2 = re[high] * cosines[twiddle] - im[high] * sines[twiddle];
				const im2 = re[high] * sines[twiddle] + im[high] * cosines[twiddle];
				re[high] = re[low] - re2;
				im[high] = im[low] - im2;
				re[low] += re2;
				im[low] += im2;
			}
		}
	}
	return values;
}

/** Fourier transform of real samples, padded with zeros to `size` (a power of two). */
export function fftOfReal(samples: ArrayLike<number>, size: number): Complex {
	const re = new Float64Array(size);
	for (let i = 0; i < samples.length; i++) re[i] = samples[i];
	return fft({ re, im: new Float64Array(size) });
}

/** Power |X|² of the bins 0 … size / 2 of real samples. */
export function powerSpectrum(samples: ArrayLike<number>, size: number): Float64Array {
	const { re, im } = fftOfReal(samples, size);
	return Float64Array.from({ length: size / 2 + 1 }, (_, i) => re[i] * re[i] + im[i] * im[i]);
}
