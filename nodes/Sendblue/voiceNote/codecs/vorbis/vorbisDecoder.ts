import { holdsText } from '../../bits/bytes';
import { VoiceNoteError } from '../../errors';
import { type PacketDecoder, type PcmBlock, silentBlock } from '../../pcm/pcmSource';
import { VORBIS_CHANNEL_ORDERS } from '../../pcm/speakers';
import type { CodecStream } from '../packetSource';

/** The headers of a Vorbis stream (Vorbis I, section 4.2). */
export interface VorbisHeaders {
	/** Hz. */
	sampleRate: number;
	channels: number;
	/** The whole identification header. */
	identification: Uint8Array;
	/** The whole setup header. */
	setup: Uint8Array;
}

const IDENTIFICATION_TYPE = 1;
const SETUP_TYPE = 5;
const IDENTIFICATION_BYTES = 30;
/** Vorbis defines the order of up to 8 channels; that of more is up to the application. */
const MAX_CHANNELS = 8;

/**
 * Reads the headers of a stream.
 *
 * @param identification the first packet
 * @param setup the third packet; the second one holds comments
 * @throws {VoiceNoteError} `corrupt` if the packets are not these headers, `unsupported` for more than 8 channels
 */
export function parseVorbisHeaders(identification: Uint8Array, setup: Uint8Array): VorbisHeaders {
	const complete = isHeader(identification, IDENTIFICATION_TYPE) && identification.length >= IDENTIFICATION_BYTES;
	if (!complete || !isHeader(setup, SETUP_TYPE)) throw damaged('its headers are incomplete');
	const view = new DataView(identification.buffer, identification.byteOffset, identification.byteLength);
	const channels = view.getUint8(11);
	const sampleRate = view.getUint32(12, true);
	if (channels === 0 || sampleRate === 0) throw damaged('its header has no channels or no sample rate');
	if (channels > MAX_CHANNELS) {
		throw new VoiceNoteError(
			'unsupported',
			`The Vorbis audio has ${channels} channels`,
			'Mix it down to stereo first.',
		);
	}
	return { sampleRate, channels, identification, setup };
}

/**
 * Reads the headers out of Matroska's codec private data: a count, the sizes of two packets, and the three packets
 * (RFC 9559, codec mapping of `A_VORBIS`).
 *
 * @throws {VoiceNoteError} like `parseVorbisHeaders`
 */
export function parseLacedVorbisHeaders(bytes: Uint8Array): VorbisHeaders {
	let position = 1;
	const sizes: number[] = [];
	while (bytes[0] === 2 && sizes.length < 2) {
		let size = 0;
		while (bytes[position] === 255) size += bytes[position++];
		if (position >= bytes.length) break;
		sizes.push(size + bytes[position++]);
	}
	if (sizes.length < 2) throw damaged('its headers are incomplete');
	const setupStart = position + sizes[0] + sizes[1];
	return parseVorbisHeaders(bytes.subarray(position, position + sizes[0]), bytes.subarray(setupStart));
}

function isHeader(packet: Uint8Array, type: number): boolean {
	return packet[0] === type && holdsText(packet, 'vorbis', 1);
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The Vorbis audio is damaged: ${reason}`, 'Export or record the audio again.');
}

/** Offset, in the identification header, of the exponents of the two block sizes: four bits each. */
const BLOCK_SIZES_OFFSET = 28;

/** A mode in the setup header: block flag, window type, transform type, mapping (Vorbis I, section 4.2.4). */
const MODE_BITS = 1 + 16 + 16 + 8;
const TYPES_OFFSET = 1;
const TYPES_BITS = 32;
const MODE_COUNT_BITS = 6;
const MAX_MODES = 64;

/** Counts the time of a stream's packets by their first bits, without decoding (Vorbis I, sections 4.3.1 and 4.3.8). */
export class VorbisClock {
	/** The shorter block and the longer one, in samples. */
	private readonly blockSizes: readonly number[];

	/** Whether each mode uses the longer block. */
	private readonly longModes: readonly boolean[];

	private readonly modeBits: number;

	/** Size of the previous packet's block, in samples. */
	private previous = 0;

	constructor({ identification, setup }: Pick<VorbisHeaders, 'identification' | 'setup'>) {
		const exponents = identification[BLOCK_SIZES_OFFSET];
		this.blockSizes = [2 ** (exponents & 0x0f), 2 ** (exponents >> 4)];
		this.longModes = modesOf(setup);
		this.modeBits = 32 - Math.clz32(Math.max(0, this.longModes.length - 1));
	}

	/** Whether the modes were found, without which packets cannot be counted. */
	get counts(): boolean {
		return this.longModes.length > 0;
	}

	/** Sample frames that the next packet adds; one that is not audio adds none. */
	samplesOf(packet: Uint8Array): number {
		if (packet.length === 0 || (packet[0] & 1) !== 0) return 0;
		const mode = (packet[0] >> 1) & (2 ** this.modeBits - 1);
		const block = this.blockSizes[this.longModes[mode] ? 1 : 0];
		// Blocks overlap: samples run from the middle of one to the middle of the next, so the first gives none.
		const samples = this.previous === 0 ? 0 : (this.previous + block) / 4;
		this.previous = block;
		return samples;
	}
}

/**
 * Finds the modes. They are at the end of the setup header, after codebooks, floors and residues of any size, so they
 * are read backward from the framing bit that ends the header. Their number is stored before them and has to agree.
 */
function modesOf(setup: Uint8Array): boolean[] {
	const end = lastSetBit(setup);
	let modes: boolean[] = [];
	let found: boolean[] = [];
	for (let start = end - MODE_BITS; start > MODE_COUNT_BITS && modes.length < MAX_MODES; start -= MODE_BITS) {
		if (bitsAt(setup, start + TYPES_OFFSET, TYPES_BITS) !== 0) break;
		modes = [bitsAt(setup, start, 1) === 1, ...modes];
		if (bitsAt(setup, start - MODE_COUNT_BITS, MODE_COUNT_BITS) === modes.length - 1) found = modes;
	}
	return found;
}

/** A number in Vorbis' order of bits: the lowest of each byte first. */
function bitsAt(bytes: Uint8Array, start: number, count: number): number {
	let value = 0;
	for (let bit = start + count - 1; bit >= start; bit--) value = value * 2 + ((bytes[bit >> 3] >> (bit & 7)) & 1);
	return value;
}

function lastSetBit(bytes: Uint8Array): number {
	for (let byte = bytes.length - 1; byte >= 0; byte--) {
		if (bytes[byte] !== 0) return byte * 8 + 31 - Math.clz32(bytes[byte]);
	}
	return 0;
}

/** Room for a packet in the library's memory. Real packets are far smaller. */
const INPUT_BYTES = 128 * 1_024;
const MAX_ERRORS = 64;

/** Vorbis, decoded by libvorbis, which is loaded on first use. */
export function vorbisStream(headers: VorbisHeaders): CodecStream {
	const { channels, sampleRate } = headers;
	return {
		codecName: 'Vorbis',
		sampleRate,
		channels,
		layout: VORBIS_CHANNEL_ORDERS[channels],
		createDecoder: () => createVorbisDecoder(headers),
	};
}

async function createVorbisDecoder({
	identification,
	setup,
	sampleRate,
	channels,
}: VorbisHeaders): Promise<PacketDecoder> {
	const { loadVorbis } = await import('../../vendor/vorbis');
	const library = await loadVorbis();
	const { wasm } = library;
	const input = library.allocateTypedArray(INPUT_BYTES, Uint8Array);
	const [inputLength, planes, decodedChannels, rate, decodedFrames, errors, errorCount] = [
		...[1, 1, 1, 1, 1],
		MAX_ERRORS,
		1,
	].map((length) => library.allocateTypedArray(length, Uint32Array));
	const handle = wasm.create_decoder(
		input.ptr,
		inputLength.ptr,
		planes.ptr,
		decodedChannels.ptr,
		rate.ptr,
		decodedFrames.ptr,
		errors.ptr,
		errorCount.ptr,
		MAX_ERRORS,
	);
	const load = (packet: Uint8Array): void => {
		if (packet.length > INPUT_BYTES) throw new VoiceNoteError('corrupt', 'A Vorbis packet is impossibly large');
		input.buf.set(packet);
		inputLength.buf[0] = packet.length;
	};
	load(identification);
	wasm.send_setup(handle, true);
	load(setup);
	wasm.send_setup(handle, false);
	wasm.init_dsp(handle);
	return {
		sampleRate,
		channels,
		decode(packet): PcmBlock {
			load(packet);
			decodedFrames.buf[0] = 0;
			wasm.decode_packets(handle);
			errorCount.buf[0] = 0;
			const [frames] = decodedFrames.buf;
			if (frames === 0) return silentBlock(channels, 0);
			const addresses = new Uint32Array(wasm.HEAP, planes.buf[0], channels);
			return Array.from(addresses, (address) => new Float32Array(wasm.HEAP, address, frames));
		},
		free(): void {
			wasm.destroy_decoder(handle);
			library.free();
		},
	};
}
