import type { PcmBlock, PcmSource } from '../../pcm/pcmSource';
import { silentBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import type { MpegAudioHeader } from './mpegAudioHeader';
import { parseMpegAudioHeader } from './mpegAudioHeader';
import type { LibraryMemory } from '../../vendor/libraryMemory';
import type { Mpg123Library } from '../../vendor/mpg123';

/** Samples by which every layer III decoder lags (ISO/IEC 11172-3: the hybrid filter bank's 528, plus one). */
export const MPEG_DECODER_DELAY = 529;

/** Frames are given to the decoder this many bytes at a time, about half a second of speech. */
const BATCH_BYTES = 8_192;

/** Packets at the start of a stream that are looked at for a frame. */
const MAX_SEARCHED_PACKETS = 1_000;

/**
 * Decodes MPEG audio frames: all of their samples, from the decoder's lag on.
 *
 * @param first header of the first frame
 * @param lagAtEnd whether as many samples follow at the end as the decoder lags behind, so that a range which counts the
 *   lag in is met to the sample
 */
export function mpegAudioSource(
	packets: () => Iterable<Uint8Array>,
	first: MpegAudioHeader,
	lagAtEnd = false,
): PcmSource {
	const { sampleRate, channels, layer } = first;
	return { sampleRate, channels, blocks: () => decodedBlocks(packets(), first, lagAtEnd && layer === 3) };
}

/**
 * The header of the first frame in packets of a container.
 *
 * @throws {VoiceNoteError} `corrupt` where they begin with no frame
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
		'The sound is missing: the MP3 track holds no audio frame',
		'Export the file again.',
	);
}

async function* decodedBlocks(
	frames: Iterable<Uint8Array>,
	header: MpegAudioHeader,
	lagAtEnd: boolean,
): AsyncGenerator<PcmBlock> {
	const decoder = await createMpg123Decoder(header.channels);
	try {
		for (const batch of batches(frames)) {
			if (batch.length > 0) yield* decoder.decode(batch);
			// Whatever came out, so that who pulls can pause here.
			yield silentBlock(header.channels, 0);
		}
		// The decoder's lag, so that a range that counts it in is met to the sample.
		if (lagAtEnd) yield silentBlock(header.channels, MPEG_DECODER_DELAY);
	} finally {
		decoder.free();
	}
}

/** Joins frames that stand one behind the other in the file into larger views; those without bytes stay by themselves. */
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

/** Parts what is too large to be decoded in one go; the decoder puts a frame that is cut together again. */
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

/** Input that is taken at once, in bytes, and samples that come out at once: the sizes mpg123-decoder works with. */
const INPUT_BYTES = 65_536;
const OUTPUT_SAMPLES = 92_448;

/** What `mpeg_decoder_read` results in once all is decoded (mpg123.h, enum mpg123_errors). */
const MPG123_NEED_MORE = -10;

/** A decoder of MPEG audio. */
export interface Mpg123Decoder {
	/**
	 * Decodes frames that stand one behind the other, or parts of them: what is not whole yet is kept for the next call.
	 * Damaged frames give nothing. A block is good until the next one is asked for.
	 *
	 * @param bytes at most 65,536 bytes
	 */
	decode(bytes: Uint8Array): Generator<PcmBlock>;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/**
 * The library that was used last, kept for the next decoder: with 16 MB of new memory for every file the collector would
 * go through the whole of n8n every few files.
 */
let idle: LibraryMemory<Mpg123Library> | undefined;

async function takeLibrary(): Promise<LibraryMemory<Mpg123Library>> {
	const { loadMpg123 } = await import('../../vendor/mpg123');
	const library = idle ?? (await loadMpg123());
	idle = undefined;
	return library;
}

/** Loads mpg123 on first use and sets a decoder up that leaves the encoder's delay in, as it does not see the whole file. */
async function createMpg123Decoder(channels: number): Promise<Mpg123Decoder> {
	const memory = await takeLibrary();
	const { wasm } = memory;
	const input = memory.allocateTypedArray(INPUT_BYTES, Uint8Array);
	const output = memory.allocateTypedArray(OUTPUT_SAMPLES, Float32Array);
	const [handle, frames, sampleRate, error] = Array.from({ length: 4 }, () =>
		memory.allocateTypedArray(1, Uint32Array),
	);
	if (wasm.mpeg_frame_decoder_create(handle.ptr, 0) !== 0) {
		throw new VoiceNoteError('limit', 'The decoder of MPEG audio could not be set up');
	}
	const decoder = handle.buf[0];
	/** Whether no call was stopped in the middle, which leaves memory that nothing may be called with again. */
	let isSound = true;

	const call = (work: () => number): number => {
		isSound = false;
		const result = work();
		isSound = true;
		return result;
	};
	const feed = (bytes: number): number => call(() => wasm.mpeg_decoder_feed(decoder, input.ptr, bytes));
	/** Decodes more of what was fed. */
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
			// Other results are the start of a stream, or damage, after which mpg123 goes on.
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
			// One that stopped in the middle is left to the collector with all its memory.
			if (!isSound) return;
			wasm.mpeg_frame_decoder_destroy(decoder);
			memory.free();
			idle = memory;
		},
	};
}
