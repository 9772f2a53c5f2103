import type { ChannelStream } from './channelStream';
import type { FilterBank, OverlapState } from './filterBank';

/**
 * Turns the spectra of a pair of channels into samples of their mean. Where both have the same windows, as nearly all
 * frames do, the spectra are mixed instead of the samples, which saves one of two transforms.
 *
 * @param streams The pair; its spectra are overwritten.
 * @param overlaps What is carried over: by the mix and the left channel in the first, by the right one in the second.
 * @param out Takes a frame of samples.
 */
export function synthesizeMix(
	filterBank: FilterBank,
	[left, right]: ChannelStream[],
	overlaps: OverlapState[],
	out: Float32Array,
): void {
	const [mixOverlap, rightOverlap] = overlaps;
	if (haveSameWindows(left, right) && mixOverlap.windowShape === rightOverlap.windowShape) {
		const spectrum = left.spectrum;
		for (let i = 0; i < spectrum.length; i++) spectrum[i] = (spectrum[i] + right.spectrum[i]) / 2;
		filterBank.synthesize(spectrum, left.info, mixOverlap, out);
		addTo(out, rightOverlap.samples);
		rightOverlap.samples.fill(0);
		rightOverlap.windowShape = mixOverlap.windowShape;
		return;
	}
	const rightSamples = new Float32Array(out.length);
	filterBank.synthesize(halved(left.spectrum), left.info, mixOverlap, out);
	filterBank.synthesize(halved(right.spectrum), right.info, rightOverlap, rightSamples);
	addTo(out, rightSamples);
}

function haveSameWindows({ info: left }: ChannelStream, { info: right }: ChannelStream): boolean {
	return left.windowSequence === right.windowSequence && left.windowShape === right.windowShape;
}

function halved(spectrum: Float32Array): Float32Array {
	for (let i = 0; i < spectrum.length; i++) spectrum[i] /= 2;
	return spectrum;
}

function addTo(sum: Float32Array, samples: Float32Array): void {
	for (let i = 0; i < sum.length; i++) sum[i] += samples[i];
}
