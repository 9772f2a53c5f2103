import { SampleMemory } from '../pcm/sampleMemory';
import { createSincKernel } from './kaiser';
import { SlidingWindow } from './slidingWindow';
import type { MonoStage } from './stage';

const KAISER_BETA = 9.5;
/** Half length of the kernel × width of its transition band (as a part of Nyquist) for 85 dB with this beta. */
const HALF_WIDTH_TRANSITION = 5.8;

/**
 * Halves the sampling rate with a half-band filter: every second tap is zero and the others come in equal pairs, so it
 * costs a few multiplications only. Output sample n stands exactly on input sample 2n.
 */
export class HalvingStage implements MonoStage {
	/** Largest distance of a tap from the centre; odd, as the even ones are zero. */
	private readonly reach: number;
	/** Taps at the distances 1, 3, 5 … */
	private readonly taps: Float32Array;
	private readonly window: SlidingWindow;
	private readonly memory = new SampleMemory();

	/**
	 * @param passBand Upper edge of what must come through unharmed, as a part of the Nyquist frequency of the input
	 *   (below 0.5). What would fold onto it is removed by at least 85 dB; the band between it and the new Nyquist frequency is
	 *   left to a later filter.
	 */
	constructor(passBand: number) {
		const halfWidth = Math.ceil(HALF_WIDTH_TRANSITION / (1 - 2 * passBand));
		this.reach = halfWidth | 1;
		const kernel = createSincKernel(0.5, this.reach + 1, KAISER_BETA);
		this.taps = Float32Array.from({ length: (this.reach + 1) / 2 }, (_, i) => kernel(2 * i + 1));
		const gain = 2 * this.taps.reduce((sum, tap) => sum + tap, 0);
		for (let i = 0; i < this.taps.length; i++) this.taps[i] *= 0.5 / gain;
		this.window = new SlidingWindow(this.reach);
	}

	push(block: Float32Array): Float32Array {
		this.window.append(block);
		const { data, length } = this.window;
		const { taps, reach } = this;
		const output = this.memory.take(Math.max(0, (length - 2 * reach + 1) >> 1));
		for (let n = 0; n < output.length; n++) {
			const centre = reach + 2 * n;
			let sum = 0.5 * data[centre];
			for (let i = 0, before = centre - 1, after = centre + 1; i < taps.length; i++, before -= 2, after += 2) {
				sum += taps[i] * (data[before] + data[after]);
			}
			output[n] = sum;
		}
		this.window.discard(2 * output.length);
		return output;
	}

	flush(): Float32Array {
		return this.push(new Float32Array(this.reach));
	}
}
