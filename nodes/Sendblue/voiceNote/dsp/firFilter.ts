/**
 * Building blocks of filters with a finite impulse response. Their kernels are windowed sincs: the ideal low-pass
 * filter, faded out by a Kaiser window (J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window
 * function", 1974).
 */

/** The modified Bessel function of the first kind and order 0, by its power series. */
export function besselI0(x: number): number {
	const quarterSquare = (x * x) / 4;
	let term = 1;
	let sum = 1;
	for (let k = 1; term > sum * 1e-17; k++) {
		term *= quarterSquare / (k * k);
		sum += term;
	}
	return sum;
}

/** A continuous filter kernel: its value at a distance, in samples, from the center. */
export type Kernel = (distance: number) => number;

/**
 * A Kaiser-windowed sinc; zero from `halfWidth` on.
 *
 * @param cutoff The −6 dB point, as a fraction of the Nyquist frequency of the samples it is applied to (0 … 1).
 * @param halfWidth Half the length of the kernel in samples.
 * @param beta Shape of the window: 8 gives about 81 dB of stop-band attenuation, 9 about 90 dB.
 */
export function createSincKernel(cutoff: number, halfWidth: number, beta: number): Kernel {
	const windowScale = 1 / besselI0(beta);
	return (distance) => {
		const place = distance / halfWidth;
		if (Math.abs(place) >= 1) return 0;
		const window = besselI0(beta * Math.sqrt(1 - place * place)) * windowScale;
		const angle = Math.PI * cutoff * distance;
		return cutoff * (Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle) * window;
	};
}

/** The most recent samples in one piece: new ones are added at the end, old ones are dropped at the start. */
export class SlidingWindow {
	/** The samples are at 0 … `length` − 1; anything after them is meaningless. `append` may replace the array. */
	data: Float32Array;
	/** Number of samples held. */
	length: number;

	/** @param leadingZeros Zeros before the first sample, for filters that look back. */
	constructor(leadingZeros = 0) {
		this.data = new Float32Array(leadingZeros + 1024);
		this.length = leadingZeros;
	}

	/** Adds samples at the end. */
	append(block: Float32Array): void {
		const length = this.length + block.length;
		if (length > this.data.length) {
			const larger = new Float32Array(length * 2);
			larger.set(this.data.subarray(0, this.length));
			this.data = larger;
		}
		this.data.set(block, this.length);
		this.length = length;
	}

	/** Drops `count` samples at the start, or all if there are fewer. */
	discard(count: number): void {
		this.data.copyWithin(0, count, this.length);
		this.length = Math.max(0, this.length - count);
	}
}
