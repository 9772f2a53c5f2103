/**
 * Frames of Adaptive Multi-Rate audio in the format in which files store them (RFC 4867, section 5.3): a header byte
 * with the frame's type, then its bits in whole bytes.
 */
import type { PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import type { CodecStream } from '../packetSource';

/** What files begin with, by which decoders tell the two kinds apart. */
export const AMR_NARROWBAND_MAGIC = '#!AMR\n';
export const AMR_WIDEBAND_MAGIC = '#!AMR-WB\n';
const MAGIC_BYTE = 0x23;

/** Sampling rates in Hz. */
const AMR_NARROWBAND_RATE = 8_000;
const AMR_WIDEBAND_RATE = 16_000;
/** Every frame lasts 20 ms. */
export const AMR_FRAMES_PER_SECOND = 50;

/**
 * Bytes of a frame with its header, by its type (3GPP TS 26.101 and 26.201); 0 for the types that do not occur: they are
 * of other codecs, or for future use.
 */
const NARROWBAND_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
const WIDEBAND_BYTES = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];

/** Bits of a header that are to be zero. Some recorders set them, but then in every frame. */
const PADDING_BITS = 0x83;
/** Frames in a row by which a stream is found again behind what is none; bytes by chance do not look like that. */
const CONFIRMING_FRAMES = 6;

/** What a reader of frames comes upon. */
export interface AmrRemarks {
	/** The last frame is not complete, and is left out. */
	onCut(): void;
	/** So many bytes are no frames, and are left out. */
	onDamage(bytes: number): void;
	/** Audio of the other kind, put behind this, begins here with its line. */
	onOtherKind?(position: number): void;
}

const NO_REMARKS: AmrRemarks = { onCut: () => undefined, onDamage: () => undefined };

/** The frames that lie in `bytes` from `start` on, one behind the other. */
export function* amrFrames(
	bytes: Uint8Array,
	start: number,
	wideband: boolean,
	{ onCut, onDamage, onOtherKind }: AmrRemarks = NO_REMARKS,
): Generator<Uint8Array> {
	let position = start;
	let paddingBits: number | undefined;
	while (position < bytes.length) {
		// Where files were put one behind the other, each begins with its line.
		const magic = magicAt(bytes, position);
		if (magic?.wideband === wideband) {
			position += magic.length;
			continue;
		}
		if (magic) return onOtherKind?.(position);
		const size = frameBytes(bytes[position], wideband);
		paddingBits ??= bytes[position] & PADDING_BITS;
		if (size === 0) {
			const next = nextFrames(bytes, position + 1, wideband, paddingBits);
			onDamage(next - position);
			position = next;
			continue;
		}
		if (position + size > bytes.length) return onCut();
		yield bytes.subarray(position, position + size);
		position += size;
	}
}

/** The first line of a file, where one stands at an offset. */
function magicAt(bytes: Uint8Array, at: number): { wideband: boolean; length: number } | undefined {
	if (bytes[at] !== MAGIC_BYTE) return undefined;
	const text = String.fromCharCode(...bytes.subarray(at, at + AMR_WIDEBAND_MAGIC.length));
	const wideband = text === AMR_WIDEBAND_MAGIC;
	if (!wideband && !text.startsWith(AMR_NARROWBAND_MAGIC)) return undefined;
	return { wideband, length: (wideband ? AMR_WIDEBAND_MAGIC : AMR_NARROWBAND_MAGIC).length };
}

function frameBytes(header: number, wideband: boolean): number {
	return (wideband ? WIDEBAND_BYTES : NARROWBAND_BYTES)[(header >> 3) & 0x0f];
}

/**
 * Where frames go on behind what is none: at a row of them with the padding bits of the first one, at the first line of a
 * further file, or at the end.
 */
function nextFrames(bytes: Uint8Array, from: number, wideband: boolean, paddingBits: number): number {
	for (let at = from; at < bytes.length; at++) {
		if (magicAt(bytes, at)) return at;
		let position = at;
		let count = 0;
		for (; count < CONFIRMING_FRAMES && position < bytes.length; count++) {
			const size = frameBytes(bytes[position], wideband);
			if (size === 0 || (bytes[position] & PADDING_BITS) !== paddingBits) break;
			position += size;
		}
		if (count === CONFIRMING_FRAMES) return at;
	}
	return bytes.length;
}

/**
 * Parts packets, which may hold any number of frames, into single ones: the library would keep half a frame at a
 * packet's end and read the next packet out of step, and it decodes all that it is given in one go.
 *
 * @param onDamage called where a packet holds what is no frame
 */
export function* singleAmrFrames(
	packets: Iterable<Uint8Array>,
	wideband: boolean,
	onDamage: () => void,
): Generator<Uint8Array> {
	for (const packet of packets) yield* amrFrames(packet, 0, wideband, { onCut: () => undefined, onDamage });
}

/** AMR as a stream to be decoded by opencore-amr, which is loaded on first use. A packet holds one whole frame. */
export function amrStream(wideband: boolean): CodecStream {
	return {
		codecName: 'AMR',
		sampleRate: wideband ? AMR_WIDEBAND_RATE : AMR_NARROWBAND_RATE,
		channels: 1,
		createDecoder: () => createAmrDecoder(wideband),
	};
}

async function createAmrDecoder(wideband: boolean): Promise<PacketDecoder> {
	const amr = await import('../../vendor/amr');
	const decoder = await amr.createAmrDecoder();
	// The library tells the two kinds apart by the start of a file.
	decoder.decode(new TextEncoder().encode(wideband ? AMR_WIDEBAND_MAGIC : AMR_NARROWBAND_MAGIC));
	return {
		sampleRate: wideband ? AMR_WIDEBAND_RATE : AMR_NARROWBAND_RATE,
		channels: 1,
		decode(packet): PcmBlock {
			const [samples = new Float32Array(0)] = decoder.decode(packet).channelData;
			return [samples];
		},
		free: () => decoder.free(),
	};
}
