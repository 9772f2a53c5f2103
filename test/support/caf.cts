/**
 * Reads CAF files (Apple Core Audio Format Specification 1.0) without a line of the code that is tested: what our writer
 * wrote and our reader reads must not be wrong in the same way.
 */

/** A file with packets of coded audio. */
export interface CafFile {
	/** In Hz. */
	sampleRate: number;
	/** Four characters, for example `opus`. */
	formatId: string;
	channels: number;
	/** 0 if packets differ in length. */
	framesPerPacket: number;
	/** What the codec needs before the first packet (`kuki`); empty if there is none. */
	cookie: Uint8Array;
	packets: Uint8Array[];
	/** Frames of the valid range, without priming and remainder. */
	validFrames: number;
	primingFrames: number;
	remainderFrames: number;
}

const DATA_HEADER_BYTES = 4;
const TABLE_HEADER_BYTES = 24;

/** @throws if the file is not CAF, or has no description, packet table or data */
export function readCafFile(file: Uint8Array): CafFile {
	const chunks = chunksOf(file);
	const description = viewOf(chunk(chunks, 'desc'));
	const table = chunk(chunks, 'pakt');
	const header = viewOf(table);
	const [bytesPerPacket, framesPerPacket] = [description.getUint32(16), description.getUint32(20)];
	return {
		sampleRate: description.getFloat64(0),
		formatId: textOf(chunk(chunks, 'desc').subarray(8, 12)),
		channels: description.getUint32(24),
		framesPerPacket,
		cookie: chunks.get('kuki') ?? new Uint8Array(0),
		packets: packetsOf(
			chunk(chunks, 'data').subarray(DATA_HEADER_BYTES),
			packetSizes(table, { bytesPerPacket, hasFrames: framesPerPacket === 0 }),
		),
		validFrames: Number(header.getBigInt64(8)),
		primingFrames: header.getInt32(16),
		remainderFrames: header.getInt32(20),
	};
}

function chunksOf(file: Uint8Array): Map<string, Uint8Array> {
	if (textOf(file.subarray(0, 4)) !== 'caff') throw new Error('This is no CAF file');
	const chunks = new Map<string, Uint8Array>();
	for (let at = 8; at + 12 <= file.length; ) {
		const size = Number(viewOf(file).getBigInt64(at + 4));
		// The size of the audio data may be left open (-1): they go on to the end.
		const end = size < 0 ? file.length : at + 12 + size;
		chunks.set(textOf(file.subarray(at, at + 4)), file.subarray(at + 12, end));
		at = end;
	}
	return chunks;
}

function chunk(chunks: Map<string, Uint8Array>, type: string): Uint8Array {
	const contents = chunks.get(type);
	if (!contents) throw new Error(`The file has no chunk ${type}`);
	return contents;
}

/** The table holds what is not the same for all packets: the size, the frames, or both in turn. */
function packetSizes(table: Uint8Array, { bytesPerPacket = 0, hasFrames = false }): number[] {
	const count = Number(viewOf(table).getBigInt64(0));
	if (bytesPerPacket > 0) return new Array<number>(count).fill(bytesPerPacket);
	const sizes: number[] = [];
	let at = TABLE_HEADER_BYTES;
	const next = (): number => {
		let value = 0;
		for (;;) {
			const byte = table[at++];
			value = value * 128 + (byte & 0x7f);
			if ((byte & 0x80) === 0) return value;
		}
	};
	while (sizes.length < count) {
		sizes.push(next());
		if (hasFrames) next();
	}
	return sizes;
}

function packetsOf(data: Uint8Array, sizes: number[]): Uint8Array[] {
	let at = 0;
	return sizes.map((size) => data.subarray(at, (at += size)));
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
