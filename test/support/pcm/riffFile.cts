/** Builds RIFF and IFF files in code. */

/** A chunk: its id, its contents, and where they differ the size to state and whether to pad. */
export interface ChunkOptions {
	id: string;
	contents: Uint8Array;
	statedSize?: number;
	pad?: boolean;
}

/** The bytes of a 16 or 32-bit number. */
export function number(value: number, bytes: 1 | 2 | 4, littleEndian = true): number[] {
	const digits = Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
	return littleEndian ? digits : digits.reverse();
}

/** Several byte sequences after each other. */
export function concat(...parts: Array<Uint8Array | number[] | string>): Uint8Array {
	const bytes = parts.map((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part));
	return Uint8Array.from(Buffer.concat(bytes.map((part) => Uint8Array.from(part))));
}

/** A chunk with its header and pad byte. */
export function chunk({ id, contents, statedSize, pad = true }: ChunkOptions, littleEndian = true): Uint8Array {
	const padding = pad && contents.length % 2 === 1 ? [0] : [];
	return concat(id, number(statedSize ?? contents.length, 4, littleEndian), contents, padding);
}

/** A RIFF file of the given chunks. */
export function riff(chunks: ChunkOptions[], form = 'RIFF'): Uint8Array {
	const littleEndian = form !== 'RIFX';
	const body = concat('WAVE', ...chunks.map((part) => chunk(part, littleEndian)));
	return concat(form, number(body.length, 4, littleEndian), body);
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
	const contents = concat(
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
	return concat(
		number(22, 2),
		number(validBits, 2),
		number(channelMask, 4),
		number(subFormat, 2),
		[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71],
	);
}
