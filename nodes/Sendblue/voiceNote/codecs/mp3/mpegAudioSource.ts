import type { PcmBlock, PcmSource } from '../../audio';
import type { LameInfo } from '../../containers/mp3/lameInfo';
import { parseLameInfo } from '../../containers/mp3/lameInfo';
import type { MpegAudioFrame, MpegAudioHeader } from '../../containers/mp3/mpegAudioFrames';
import { mpegAudioFrames } from '../../containers/mp3/mpegAudioFrames';
import { trimFrames } from '../../pcmTrim';
import type { FrameRange } from '../../pcmTrim';

/** Samples by which every layer III decoder lags (ISO/IEC 11172-3: the hybrid filter bank's 528, plus one). */
const DECODER_DELAY = 529;

/** Frames are given to the decoder this many bytes at a time, about half a second of speech. */
const BATCH_BYTES = 8_192;

/**
 * Decodes MPEG audio frames from the given first one on, with the encoder's delay and padding removed where the file
 * tells them.
 *
 * @param start offset of the first frame in bytes
 */
export function mpegAudioSource(bytes: Uint8Array, start: number, header: MpegAudioHeader): PcmSource {
	const first = mpegAudioFrames(bytes, start).next();
	const info = first.done ? undefined : parseLameInfo(first.value);
	const audioStart = info ? start + header.frameBytes : start;
	return {
		sampleRate: header.sampleRate,
		channels: header.channels,
		blocks: () =>
			trimFrames(decodedBlocks(bytes, audioStart, header, info?.gapless !== undefined), audibleRange(header, info)),
	};
}

/** Which sample frames are audio, by the LAME tag; all of them where there is none. */
function audibleRange(header: MpegAudioHeader, info: LameInfo | undefined): FrameRange {
	if (!info?.gapless) return { skip: 0 };
	const { delay, padding } = info.gapless;
	const keep = info.frames === undefined ? undefined : info.frames * header.frameSamples - delay - padding;
	return { skip: delay + DECODER_DELAY, keep: keep !== undefined && keep > 0 ? keep : undefined };
}

async function* decodedBlocks(
	bytes: Uint8Array,
	start: number,
	header: MpegAudioHeader,
	lagAtEnd: boolean,
): AsyncGenerator<PcmBlock> {
	const { MPEGDecoder } = await import('../../vendor/mpg123');
	// Our own trimming replaces the decoder's, which does not know what it is not shown.
	const decoder = new MPEGDecoder({ enableGapless: false });
	await decoder.ready;
	try {
		for (const batch of batches(mpegAudioFrames(bytes, start))) {
			const { channelData } = decoder.decode(batch);
			yield channelData.slice(0, header.channels);
		}
		if (lagAtEnd) yield endOfStream(header);
	} finally {
		decoder.free();
	}
}

/** Joins frames that stand one behind the other in the file into larger views. */
function* batches(frames: Iterable<MpegAudioFrame>): Generator<Uint8Array> {
	let batch: Uint8Array | undefined;
	for (const { bytes } of frames) {
		const adjoins = batch && batch.byteOffset + batch.length === bytes.byteOffset && batch.length < BATCH_BYTES;
		if (batch && adjoins) {
			batch = new Uint8Array(batch.buffer, batch.byteOffset, batch.length + bytes.length);
			continue;
		}
		if (batch) yield batch;
		batch = bytes;
	}
	if (batch) yield batch;
}

/** The decoder's lag at the end: silence, so that a range that counts it in is met to the sample. */
function endOfStream({ channels }: MpegAudioHeader): PcmBlock {
	return Array.from({ length: channels }, () => new Float32Array(DECODER_DELAY));
}
