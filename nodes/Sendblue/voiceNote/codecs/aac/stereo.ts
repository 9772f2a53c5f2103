import type { BitReader } from '../../bits/bitReader';
import { corruptAac } from './aacErrors';
import type { ChannelStream } from './channelStream';
import type { FilterBank, OverlapState } from './filterBank';
import { INTENSITY_CODEBOOK, INTENSITY_CODEBOOK_2, NOISE_CODEBOOK } from './huffman';
import type { IcsInfo } from './icsInfo';

/** Values of ms_mask_present (ISO/IEC 14496-3, 4.6.8.1.2). */
const MASK_PER_BAND = 1;
const MASK_ALL = 2;

/**
 * Reads ms_mask_present and ms_used of a pair with a common window (ISO/IEC 14496-3, Table 4.5).
 *
 * @param used Takes ms_used of each band, 1 where set; `MAX_BANDS` long.
 * @throws {VoiceNoteError} `corrupt` where the mask is of the reserved kind.
 */
export function readStereoMask(reader: BitReader, info: IcsInfo, used: Uint8Array): void {
	const present = reader.read(2);
	if (present > MASK_ALL) throw corruptAac('a stereo mask is of a reserved kind');
	used.fill(present === MASK_ALL ? 1 : 0);
	if (present !== MASK_PER_BAND) return;
	const bandCount = info.groups * info.maxSfb;
	for (let band = 0; band < bandCount; band++) used[band] = reader.read(1);
}

/**
 * Undoes mid/side and intensity stereo (ISO/IEC 14496-3, 4.6.8). Both channels have the grouping of the right
 * one wherever a band is joint, which a common window guarantees.
 *
 * @param mask ms_used of each band.
 */
export function applyJointStereo(left: ChannelStream, right: ChannelStream, mask: Uint8Array): void {
	const { info, codebooks } = right;
	const { offsets, count } = info.bands;
	const windowLength = offsets[count];
	let band = 0;
	let firstWindow = 0;
	for (let group = 0; group < info.groups; group++) {
		const endWindow = firstWindow + info.groupLengths[group];
		for (let sfb = 0; sfb < info.maxSfb; sfb++, band++) {
			const flagged = mask[band] === 1;
			const intensity = intensityGain(right, flagged, band);
			const midSide =
				flagged && intensity === 0 && codebooks[band] !== NOISE_CODEBOOK && left.codebooks[band] !== NOISE_CODEBOOK;
			if (!midSide && intensity === 0) continue;
			for (let window = firstWindow; window < endWindow; window++) {
				const start = window * windowLength + offsets[sfb];
				const end = window * windowLength + offsets[sfb + 1];
				if (midSide) undoMidSide(left.spectrum, right.spectrum, start, end);
				else scaleInto(left.spectrum, right.spectrum, intensity, start, end);
			}
		}
		firstWindow = endWindow;
	}
}

/**
 * What the right channel is of the left one in an intensity band: 0.5^(¼ position), with a sign by codebook
 * and by ms_used. 0 in any other band. A mask set for all bands at once turns the sign as well: so mean it the
 * encoders that join it to intensity stereo.
 */
function intensityGain({ codebooks, scalefactors }: ChannelStream, flagged: boolean, band: number): number {
	const codebook = codebooks[band];
	if (codebook !== INTENSITY_CODEBOOK && codebook !== INTENSITY_CODEBOOK_2) return 0;
	const outOfPhase = codebook === INTENSITY_CODEBOOK_2;
	return (outOfPhase !== flagged ? -1 : 1) * 2 ** (-scalefactors[band] / 4);
}

function undoMidSide(left: Float32Array, right: Float32Array, start: number, end: number): void {
	for (let i = start; i < end; i++) {
		const mid = left[i];
		const side = right[i];
		left[i] = mid + side;
		right[i] = mid - side;
	}
}

function scaleInto(left: Float32Array, right: Float32Array, gain: number, start: number, end: number): void {
	for (let i = start; i < end; i++) right[i] = left[i] * gain;
}

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

/** Ends the mixing of a pair: both channels go on with what the mix left. */
export function splitMix([mixOverlap, rightOverlap]: OverlapState[]): void {
	addTo(mixOverlap.samples, rightOverlap.samples);
	rightOverlap.samples.set(mixOverlap.samples);
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
