import type { ChannelStream } from './channelStream';
import { ESCAPE_CODEBOOK, ZERO_CODEBOOK } from './codebookNumbers';

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
