import { VoiceNoteError } from '../../errors';
import { type PcmBlock, type PcmSource, silentBlock } from '../../pcm/pcmSource';
import type * as mpg123 from '../../vendor/mpg123';

/**
 * The header of an MPEG audio frame (ISO/IEC 11172-3, section 2.4.2.3, and 13818-3): layers I to III, with the low
 * sample rates of MPEG-2 and 2.5.
 */

/** What the header of a frame says. */
export interface MpegAudioHeader {
	/** Version of MPEG; 2.5 is an extension for low sample rates that no standard describes. */
	version: 1 | 2 | 2.5;
	layer: 1 | 2 | 3;
	/** Hz. */
	sampleRate: number;
	channels: 1 | 2;
	/** Size of the whole frame in bytes. */
	frameBytes: number;
	/** Samples per channel in the frame. */
	frameSamples: number;
}

export const MPEG_AUDIO_HEADER_BYTES = 4;

const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** kb/s by bitrate index 1 to 14. */
const BITRATES_V1_LAYER1 = [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
const BITRATES_V1_LAYER2 = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const BITRATES_V1_LAYER3 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_V2_LAYER1 = [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const BITRATES_V2_LAYER2_AND_3 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

const SINGLE_CHANNEL_MODE = 3;

/** Reads the header at an offset; undefined if there cannot be one. Free-format frames are not read. */
export function parseMpegAudioHeader(bytes: Uint8Array, offset: number): MpegAudioHeader | undefined {
	if (offset + MPEG_AUDIO_HEADER_BYTES > bytes.length) return undefined;
	const flags = bytes[offset + 1];
	if (bytes[offset] !== 0xff || (flags & 0xe0) !== 0xe0) return undefined;
	const rates = bytes[offset + 2];
	const mode = bytes[offset + 3];
	const versionBits = (flags >> 3) & 3;
	const layerBits = (flags >> 1) & 3;
	const bitrateIndex = rates >> 4;
	const sampleRateIndex = (rates >> 2) & 3;
	const reserved = versionBits === 1 || layerBits === 0 || sampleRateIndex === 3;
	if (reserved || bitrateIndex === 0 || bitrateIndex === 15) return undefined;

	const version = versionBits === 3 ? 1 : versionBits === 2 ? 2 : 2.5;
	const layer = (4 - layerBits) as 1 | 2 | 3;
	const sampleRate = SAMPLE_RATES[sampleRateIndex] / (version === 1 ? 1 : version === 2 ? 2 : 4);
	const bitrate = bitratesOf(version, layer)[bitrateIndex - 1] * 1_000;
	const padding = (rates >> 1) & 1;
	const frameSamples = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1_152;
	const slotBytes = layer === 1 ? 4 : 1;
	const slots = Math.floor((frameSamples / 8 / slotBytes) * (bitrate / sampleRate)) + padding;
	return {
		version,
		layer,
		sampleRate,
		channels: mode >> 6 === SINGLE_CHANNEL_MODE ? 1 : 2,
		frameBytes: slots * slotBytes,
		frameSamples,
	};
}

function bitratesOf(version: number, layer: number): number[] {
	if (version !== 1) return layer === 1 ? BITRATES_V2_LAYER1 : BITRATES_V2_LAYER2_AND_3;
	return [BITRATES_V1_LAYER1, BITRATES_V1_LAYER2, BITRATES_V1_LAYER3][layer - 1];
}

/** The decoder delay of layer III in samples: 528 of the hybrid filter bank (ISO/IEC 11172-3), and one more. */
export const MPEG_DECODER_DELAY = 529;

/** Bytes per call of the decoder: half a second at 128 kb/s. */
const BATCH_BYTES = 8_192;

/** Packets at the start of a stream that are searched for a frame. */
const MAX_SEARCHED_PACKETS = 1_000;

/**
 * Decodes MPEG audio frames: all of their samples, with the decoder delay in front.
 *
 * @param first header of the first frame
 * @param delayAtEnd whether silence of the length of the decoder delay follows, so that a range that counts the delay
 *   can be filled to the sample
 */
export function mpegAudioSource(
	packets: () => Iterable<Uint8Array>,
	first: MpegAudioHeader,
	delayAtEnd = false,
): PcmSource {
	const { sampleRate, channels, layer } = first;
	return { sampleRate, channels, blocks: () => decodedBlocks(packets(), first, delayAtEnd && layer === 3) };
}

/**
 * Finds the header of the first frame in the packets of a container.
 *
 * @throws {VoiceNoteError} `corrupt` if no packet begins with a frame
 */
export function firstMpegHeader(packets: Iterable<Uint8Array>): MpegAudioHeader {
	let searched = 0;
	for (const packet of packets) {
		if (++searched > MAX_SEARCHED_PACKETS) break;
		const header = parseMpegAudioHeader(packet, 0);
		if (header) return header;
	}
	throw new VoiceNoteError(
		'corrupt',
		'The MP3 track holds no sound: all of its frames are missing',
		'Export or download the whole file again.',
	);
}

async function* decodedBlocks(
	frames: Iterable<Uint8Array>,
	header: MpegAudioHeader,
	delayAtEnd: boolean,
): AsyncGenerator<PcmBlock> {
	const decoder = await createMpg123Decoder(header.channels);
	try {
		for (const batch of batches(frames)) {
			if (batch.length > 0) yield* decoder.decode(batch);
			// Even without output, so that the caller can pause here.
			yield silentBlock(header.channels, 0);
		}
		// The decoder delay, so that a range that counts it can be filled to the sample.
		if (delayAtEnd) yield silentBlock(header.channels, MPEG_DECODER_DELAY);
	} finally {
		decoder.free();
	}
}

/** Joins frames that are neighbors in memory into larger views; empty ones stay by themselves. */
function* batches(frames: Iterable<Uint8Array>): Generator<Uint8Array> {
	let batch: Uint8Array | undefined;
	for (const bytes of pieces(frames)) {
		if (batch && batch.length > 0 && bytes.length > 0 && batch.length < BATCH_BYTES && adjoins(batch, bytes)) {
			batch = new Uint8Array(batch.buffer, batch.byteOffset, batch.length + bytes.length);
			continue;
		}
		if (batch) yield batch;
		batch = bytes;
	}
	if (batch) yield batch;
}

/** Splits packets that are too large for one call; the decoder rejoins a frame that is cut in two. */
function* pieces(packets: Iterable<Uint8Array>): Generator<Uint8Array> {
	for (const packet of packets) {
		if (packet.length === 0) yield packet;
		for (let start = 0; start < packet.length; start += BATCH_BYTES) {
			yield packet.subarray(start, start + BATCH_BYTES);
		}
	}
}

function adjoins(first: Uint8Array, second: Uint8Array): boolean {
	return first.buffer === second.buffer && first.byteOffset + first.length === second.byteOffset;
}

/** Room for input, in bytes, and for samples that come out of one call: the sizes that mpg123-decoder works with. */
const INPUT_BYTES = 65_536;
const OUTPUT_SAMPLES = 92_448;

/** What `mpeg_decoder_read` returns when all it was fed has been decoded (mpg123.h, enum mpg123_errors). */
const MPG123_NEED_MORE = -10;

/** A decoder of MPEG audio. */
export interface Mpg123Decoder {
	/**
	 * Decodes a run of frames. A frame that is incomplete at the end of the bytes is kept for the next call. Damaged
	 * frames give nothing. The blocks are borrowed buffers.
	 *
	 * @param bytes at most 65,536 bytes
	 */
	decode(bytes: Uint8Array): Generator<PcmBlock>;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/** mpg123 in memory of its own. */
type Mpg123 = Awaited<ReturnType<typeof mpg123.loadMpg123>>;

/**
 * The library of the last decoder, kept for the next one: with 16 MB of new memory per file, the garbage collector
 * would go through all of n8n's memory every few files.
 */
let idle: Mpg123 | undefined;

async function takeLibrary(): Promise<Mpg123> {
	const { loadMpg123 } = await import('../../vendor/mpg123');
	const library = idle ?? (await loadMpg123());
	idle = undefined;
	return library;
}

/** Loads mpg123 on first use and sets up a decoder. It leaves the priming in, since it does not see the whole file. */
async function createMpg123Decoder(channels: number): Promise<Mpg123Decoder> {
	const library = await takeLibrary();
	const { wasm } = library;
	const input = library.allocateTypedArray(INPUT_BYTES, Uint8Array);
	const output = library.allocateTypedArray(OUTPUT_SAMPLES, Float32Array);
	const [handle, frames, sampleRate, error] = Array.from({ length: 4 }, () =>
		library.allocateTypedArray(1, Uint32Array),
	);
	if (wasm.mpeg_frame_decoder_create(handle.ptr, 0) !== 0) {
		throw new VoiceNoteError('limit', 'The MP3 decoder could not be set up');
	}
	const decoder = handle.buf[0];
	/** False once a call trapped; then the library's memory must not be used again. */
	let isUsable = true;

	const call = (work: () => number): number => {
		isUsable = false;
		const result = work();
		isUsable = true;
		return result;
	};
	const feed = (bytes: number): number => call(() => wasm.mpeg_decoder_feed(decoder, input.ptr, bytes));
	/** Decodes some of what was fed. */
	const read = (): number => {
		frames.buf[0] = 0;
		return call(() =>
			wasm.mpeg_decoder_read(decoder, output.ptr, OUTPUT_SAMPLES, frames.ptr, sampleRate.ptr, error.ptr),
		);
	};
	return {
		*decode(bytes) {
			input.buf.set(bytes);
			if (feed(bytes.length) === MPG123_NEED_MORE) return;
			// Other results mean the start of a stream, or damage that mpg123 recovers from.
			for (let result = 0; result !== MPG123_NEED_MORE; ) {
				result = read();
				const count = frames.buf[0];
				if (count === 0) continue;
				yield Array.from({ length: channels }, (_, channel) =>
					output.buf.subarray(channel * count, (channel + 1) * count),
				);
			}
		},
		free() {
			// A library in which a call trapped is left to the garbage collector.
			if (!isUsable) return;
			wasm.mpeg_frame_decoder_destroy(decoder);
			library.free();
			idle = library;
		},
	};
}
