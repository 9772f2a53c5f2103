/** Builds RIFF and IFF files in code. */
import { bigEndian, joinBytes, littleEndian } from '../bytes.cts';

/** A chunk: its id, its contents, and if they differ the size to state and whether to pad. */
export interface ChunkOptions {
	id: string;
	contents: Uint8Array;
	statedSize?: number;
	pad?: boolean;
}

/** The bytes of a number, in the order of the file. */
export const number = (value: number, bytes: 1 | 2 | 4, isLittleEndian = true): Uint8Array =>
	isLittleEndian ? littleEndian(value, bytes) : bigEndian(value, bytes);

/** A chunk with its header and pad byte. */
export function chunk({ id, contents, statedSize, pad = true }: ChunkOptions, littleEndian = true): Uint8Array {
	const padding = pad && contents.length % 2 === 1 ? [0] : [];
	return joinBytes(id, number(statedSize ?? contents.length, 4, littleEndian), contents, padding);
}

/** A RIFF file of the given chunks. */
export function riff(chunks: ChunkOptions[], form = 'RIFF'): Uint8Array {
	const littleEndian = form !== 'RIFX';
	const body = joinBytes('WAVE', ...chunks.map((part) => chunk(part, littleEndian)));
	return joinBytes(form, number(body.length, 4, littleEndian), body);
}

/** The fields of a `fmt ` chunk. */
export interface FormatFields {
	tag: number;
	channels?: number;
	sampleRate?: number;
	bits: number;
	blockAlign?: number;
	byteRate?: number;
	extra?: Uint8Array | number[];
}

/** A `fmt ` chunk. */
export function formatChunk(fields: FormatFields, littleEndian = true): ChunkOptions {
	const { tag, channels = 1, sampleRate = 24000, bits, extra = [] } = fields;
	const blockAlign = fields.blockAlign ?? Math.ceil(bits / 8) * channels;
	const contents = joinBytes(
		number(tag, 2, littleEndian),
		number(channels, 2, littleEndian),
		number(sampleRate, 4, littleEndian),
		number(fields.byteRate ?? blockAlign * sampleRate, 4, littleEndian),
		number(blockAlign, 2, littleEndian),
		number(bits, 2, littleEndian),
		extra,
	);
	return { id: 'fmt ', contents };
}

/** What follows the bits per sample in the extensible form. */
export function extensibleFields(subFormat: number, validBits: number, channelMask = 0): Uint8Array {
	return joinBytes(
		number(22, 2),
		number(validBits, 2),
		number(channelMask, 4),
		number(subFormat, 2),
		[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71],
	);
}
