/**
 * Adaptive Multi-Rate (AMR), narrowband and wideband, as files store it (RFC 4867, section 5): a line of text, then
 * frames, each with a header byte that gives the frame's type. Decoded by opencore-amr.
 */
import type { PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import type { CodecStream } from '../packetSource';

/** The first line of a file, which says which of the two kinds it is. */
export const AMR_NARROWBAND_MAGIC = '#!AMR\n';
export const AMR_WIDEBAND_MAGIC = '#!AMR-WB\n';
const MAGIC_BYTE = 0x23;

/** Sample rates in Hz. */
const AMR_NARROWBAND_RATE = 8_000;
const AMR_WIDEBAND_RATE = 16_000;
/** Every frame lasts 20 ms. */
export const AMR_FRAMES_PER_SECOND = 50;

/**
 * Bytes of a frame, header included, by its type (3GPP TS 26.101 and 26.201). 0 stands for types that do not occur,
 * which belong to other codecs or to the future.
 */
const NARROWBAND_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
const WIDEBAND_BYTES = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];

/** Header bits that must be zero. Some recorders set some of them, but then in every frame. */
const PADDING_BITS = 0x83;
/** This many frames in a row do not occur by chance: after damage, they mark where the stream resumes. */
const CONFIRMING_FRAMES = 6;

/** Called by a reader of frames for anything that is not a frame. */
export interface AmrRemarks {
	/** The last frame is incomplete and left out. */
	onCut(): void;
	/** This many bytes are not frames and are left out. */
	onDamage(bytes: number): void;
	/** Whether everything from here to the end is something other than audio; if so, reading ends. */
	isAfterEnd?(position: number): boolean;
	/** Audio of the other kind begins here, with its own first line; reading ends. */
	onOtherKind?(position: number): void;
}

const NO_REMARKS: AmrRemarks = { onCut: () => undefined, onDamage: () => undefined };

/** The frames in `bytes` from `start` on, one after the other. */
export function* amrFrames(
	bytes: Uint8Array,
	start: number,
	wideband: boolean,
	{ onCut, onDamage, onOtherKind, isAfterEnd }: AmrRemarks = NO_REMARKS,
): Generator<Uint8Array> {
	let position = start;
	let paddingBits: number | undefined;
	while (position < bytes.length) {
		// If files were joined, each begins with its line.
		const magic = magicAt(bytes, position);
		if (magic?.wideband === wideband) {
			position += magic.length;
			continue;
		}
		if (magic) return onOtherKind?.(position);
		if (isAfterEnd?.(position)) return;
		paddingBits ??= bytes[position] & PADDING_BITS;
		const hole = holeEnd(bytes, position, paddingBits);
		const size = hole > position ? 0 : frameBytes(bytes[position], wideband);
		if (size === 0) {
			const next = nextFrames(bytes, Math.max(hole, position + 1), wideband, paddingBits);
			onDamage(next - position);
			position = next;
			continue;
		}
		if (position + size > bytes.length) return onCut();
		yield bytes.subarray(position, position + size);
		position += size;
	}
}

/** This many equal bytes in a row are not frames. */
const MIN_HOLE_BYTES = 16;
const HOLE_BYTES = [0x00, 0xff];

/**
 * The end of a hole: bytes of all zeros or all ones, which something on the way put in place of frames; `position` if
 * none begins there.
 */
function holeEnd(bytes: Uint8Array, position: number, paddingBits: number): number {
	const value = bytes[position];
	if (!HOLE_BYTES.includes(value) || (value !== 0 && (value & PADDING_BITS) === paddingBits)) return position;
	let end = position;
	while (end < bytes.length && bytes[end] === value) end++;
	return end - position < MIN_HOLE_BYTES ? position : end;
}

/** The first line of a file, if one is at this offset. */
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
 * Where reading resumes after damage: at several frames in a row with the padding bits of the first frame, at the first
 * line of another file, or else at the end of the bytes.
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
 * Splits packets of any number of frames into packets of one frame. The library needs that: it would keep half a frame
 * at the end of a packet and read the next one out of step, and it would decode an hour of frames in a single call.
 *
 * @param onDamage called for bytes that are not frames
 */
export function* singleAmrFrames(
	packets: Iterable<Uint8Array>,
	wideband: boolean,
	onDamage: () => void,
): Generator<Uint8Array> {
	for (const packet of packets) yield* amrFrames(packet, 0, wideband, { onCut: () => undefined, onDamage });
}

/** AMR in packets of one frame. The decoder is loaded on first use. */
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
	// The library tells the two kinds apart by the first line of a file.
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
