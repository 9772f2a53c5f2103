/** Uncompressed samples: their formats, what containers call these, and how samples are read. */
import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import { PcmMemory } from '../../pcm/pcmSource';
import type { RawSampleFormat } from '../../types';

/** The number format of a sample. `uint` is offset binary: silence is in the middle of the range. */
export type SampleEncoding = 'int' | 'uint' | 'float' | 'alaw' | 'mulaw';

/** The format of one sample. */
export interface SampleFormat {
	readonly encoding: SampleEncoding;
	/**
	 * Bits that carry audio. If the bytes hold more (20 bits in 3 bytes), these are the upper ones and the rest is zero,
	 * as WAVE, AIFF and CAF prescribe. So full scale is always that of the bytes.
	 */
	readonly bits: number;
	readonly littleEndian: boolean;
	readonly bytesPerSample: number;
}

/**
 * Reads interleaved samples.
 *
 * @param byteOffset Start of the first frame in `bytes`.
 * @param frames Number of frames (one sample of every channel) to read.
 * @returns `frames` samples per channel, in a borrowed buffer
 * @throws {VoiceNoteError} `corrupt` if the bytes end before the last frame
 */
export type SampleReader = (bytes: Uint8Array, byteOffset: number, frames: number) => PcmBlock;

/** Fills `samples` from samples that are `stride` bytes apart, the first of them at `start`. */
type ChannelReader = (view: DataView, start: number, stride: number, samples: Float32Array) => void;

/**
 * Floating-point samples may exceed ±1 (and are clipped later, if at all). But a sample beyond ±16, which is +24 dB, is
 * damage, and would ring through the resampler.
 */
const LARGEST_FLOAT_SAMPLE = 16;

function limitedFloat(sample: number): number {
	if (sample > LARGEST_FLOAT_SAMPLE) return LARGEST_FLOAT_SAMPLE;
	if (sample < -LARGEST_FLOAT_SAMPLE) return -LARGEST_FLOAT_SAMPLE;
	return Number.isNaN(sample) ? 0 : sample;
}

/** For samples of one byte: a table of the 256 values. */
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
			samples[i] = limitedFloat(view.getFloat32(at, littleEndian));
		}
	};
}

function float64Reader(littleEndian: boolean): ChannelReader {
	return (view, start, stride, samples) => {
		for (let i = 0, at = start; i < samples.length; i++, at += stride) {
			samples[i] = limitedFloat(view.getFloat64(at, littleEndian));
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

/**
 * Makes sure that a sample format can be read, and returns its reader.
 *
 * @throws {VoiceNoteError} `unsupported` for a combination that nobody writes (16-bit float, unsigned above 8 bits …)
 */
export function assertSampleFormat(format: SampleFormat): ChannelReader {
	const read = channelReader(format);
	if (read !== undefined) return read;
	throw new VoiceNoteError(
		'unsupported',
		`The audio has ${format.bits}-bit ${format.encoding} samples of ${format.bytesPerSample} bytes each, ` +
			'which cannot be read',
		'Use 8, 16, 24 or 32-bit PCM, or 32 or 64-bit floating point.',
	);
}

/**
 * Creates the reader for a sample format.
 *
 * Integers are divided by their full scale. The result is exact up to 24 bits; beyond that, it is rounded to the
 * nearest Float32. Floating-point samples stay as they are, but NaN becomes 0, and anything beyond ±16 becomes ±16.
 *
 * @throws {VoiceNoteError} `unsupported` for a combination that nobody writes (16-bit float, unsigned above 8 bits …)
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
 * A sample format.
 *
 * @param bits that carry audio
 * @param bytesPerSample by default as many whole bytes as the bits need
 */
export function pcmFormat(
	encoding: SampleEncoding,
	bits: number,
	littleEndian: boolean,
	bytesPerSample = Math.ceil(bits / 8),
): SampleFormat {
	return { encoding, bits, littleEndian, bytesPerSample };
}

/** Sample formats by the names that ffmpeg and most text-to-speech APIs use. */
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

/** Four-character codes of QuickTime, AIFF-C and CAF that include the size of a sample. */
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

/** Codes that leave the size of a sample to the header. */
const OPEN_CODES: Readonly<Record<string, { encoding: SampleEncoding; littleEndian: boolean }>> = {
	NONE: { encoding: 'int', littleEndian: false },
	twos: { encoding: 'int', littleEndian: false },
	sowt: { encoding: 'int', littleEndian: true },
	'raw ': { encoding: 'uint', littleEndian: false },
	ipcm: { encoding: 'int', littleEndian: false },
	fpcm: { encoding: 'float', littleEndian: false },
};

/**
 * The sample format of a four-character code.
 *
 * @param bits the sample size of the header, for codes that do not include it
 * @returns undefined for a code of anything but uncompressed samples
 */
export function formatOfCode(code: string, bits: number): SampleFormat | undefined {
	if (Object.hasOwn(FIXED_CODES, code)) return PCM_CODINGS[FIXED_CODES[code]];
	if (!Object.hasOwn(OPEN_CODES, code)) return undefined;
	const { encoding, littleEndian } = OPEN_CODES[code];
	return pcmFormat(encoding, bits, littleEndian);
}

/*
 * G.711 (ITU-T G.711): 8 bits per sample on a logarithmic scale. The standard defines A-law on a scale of 13 bits and
 * µ-law on one of 14. We stretch both to 16 bits, as all decoders do, so that full scale is about −1 … 1.
 */
const SIGN_BIT = 0x80;
const SEGMENT_SHIFT = 4;
const SEGMENT_MASK = 0x70;
const MANTISSA_MASK = 0x0f;
const FULL_SCALE = 32768;

/** Added before µ-law encoding, so that the segments begin at powers of two; on the 16-bit scale. */
const MULAW_BIAS = 0x84;
/** A-law codes have every second bit inverted. */
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
	// In A-law a set sign bit means positive.
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
