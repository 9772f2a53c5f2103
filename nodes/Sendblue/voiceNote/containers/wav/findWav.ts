import type { WorkSlices } from '../../workSlices';
import { fourCharacters } from '../../bits/fourCharacters';
import { isWav, RIFF_HEADER_BYTES } from './readWav';

/** Bytes that are looked at before others may run. */
const SLICE_BYTES = 65_536;
const FIRST_LETTER = 'R'.charCodeAt(0);

/**
 * Finds a WAV file inside other bytes, by more letters than stand in audio by chance: `RIFF`, `WAVE` and `fmt `.
 *
 * @returns its offset, or undefined
 */
export async function findWav(bytes: Uint8Array, from: number, slices: WorkSlices): Promise<number | undefined> {
	for (let start = from; start < bytes.length; start += SLICE_BYTES) {
		const end = Math.min(bytes.length, start + SLICE_BYTES);
		for (let at = start; at < end; at++) {
			if (bytes[at] === FIRST_LETTER && isWavHeader(bytes, at)) return at;
		}
		if (slices.due) await slices.rest();
	}
	return undefined;
}

function isWavHeader(bytes: Uint8Array, offset: number): boolean {
	return isWav(bytes, offset) && fourCharacters(bytes, offset + RIFF_HEADER_BYTES) === 'fmt ';
}
