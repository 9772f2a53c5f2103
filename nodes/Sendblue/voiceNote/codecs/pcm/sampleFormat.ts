/** How one uncompressed sample lies in its bytes, and the reading of it. */
import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import { PcmMemory } from '../../pcm/sampleMemory';
import { alawTable, mulawTable } from './g711';

/** How the number in a sample is written. `uint` is offset binary: the middle of the range is silence. */
export type SampleEncoding = 'int' | 'uint' | 'float' | 'alaw' | 'mulaw';

/** The layout of one uncompressed sample. */
export interface SampleFormat {
	readonly encoding: SampleEncoding;
	/**
	 * Bits that carry sound. Where they are fewer than the bytes hold (20 bits in 3 bytes), they are the upper
	 * ones and the rest is zero, as WAVE, AIFF and CAF prescribe; full scale is therefore always that of the bytes.
	 */
	readonly bits: number;
	readonly littleEndian: boolean;
	readonly bytesPerSample: number;
}

/**
 * Reads interleaved samples.
 *
 * @param byteOffset Where the first frame starts in `bytes`.
 * @param frames Number of frames (one sample of every channel) to read.
 * @returns One array of `frames` samples per channel, good until the next call.
 * @throws {VoiceNoteError} `corrupt` where the bytes end before the last frame.
 */
export type SampleReader = (bytes: Uint8Array, byteOffset: number, frames: number) => PcmBlock;

/** Fills `samples` with every `stride`-th byte position's sample, from `start` on. */
type ChannelReader = (view: DataView, start: number, stride: number, samples: Float32Array) => void;

/**
 * Floating point may pass ±1 (and is then clipped later, if at all), but what lies above +24 dB is damage, and
 * one such sample would ring through the resampler.
 */
const LARGEST_FLOAT_SAMPLE = 16;

function soundFloat(sample: number): number {
	if (sample > LARGEST_FLOAT_SAMPLE) return LARGEST_FLOAT_SAMPLE;
	if (sample < -LARGEST_FLOAT_SAMPLE) return -LARGEST_FLOAT_SAMPLE;
	return Number.isNaN(sample) ? 0 : sample;
}

/** Any law of one byte per sample is 256 values. */
function tableReader(table: Float32Array): ChannelReader {
	return (view, start, stride, samples) => {
		for (let i = 0, at = start; i < samples.length; i++, at += stride) samples[i] = table[view.getUint8(at)];
	};
}

function int16Reader(littleEndian: boolean): ChannelReader {
	return (view, start, stride, samples) => {
		for (let i = 0, at = start; i < samples.length; i++, at += stride) {
			samples[i] = view.getInt16(at, littleEndian) / 0x8000;
		}
	};
}

function int24Reader(littleEndian: boolean): ChannelReader {
	const highByte = littleEndian ? 2 : 0;
	const lowBytes = littleEndian ? 0 : 1;
	return (view, start, stride, samples) => {
		for (let i = 0, at = start; i < samples.length; i++, at += stride) {
			const value = (view.getInt8(at + highByte) << 16) | view.getUint16(at + lowBytes, littleEndian);
			samples[i] = value / 0x800000;
		}
	};
}

function int32Reader(littleEndian: boolean): ChannelReader {
	return (view, start, stride, samples) => {
		for (let i = 0, at = start; i < samples.length; i++, at += stride) {
			samples[i] = view.getInt32(at, littleEndian) / 0x80000000;
		}
	};
}

function float32Reader(littleEndian: boolean): ChannelReader {
	return (view, start, stride, samples) => {
		for (let i = 0, at = start; i < samples.length; i++, at += stride) {
			samples[i] = soundFloat(view.getFloat32(at, littleEndian));
		}
	};
}

function float64Reader(littleEndian: boolean): ChannelReader {
	return (view, start, stride, samples) => {
		for (let i = 0, at = start; i < samples.length; i++, at += stride) {
			samples[i] = soundFloat(view.getFloat64(at, littleEndian));
		}
	};
}

function channelReader({ encoding, bytesPerSample, littleEndian }: SampleFormat): ChannelReader | undefined {
	switch (`${encoding}${bytesPerSample}`) {
		case 'mulaw1':
			return tableReader(mulawTable());
		case 'alaw1':
			return tableReader(alawTable());
		case 'uint1':
			return tableReader(Float32Array.from({ length: 256 }, (_, code) => (code - 0x80) / 0x80));
		case 'int1':
			return tableReader(Float32Array.from({ length: 256 }, (_, code) => ((code << 24) >> 24) / 0x80));
		case 'int2':
			return int16Reader(littleEndian);
		case 'int3':
			return int24Reader(littleEndian);
		case 'int4':
			return int32Reader(littleEndian);
		case 'float4':
			return float32Reader(littleEndian);
		case 'float8':
			return float64Reader(littleEndian);
		default:
			return undefined;
	}
}

/** @throws {VoiceNoteError} `unsupported` for a combination nobody writes (16-bit float, unsigned above 8 bits…). */
export function assertSampleFormat(format: SampleFormat): ChannelReader {
	const read = channelReader(format);
	if (read !== undefined) return read;
	throw new VoiceNoteError(
		'unsupported',
		`The audio holds ${format.bits}-bit ${format.encoding} samples in ${format.bytesPerSample} bytes each, ` +
			'which are not supported',
		'Use 8, 16, 24 or 32-bit PCM, or 32 or 64-bit floating point.',
	);
}

/**
 * Makes the reader for one sample format.
 *
 * Integers become −1 … 1 by division through their full scale: exact up to 24 bits, rounded to the nearest
 * Float32 above. Floating point is taken as it is, but NaN becomes 0 and infinities end at ±16.
 *
 * @throws {VoiceNoteError} `unsupported` for a combination nobody writes (16-bit float, unsigned above 8 bits…).
 */
export function createSampleReader(format: SampleFormat, channels: number): SampleReader {
	const read = assertSampleFormat(format);
	const frameBytes = format.bytesPerSample * channels;
	const memory = new PcmMemory(channels);

	return (bytes, byteOffset, frames) => {
		if (byteOffset + frames * frameBytes > bytes.length) {
			throw new VoiceNoteError('corrupt', 'The audio ends in the middle of a block of samples');
		}
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const block = memory.take(frames);
		block.forEach((samples, channel) => {
			read(view, byteOffset + channel * format.bytesPerSample, frameBytes, samples);
		});
		return block;
	};
}
