import type { ChannelStream } from './channelStream';
import { MAX_BANDS } from './channelStream';
import { ESCAPE_CODEBOOK, NOISE_CODEBOOK, ZERO_CODEBOOK } from './huffmanTables';

/** Above the largest coefficient: 8191 from an escape sequence and four pulses of 15 at one place. */
const LARGEST_QUANTIZED = 8191 + 4 * 15;

/** Scalefactor that stands for a gain of 1 (ISO/IEC 14496-3, 4.6.2.3.3). */
const SCALEFACTOR_OFFSET = 100;

/** sign(q) |q|^(4/3) at place q + LARGEST_QUANTIZED. */
const INVERSE_QUANTIZATION = Float32Array.from({ length: 2 * LARGEST_QUANTIZED + 1 }, (_, place) => {
	const quantized = place - LARGEST_QUANTIZED;
	return Math.sign(quantized) * Math.abs(quantized) ** (4 / 3);
});

/** 2^(¼ (scalefactor − 100)) for the scalefactors 0 to 255. */
const GAINS = Float64Array.from({ length: 256 }, (_, scalefactor) => 2 ** ((scalefactor - SCALEFACTOR_OFFSET) / 4));

/**
 * Turns the quantised coefficients into the spectrum, sorted by window (ISO/IEC 14496-3, 4.6.2.3.3).
 * Bands without coefficients of their own, noise and intensity ones included, become zero.
 */
export function dequantize({ info, codebooks, scalefactors, quantized, spectrum }: ChannelStream): void {
	const { offsets, count } = info.bands;
	const windowLength = offsets[count];
	let source = 0;
	let band = 0;
	let firstWindow = 0;
	for (let group = 0; group < info.groups; group++) {
		const endWindow = firstWindow + info.groupLengths[group];
		const groupEnd = endWindow * windowLength;
		for (let sfb = 0; sfb < info.maxSfb; sfb++, band++) {
			const codebook = codebooks[band];
			const coded = codebook !== ZERO_CODEBOOK && codebook <= ESCAPE_CODEBOOK;
			const gain = coded ? GAINS[scalefactors[band]] : 0;
			const width = offsets[sfb + 1] - offsets[sfb];
			for (let start = firstWindow * windowLength + offsets[sfb]; start < groupEnd; start += windowLength) {
				if (coded) {
					for (let i = 0; i < width; i++) {
						spectrum[start + i] = INVERSE_QUANTIZATION[quantized[source + i] + LARGEST_QUANTIZED] * gain;
					}
				} else {
					spectrum.fill(0, start, start + width);
				}
				source += width;
			}
		}
		const sent = offsets[info.maxSfb];
		for (let start = firstWindow * windowLength; start < groupEnd; start += windowLength) {
			spectrum.fill(0, start + sent, start + windowLength);
		}
		source = groupEnd;
		firstWindow = endWindow;
	}
}

/** A linear congruential generator, so that the same file always decodes to the same samples. */
const MULTIPLIER = 1664525;
const INCREMENT = 1013904223;
const FIRST_SEED = 0x5eed;

/** Perceptual noise substitution (ISO/IEC 14496-3, 4.6.13): fills bands with noise of the energy sent. */
export class NoiseSubstitution {
	private seed = FIRST_SEED;
	/** The seed each band of the left channel started from. */
	private readonly leftSeeds = new Int32Array(MAX_BANDS);

	/** Fills the noise bands of a channel. */
	fill(stream: ChannelStream): void {
		forEachNoiseBand(stream, (band, start, end, continues) => {
			if (!continues) this.leftSeeds[band] = this.seed;
			this.fillBand(stream, band, start, end);
		});
	}

	/**
	 * Fills the noise bands of the right channel of a pair, right after those of the left. Where ms_used
	 * is set and both channels have noise, the right channel repeats the noise of the left.
	 */
	fillRight(left: ChannelStream, right: ChannelStream, msUsed: Uint8Array): void {
		let own = this.seed;
		forEachNoiseBand(right, (band, start, end, continues) => {
			const correlated = msUsed[band] === 1 && left.codebooks[band] === NOISE_CODEBOOK;
			if (!correlated) {
				this.seed = own;
			} else if (!continues) {
				this.seed = this.leftSeeds[band];
			}
			this.fillBand(right, band, start, end);
			if (!correlated) own = this.seed;
		});
		this.seed = own;
	}

	/** Noise over one window's part of a band, of the energy 2^(½ noise energy). */
	private fillBand({ scalefactors, spectrum }: ChannelStream, band: number, start: number, end: number): void {
		let energy = 0;
		for (let i = start; i < end; i++) {
			this.seed = (Math.imul(this.seed, MULTIPLIER) + INCREMENT) | 0;
			spectrum[i] = this.seed;
			energy += this.seed * this.seed;
		}
		const gain = 2 ** (scalefactors[band] / 4) / Math.sqrt(energy || 1);
		for (let i = start; i < end; i++) spectrum[i] *= gain;
	}
}

/**
 * Visits the noise bands window by window.
 *
 * @param visit Takes the band, its range in the spectrum, and whether it continues the band of the window before.
 */
function forEachNoiseBand(
	{ info, codebooks }: ChannelStream,
	visit: (band: number, start: number, end: number, continues: boolean) => void,
): void {
	const { offsets, count } = info.bands;
	const windowLength = offsets[count];
	let firstWindow = 0;
	for (let group = 0; group < info.groups; group++) {
		const endWindow = firstWindow + info.groupLengths[group];
		for (let sfb = 0; sfb < info.maxSfb; sfb++) {
			const band = group * info.maxSfb + sfb;
			if (codebooks[band] !== NOISE_CODEBOOK) continue;
			for (let window = firstWindow; window < endWindow; window++) {
				const start = window * windowLength;
				visit(band, start + offsets[sfb], start + offsets[sfb + 1], window > firstWindow);
			}
		}
		firstWindow = endWindow;
	}
}
