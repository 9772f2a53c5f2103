import type { PcmBlock, PcmSource } from '../../pcm/pcmSource';
import { silentBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import type { MpegAudioHeader } from './frameHeader';
import { parseMpegAudioHeader } from './frameHeader';
import { createMpg123Decoder } from './mpg123Decoder';

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
