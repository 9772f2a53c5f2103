import { corruptAac } from '../aacErrors';
import type { BitReader } from '../../../bits/bitReader';
import type { SbrHeader } from './sbrHeader';

/** The most envelopes, and noise floors, of a frame. */
export const MAX_ENVELOPES = 5;
export const MAX_NOISE_FLOORS = 2;
/** Time slots by which a frame may reach into the next. */
export const MAX_LATE_SLOTS = 3;

/** bs_frame_class */
const FIXFIX = 0;
const FIXVAR = 1;
const VARFIX = 2;

const MAX_FIXED_ENVELOPES = 4;

/**
 * How a frame is divided in time (sbr_grid, ISO/IEC 14496-3, 4.6.18.3.3). Borders are in time slots of two QMF slots, 64
 * samples of the core, from the start of the frame.
 */
export interface TimeGrid {
	/** Steps of this frame's envelopes: 0 is 1.5 dB, 1 is 3 dB. */
	ampRes: number;
	envelopes: number;
	/** Borders of the envelopes, one more than there are. */
	borders: Uint8Array;
	/** Resolution of each envelope: 1 is high. */
	resolutions: Uint8Array;
	noiseFloors: number;
	/** Where the second noise floor begins. */
	noiseBorder: number;
	/** The envelope with a transient; −1 for none, `envelopes` where it comes at the very end. */
	transient: number;
}

export function createTimeGrid(): TimeGrid {
	return {
		ampRes: 0,
		envelopes: 1,
		borders: new Uint8Array(MAX_ENVELOPES + 1),
		resolutions: new Uint8Array(MAX_ENVELOPES),
		noiseFloors: 1,
		noiseBorder: 0,
		transient: -1,
	};
}

/** The last border of a grid. */
export function endOf({ borders, envelopes }: TimeGrid): number {
	return borders[envelopes];
}

export function copyTimeGrid(from: TimeGrid, to: TimeGrid): void {
	to.borders.set(from.borders);
	to.resolutions.set(from.resolutions);
	to.ampRes = from.ampRes;
	to.envelopes = from.envelopes;
	to.noiseFloors = from.noiseFloors;
	to.noiseBorder = from.noiseBorder;
	to.transient = from.transient;
}

/** A single envelope with nothing special in it. */
export function setSingleEnvelope(grid: TimeGrid, start: number, end: number, resolution: number): void {
	grid.envelopes = 1;
	grid.borders[0] = start;
	grid.borders[1] = end;
	grid.resolutions[0] = resolution;
	grid.noiseFloors = 1;
	grid.noiseBorder = end;
	grid.transient = -1;
}

/**
 * Reads sbr_grid().
 *
 * @param slots Time slots of a frame.
 * @throws {VoiceNoteError} `corrupt` for borders that do not rise, and where the payload ends before.
 */
export function readTimeGrid(reader: BitReader, header: SbrHeader, slots: number, grid: TimeGrid): void {
	const frameClass = reader.read(2);
	grid.ampRes = header.ampRes;
	const pointer =
		frameClass === FIXFIX ? readFixed(reader, slots, grid) : readVariable(reader, frameClass, slots, grid);
	const { envelopes, borders } = grid;
	for (let i = 0; i < envelopes; i++) {
		if (borders[i] >= borders[i + 1]) throw corruptAac('the time borders of its spectral band replication do not rise');
	}
	grid.noiseFloors = envelopes > 1 ? 2 : 1;
	grid.noiseBorder = borders[noiseBorderIndex(frameClass, pointer, envelopes)];
	grid.transient = transientOf(frameClass, pointer, envelopes);
}

/** FIXFIX: one, two or four envelopes of the same length. */
function readFixed(reader: BitReader, slots: number, grid: TimeGrid): number {
	const envelopes = 1 << reader.read(2);
	if (envelopes > MAX_FIXED_ENVELOPES) throw tooManyEnvelopes();
	const step = Math.floor((slots + (envelopes >> 1)) / envelopes);
	for (let i = 0; i < envelopes; i++) grid.borders[i] = i * step;
	grid.borders[envelopes] = slots;
	grid.resolutions.fill(reader.read(1), 0, envelopes);
	grid.envelopes = envelopes;
	// A single envelope is always finely quantized.
	if (envelopes === 1) grid.ampRes = 0;
	return 0;
}

/** The other classes: an end that is not fixed is sent, and the inner borders count from the ends inwards. */
function readVariable(reader: BitReader, frameClass: number, slots: number, grid: TimeGrid): number {
	const { borders, resolutions } = grid;
	const first = frameClass === FIXVAR ? 0 : reader.read(2);
	const last = slots + (frameClass === VARFIX ? 0 : reader.read(2));
	const leading = frameClass === FIXVAR ? 0 : reader.read(2);
	const trailing = frameClass === VARFIX ? 0 : reader.read(2);
	const envelopes = leading + trailing + 1;
	if (envelopes > MAX_ENVELOPES) throw tooManyEnvelopes();
	let border = first;
	borders[0] = border;
	for (let i = 1; i <= leading; i++) {
		border += readDistance(reader);
		borders[i] = border;
	}
	border = last;
	borders[envelopes] = border;
	for (let i = envelopes - 1; i > leading; i--) {
		border -= readDistance(reader);
		if (border < 0) throw corruptAac('the time borders of its spectral band replication do not rise');
		borders[i] = border;
	}
	const pointer = reader.read(Math.ceil(Math.log2(envelopes + 1)));
	if (pointer > envelopes + 1) throw corruptAac('its spectral band replication points at no envelope');
	for (let i = 0; i < envelopes; i++) {
		// FIXVAR counts from the end it sends.
		resolutions[frameClass === FIXVAR ? envelopes - 1 - i : i] = reader.read(1);
	}
	grid.envelopes = envelopes;
	return pointer;
}

function readDistance(reader: BitReader): number {
	return 2 * reader.read(2) + 2;
}

function noiseBorderIndex(frameClass: number, pointer: number, envelopes: number): number {
	if (envelopes === 1) return 1;
	if (frameClass === FIXFIX) return envelopes >> 1;
	if (frameClass === VARFIX) return pointer === 0 ? 1 : pointer === 1 ? envelopes - 1 : pointer - 1;
	return pointer > 1 ? envelopes + 1 - pointer : envelopes - 1;
}

function transientOf(frameClass: number, pointer: number, envelopes: number): number {
	if (frameClass === FIXFIX) return -1;
	if (frameClass === VARFIX) return pointer > 1 ? pointer - 1 : -1;
	return pointer > 0 ? envelopes + 1 - pointer : -1;
}

function tooManyEnvelopes(): Error {
	return corruptAac('its spectral band replication has too many envelopes');
}
