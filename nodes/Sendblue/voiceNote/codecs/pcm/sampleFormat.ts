/** How one uncompressed sample lies in its bytes, and the reading of it. */
/** The codings of plain samples: one table, to which every container's own names lead. */
/**
 * G.711 companding (ITU-T G.711): the 256 codes of each law as linear samples.
 *
 * The ITU gives the laws on scales of 13 (A) and 14 (µ) bits; like every decoder in use we stretch both to
 * 16 bits, so that full scale is about −1 … 1.
 */
import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import { PcmMemory } from '../../pcm/pcmSource';
import type { RawSampleFormat } from '../../types';

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

/**
 * The layout of a sample.
 *
 * @param bits that carry sound
 * @param bytesPerSample as many whole bytes as the bits need, where nothing else is said
 */
export function pcmFormat(
	encoding: SampleEncoding,
	bits: number,
	littleEndian: boolean,
	bytesPerSample = Math.ceil(bits / 8),
): SampleFormat {
	return { encoding, bits, littleEndian, bytesPerSample };
}

/** Every coding of one size, by the name that ffmpeg and most text-to-speech APIs give it. */
export const PCM_CODINGS: Readonly<Record<RawSampleFormat, SampleFormat>> = {
	u8: pcmFormat('uint', 8, false),
	s8: pcmFormat('int', 8, false),
	s16le: pcmFormat('int', 16, true),
	s16be: pcmFormat('int', 16, false),
	s24le: pcmFormat('int', 24, true),
	s24be: pcmFormat('int', 24, false),
	s32le: pcmFormat('int', 32, true),
	s32be: pcmFormat('int', 32, false),
	f32le: pcmFormat('float', 32, true),
	f32be: pcmFormat('float', 32, false),
	f64le: pcmFormat('float', 64, true),
	f64be: pcmFormat('float', 64, false),
	mulaw: pcmFormat('mulaw', 8, false),
	alaw: pcmFormat('alaw', 8, false),
};

/** The four-character codes of QuickTime, AIFF-C and CAF that fix the size of a sample. */
const FIXED_CODES: Readonly<Record<string, RawSampleFormat>> = {
	in16: 's16be',
	in24: 's24be',
	in32: 's32be',
	'42ni': 's24le',
	'23ni': 's32le',
	fl32: 'f32be',
	FL32: 'f32be',
	fl64: 'f64be',
	FL64: 'f64be',
	alaw: 'alaw',
	ALAW: 'alaw',
	ulaw: 'mulaw',
	ULAW: 'mulaw',
};

/** Those that leave the size to a field of the header. */
const OPEN_CODES: Readonly<Record<string, { encoding: SampleEncoding; littleEndian: boolean }>> = {
	NONE: { encoding: 'int', littleEndian: false },
	twos: { encoding: 'int', littleEndian: false },
	sowt: { encoding: 'int', littleEndian: true },
	'raw ': { encoding: 'uint', littleEndian: false },
	ipcm: { encoding: 'int', littleEndian: false },
	fpcm: { encoding: 'float', littleEndian: false },
};

/**
 * The layout of a sample by a four-character code, or undefined for a code that is no plain samples.
 *
 * @param bits the header's sample size, which counts where the code fixes none
 */
export function formatOfCode(code: string, bits: number): SampleFormat | undefined {
	if (Object.hasOwn(FIXED_CODES, code)) return PCM_CODINGS[FIXED_CODES[code]];
	if (!Object.hasOwn(OPEN_CODES, code)) return undefined;
	const { encoding, littleEndian } = OPEN_CODES[code];
	return pcmFormat(encoding, bits, littleEndian);
}

const SIGN_BIT = 0x80;
const SEGMENT_SHIFT = 4;
const SEGMENT_MASK = 0x70;
const MANTISSA_MASK = 0x0f;
const FULL_SCALE = 32768;

/** Added before µ-law encoding so that the segments fall on powers of two; on the 16-bit scale. */
const MULAW_BIAS = 0x84;
/** A-law codes travel with every even bit inverted. */
const ALAW_TOGGLE = 0x55;

function expandMulaw(code: number): number {
	const inverted = ~code & 0xff;
	const segment = (inverted & SEGMENT_MASK) >> SEGMENT_SHIFT;
	const magnitude = ((((inverted & MANTISSA_MASK) << 3) + MULAW_BIAS) << segment) - MULAW_BIAS;
	return (inverted & SIGN_BIT) !== 0 ? -magnitude : magnitude;
}

function expandAlaw(code: number): number {
	const toggled = code ^ ALAW_TOGGLE;
	const segment = (toggled & SEGMENT_MASK) >> SEGMENT_SHIFT;
	const mantissa = ((toggled & MANTISSA_MASK) << 4) + 8;
	const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
	// In A-law the set sign bit means positive.
	return (toggled & SIGN_BIT) !== 0 ? magnitude : -magnitude;
}

/** The 256 µ-law codes as samples in −1 … 1. */
function mulawTable(): Float32Array {
	return Float32Array.from({ length: 256 }, (_, code) => expandMulaw(code) / FULL_SCALE);
}

/** The 256 A-law codes as samples in −1 … 1. */
function alawTable(): Float32Array {
	return Float32Array.from({ length: 256 }, (_, code) => expandAlaw(code) / FULL_SCALE);
}
