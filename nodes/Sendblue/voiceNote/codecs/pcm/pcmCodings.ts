/** The codings of plain samples: one table, to which every container's own names lead. */
import type { RawSampleFormat } from '../../types';
import type { SampleEncoding, SampleFormat } from './sampleFormat';

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
