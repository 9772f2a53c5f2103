/**
 * Writes AAC frames from a description of their syntax, so that tests can make any frame the format allows,
 * beyond what encoders produce. Follows ISO/IEC 14496-3, subpart 4, from the encoder's side.
 */
import type { HuffmanCodes } from '../../../nodes/Sendblue/voiceNote/codecs/aac/huffman';
import { SCALEFACTOR_CODES, SPECTRUM_CODES } from '../../../nodes/Sendblue/voiceNote/codecs/aac/huffman';
import type { WindowBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';
import type { BitWriter } from '../bits.cjs';

/** ics_info and the bands it implies. */
export interface FrameWindows {
	sequence: number;
	shape: number;
	maxSfb: number;
	/** Windows in each group; [1] for long windows. */
	groupLengths: number[];
	bands: WindowBands;
}

export interface TnsFilterSyntax {
	length: number;
	order: number;
	direction: number;
	compress: number;
	/** Coefficients as they are sent, unsigned. */
	coefficients: number[];
}

/** tns_data of one window. */
export interface TnsWindowSyntax {
	resolution: number;
	filters: TnsFilterSyntax[];
}

/** individual_channel_stream. Bands count through all groups. */
export interface ChannelSyntax {
	windows: FrameWindows;
	globalGain: number;
	/** Codebook of each band. */
	codebooks: number[];
	/** Scalefactor, noise energy or intensity position of each band. */
	scalefactors: number[];
	/** Quantised coefficients: by group, band, window. */
	quantized: number[][];
	pulses?: { startSfb: number; offsets: number[]; amplitudes: number[] };
	tns?: TnsWindowSyntax[];
}

/** channel_pair_element. `mask` is ms_used of each band, or `'all'`; only with a common window. */
export interface PairSyntax {
	commonWindow: boolean;
	mask?: number[] | 'all';
	left: ChannelSyntax;
	right: ChannelSyntax;
}

/** A code word: its bits and their number. */
export type CodeWord = { code: number; length: number };

const SCALEFACTOR_WORDS = codeWords(SCALEFACTOR_CODES);
const SPECTRUM_WORDS = SPECTRUM_CODES.map(codeWords);
/** Largest magnitude each codebook codes by itself. */
export const LARGEST_VALUE = [0, 1, 1, 2, 2, 4, 4, 7, 7, 12, 12, 16];
const SIGNED_CODEBOOKS = [1, 2, 5, 6];

/** The word of each number a canonical codebook codes. */
export function codeWords(codes: HuffmanCodes): CodeWord[] {
	const words: CodeWord[] = [];
	let code = 0;
	let previous = 0;
	for (const [lengthText, indices] of Object.entries(codes)) {
		const length = Number(lengthText);
		code *= 2 ** (length - previous);
		previous = length;
		for (const index of indices) words[index] = { code: code++, length };
	}
	return words;
}

/** single_channel_element, or with id 3 lfe_channel_element. */
export function writeSingle(writer: BitWriter, channel: ChannelSyntax, tag = 0, id = 0): void {
	writer.write(id, 3).write(tag, 4);
	writeChannel(writer, channel, false);
}

export function writePair(writer: BitWriter, pair: PairSyntax, tag = 0): void {
	writer
		.write(1, 3)
		.write(tag, 4)
		.write(pair.commonWindow ? 1 : 0, 1);
	if (pair.commonWindow) {
		writeIcsInfo(writer, pair.left.windows);
		const { mask } = pair;
		writer.write(mask === 'all' ? 2 : mask ? 1 : 0, 2);
		if (Array.isArray(mask)) mask.forEach((used) => writer.write(used, 1));
	}
	writeChannel(writer, pair.left, pair.commonWindow);
	writeChannel(writer, pair.right, pair.commonWindow);
}

/** fill_element around a payload of up to 269 bytes. */
export function writeFill(writer: BitWriter, payload: Uint8Array): void {
	writer.write(6, 3).write(Math.min(payload.length, 15), 4);
	if (payload.length >= 15) writer.write(payload.length - 14, 8);
	payload.forEach((byte) => writer.write(byte, 8));
}

/** data_stream_element around a payload of up to 510 bytes. */
export function writeDataStream(writer: BitWriter, payload: Uint8Array, aligned: boolean): void {
	writer
		.write(4, 3)
		.write(0, 4)
		.write(aligned ? 1 : 0, 1)
		.write(Math.min(payload.length, 255), 8);
	if (payload.length >= 255) writer.write(payload.length - 255, 8);
	if (aligned) writer.align();
	payload.forEach((byte) => writer.write(byte, 8));
}

/** The end mark and the filling up to a byte. */
export function writeEnd(writer: BitWriter): void {
	writer.write(7, 3).align();
}

function writeIcsInfo(writer: BitWriter, { sequence, shape, maxSfb, groupLengths }: FrameWindows): void {
	writer.write(0, 1).write(sequence, 2).write(shape, 1);
	if (sequence === 2) {
		writer.write(maxSfb, 4);
		const bits = groupLengths.flatMap((length) => [0, ...Array<number>(length - 1).fill(1)]);
		bits.slice(1).forEach((bit) => writer.write(bit, 1));
	} else {
		writer.write(maxSfb, 6).write(0, 1);
	}
}

/** individual_channel_stream. */
export function writeChannel(writer: BitWriter, channel: ChannelSyntax, commonWindow: boolean): void {
	writer.write(channel.globalGain, 8);
	if (!commonWindow) writeIcsInfo(writer, channel.windows);
	writeSections(writer, channel);
	writeScalefactors(writer, channel);
	const { pulses, tns } = channel;
	writer.write(pulses ? 1 : 0, 1);
	if (pulses) {
		writer.write(pulses.offsets.length - 1, 2).write(pulses.startSfb, 6);
		pulses.offsets.forEach((offset, i) => writer.write(offset, 5).write(pulses.amplitudes[i], 4));
	}
	writer.write(tns ? 1 : 0, 1);
	if (tns) writeTns(writer, tns, channel.windows.sequence === 2);
	writer.write(0, 1); // gain_control_data_present
	channel.codebooks.forEach((codebook, band) => writeSpectrum(writer, codebook, channel.quantized[band]));
}

function writeSections(writer: BitWriter, { windows, codebooks }: ChannelSyntax): void {
	const bits = windows.sequence === 2 ? 3 : 5;
	const escape = 2 ** bits - 1;
	windows.groupLengths.forEach((_, group) => {
		let sfb = 0;
		while (sfb < windows.maxSfb) {
			const codebook = codebooks[group * windows.maxSfb + sfb];
			let end = sfb;
			while (end < windows.maxSfb && codebooks[group * windows.maxSfb + end] === codebook) end++;
			writer.write(codebook, 4);
			let length = end - sfb;
			for (; length >= escape; length -= escape) writer.write(escape, bits);
			writer.write(length, bits);
			sfb = end;
		}
	});
}

function writeScalefactors(writer: BitWriter, channel: ChannelSyntax): void {
	let scalefactor = channel.globalGain;
	let position = 0;
	let noise: number | undefined;
	const difference = (value: number) => {
		const { code, length } = SCALEFACTOR_WORDS[value + 60];
		writer.write(code, length);
	};
	channel.codebooks.forEach((codebook, band) => {
		const value = channel.scalefactors[band];
		if (codebook === 13 && noise === undefined) writer.write(value - (channel.globalGain - 90) + 256, 9);
		else if (codebook === 13) difference(value - (noise ?? 0));
		else if (codebook >= 14) difference(value - position);
		else if (codebook > 0) difference(value - scalefactor);
		if (codebook === 13) noise = value;
		else if (codebook >= 14) position = value;
		else if (codebook > 0) scalefactor = value;
	});
}

function writeTns(writer: BitWriter, tns: TnsWindowSyntax[], short: boolean): void {
	for (const { resolution, filters } of tns) {
		writer.write(filters.length, short ? 1 : 2);
		if (filters.length > 0) writer.write(resolution, 1);
		for (const filter of filters) {
			writer.write(filter.length, short ? 4 : 6).write(filter.order, short ? 3 : 5);
			if (filter.order === 0) continue;
			writer.write(filter.direction, 1).write(filter.compress, 1);
			filter.coefficients.forEach((value) => writer.write(value, resolution + 3 - filter.compress));
		}
	}
}

/** One band's coefficients in a spectrum codebook. */
export function writeSpectrum(writer: BitWriter, codebook: number, values: number[]): void {
	if (codebook === 0 || codebook > 11) return;
	const signed = SIGNED_CODEBOOKS.includes(codebook);
	const largest = LARGEST_VALUE[codebook];
	const dimension = codebook < 5 ? 4 : 2;
	for (let i = 0; i < values.length; i += dimension) {
		const tuple = values.slice(i, i + dimension);
		const digits = tuple.map((value) => (signed ? value + largest : Math.min(Math.abs(value), largest)));
		const index = digits.reduce((sum, digit) => sum * (signed ? 2 * largest + 1 : largest + 1) + digit, 0);
		const { code, length } = SPECTRUM_WORDS[codebook][index];
		writer.write(code, length);
		if (signed) continue;
		for (const value of tuple) if (value !== 0) writer.write(value < 0 ? 1 : 0, 1);
		for (const value of tuple) if (codebook === 11 && Math.abs(value) >= 16) writeEscape(writer, Math.abs(value));
	}
}

function writeEscape(writer: BitWriter, magnitude: number): void {
	const bits = Math.floor(Math.log2(magnitude));
	for (let i = 4; i < bits; i++) writer.write(1, 1);
	writer.write(0, 1).write(magnitude - 2 ** bits, bits);
}
