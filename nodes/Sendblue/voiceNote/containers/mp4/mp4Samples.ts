/** The bytes of a track's samples. */
import { piecesOf } from '../pieces';
import type { SampleRun } from './sampleTable';

/** How samples that are too small to be handled one by one (PCM) are put together. */
export interface SmallSamples {
	/** Bytes that must not be parted: a frame of all channels, or a block of ADPCM. */
	unitBytes: number;
	/** Samples that make up a unit where the table counts each sample as one byte, as old QuickTime does. */
	samplesPerUnit: number;
}

/**
 * The samples one by one.
 *
 * @param onCut called where the file ends before the samples do, which ends the packets
 */
export function* samplePackets(bytes: Uint8Array, runs: Iterable<SampleRun>, onCut: () => void): Generator<Uint8Array> {
	for (const { offset, count, sizeOf } of runs) {
		let position = offset;
		for (let index = 0; index < count; index++) {
			const size = sizeOf(index);
			if (position < 0 || position + size > bytes.length) return onCut();
			yield bytes.subarray(position, position + size);
			position += size;
		}
	}
}

/** How many whole units a run has. All samples of PCM have one size; 1 is QuickTime's way of saying "see the description". */
export function unitsIn({ count, sizeOf }: SampleRun, { unitBytes, samplesPerUnit }: SmallSamples): number {
	const size = count > 0 ? sizeOf(0) : 0;
	return Math.floor(size === 1 && unitBytes > 1 ? count / samplesPerUnit : (count * size) / unitBytes);
}

/** Small samples in pieces of useful size, each of whole units; as `samplePackets` else. */
export function* samplePieces(
	bytes: Uint8Array,
	runs: Iterable<SampleRun>,
	small: SmallSamples,
	onCut: () => void,
): Generator<Uint8Array> {
	for (const run of runs) {
		if (run.count === 0) continue;
		const { offset } = run;
		const end = offset + unitsIn(run, small) * small.unitBytes;
		yield* piecesOf(bytes.subarray(offset, Math.max(offset, end)), small.unitBytes);
		if (end > bytes.length) return onCut();
	}
}

/**
 * Bytes by which a track's offsets miss its samples: programs that move the index forget to add what it takes. There is no
 * doubt where the samples lie one behind the other and are exactly what the file's only `mdat` holds.
 *
 * @param mdat where the contents of the box lie
 */
export function offsetError(runs: Iterable<SampleRun>, mdat: { start: number; end: number }): number {
	const heldBytes = mdat.end - mdat.start;
	let first: number | undefined;
	let end = 0;
	for (const { offset, count, sizeOf } of runs) {
		first ??= end = offset;
		if (offset !== end) return 0;
		for (let index = 0; index < count; index++) {
			end += sizeOf(index);
			// A table may claim billions of samples.
			if (end - first > heldBytes) return 0;
		}
	}
	return first !== undefined && end - first === heldBytes ? mdat.start - first : 0;
}
