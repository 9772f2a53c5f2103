import type { PcmBlock, PcmSource } from '../../pcm/pcmSource';
import type { LameInfo } from '../../containers/mp3/lameInfo';
import { parseLameInfo } from '../../containers/mp3/lameInfo';
import type { MpegFrameRemarks } from '../../containers/mp3/mpegAudioFrames';
import { mpegAudioFrames } from '../../containers/mp3/mpegAudioFrames';
import { trimFrames } from '../../pcm/trimFrames';
import type { FrameRange } from '../../pcm/trimFrames';
import { silentBlock } from '../../pcm/pcmSource';
import type { WorkSlices } from '../../workSlices';
import type { MpegAudioHeader } from './frameHeader';
import { createMpg123Decoder } from './mpg123Decoder';

/** Samples by which every layer III decoder lags (ISO/IEC 11172-3: the hybrid filter bank's 528, plus one). */
const DECODER_DELAY = 529;

/** Some writers count the information frame too, or a last frame that they do not write. */
const COUNTING_TOLERANCE = 2;

/** Frames are given to the decoder this many bytes at a time, about half a second of speech. */
const BATCH_BYTES = 8_192;

/** What is worth a remark to the user. */
export interface MpegAudioRemarks extends MpegFrameRemarks {
	/** The file holds fewer frames than it says. */
	onCut(): void;
}

/**
 * Decodes MPEG audio frames from the given first one on, with the encoder's delay and padding removed where the file
 * tells them.
 *
 * @param start offset of the first frame in bytes
 */
export async function mpegAudioSource(
	bytes: Uint8Array,
	start: number,
	header: MpegAudioHeader,
	remarks: MpegAudioRemarks,
	slices: WorkSlices,
): Promise<PcmSource> {
	const first = mpegAudioFrames(bytes, start).next();
	const info = first.done ? undefined : parseLameInfo(first.value);
	const audioStart = info ? start + header.frameBytes : start;
	const frames = function* () {
		let count = 0;
		let isDamaged = false;
		const onDamage = (): void => {
			isDamaged = true;
			remarks.onDamage();
		};
		for (const frame of mpegAudioFrames(bytes, audioStart, { onOther: () => remarks.onOther(), onDamage })) {
			// Where files were put one behind the other, each brings its information frame, which is not audio.
			if (parseLameInfo(frame)) continue;
			if (frame.bytes.length > 0) count++;
			yield frame.bytes;
		}
		const isShort = info?.frames !== undefined && count + COUNTING_TOLERANCE < info.frames;
		if (isShort && !isDamaged) remarks.onCut();
	};
	const goesOn = info?.frames !== undefined && (await holdsMoreFrames(bytes, audioStart, info.frames, slices));
	const range = audibleRange(header, info, goesOn);
	return {
		sampleRate: header.sampleRate,
		channels: header.channels,
		blocks: () => trimFrames(decodedBlocks(frames(), header, info?.gapless !== undefined), range),
	};
}

/**
 * Decodes MPEG audio frames that a container holds as packets.
 *
 * @param header of the first frame
 * @param range which of the decoded sample frames are audio, the decoder's lag counted in
 */
export function mpegAudioPacketSource(
	packets: () => Iterable<Uint8Array>,
	header: MpegAudioHeader,
	range: FrameRange,
): PcmSource {
	const lagAtEnd = header.layer === 3 && range.keep !== undefined;
	return {
		sampleRate: header.sampleRate,
		channels: header.channels,
		blocks: () => trimFrames(decodedBlocks(packets(), header, lagAtEnd), range),
	};
}

/** Which sample frames are audio, by the LAME tag; all of them where there is none. */
function audibleRange(header: MpegAudioHeader, info: LameInfo | undefined, goesOn: boolean): FrameRange {
	if (!info?.gapless) return { skip: 0 };
	const { delay, padding } = info.gapless;
	const keep = info.frames && !goesOn ? info.frames * header.frameSamples - delay - padding : undefined;
	return { skip: delay + DECODER_DELAY, keep: keep !== undefined && keep > 0 ? keep : undefined };
}

/** Whether more frames follow than the information counts, as where files were put one behind the other. */
async function holdsMoreFrames(bytes: Uint8Array, start: number, frames: number, slices: WorkSlices): Promise<boolean> {
	let count = 0;
	for (const frame of mpegAudioFrames(bytes, start)) {
		if (frame.bytes.length > 0 && ++count > frames) return true;
		if (slices.due) await slices.rest();
	}
	return false;
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
		if (lagAtEnd) yield silentBlock(header.channels, DECODER_DELAY);
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
