/** Uncompressed samples in QuickTime and MP4 files. */
import type { SampleEncoding, SampleFormat } from '../../codecs/pcm/sampleFormat';
import { contentsOf, FULL_BOX_BYTES } from './boxes';
import type { SampleEntry } from './sampleEntry';
import { extensionOf } from './sampleEntry';

/** Flags of `lpcm` (Apple, CoreAudioTypes.h). */
const IS_FLOAT = 1;
const IS_BIG_ENDIAN = 2;
const IS_SIGNED = 4;

/** Encoding, bytes per sample (0: by the description's bits) and byte order of each format. */
const FORMATS: Readonly<Record<string, readonly [SampleEncoding, number, 'big' | 'little']>> = {
	twos: ['int', 0, 'big'],
	sowt: ['int', 0, 'little'],
	'raw ': ['uint', 1, 'big'],
	NONE: ['int', 0, 'big'],
	in24: ['int', 3, 'big'],
	in32: ['int', 4, 'big'],
	fl32: ['float', 4, 'big'],
	fl64: ['float', 8, 'big'],
	alaw: ['alaw', 1, 'big'],
	ulaw: ['mulaw', 1, 'big'],
	ipcm: ['int', 0, 'big'],
	fpcm: ['float', 0, 'big'],
};

/** The layout of a track's samples, or undefined where they are no plain samples. */
export function pcmSampleFormat(bytes: Uint8Array, entry: SampleEntry): SampleFormat | undefined {
	const { format, bits, pcmFlags = 0 } = entry;
	if (format === 'lpcm') {
		const encoding = (pcmFlags & IS_FLOAT) !== 0 ? 'float' : (pcmFlags & IS_SIGNED) !== 0 ? 'int' : 'uint';
		return sampleFormat(encoding, bits, (pcmFlags & IS_BIG_ENDIAN) === 0);
	}
	if (!Object.hasOwn(FORMATS, format)) return undefined;
	const [encoding, bytesPerSample, order] = FORMATS[format];
	const stated = statedByteOrder(bytes, entry);
	const little = stated?.littleEndian ?? order === 'little';
	// 8 bits of `NONE` are unsigned, as in `raw `.
	const isUnsigned = format === 'NONE' && bits === 8;
	return sampleFormat(isUnsigned ? 'uint' : encoding, bytesPerSample * 8 || stated?.bits || bits, little);
}

function sampleFormat(encoding: SampleEncoding, bits: number, littleEndian: boolean): SampleFormat {
	return { encoding, bits, littleEndian, bytesPerSample: Math.ceil(bits / 8) };
}

/** QuickTime's `enda` box, and `pcmC` of ISO/IEC 23003-5. */
function statedByteOrder(bytes: Uint8Array, entry: SampleEntry): { littleEndian: boolean; bits?: number } | undefined {
	const enda = extensionOf(bytes, entry, 'enda');
	if (enda && enda.end - enda.start >= 2) return { littleEndian: contentsOf(bytes, enda).getUint16(0) === 1 };
	const config = extensionOf(bytes, entry, 'pcmC');
	if (!config || config.end - config.start < FULL_BOX_BYTES + 2) return undefined;
	const view = contentsOf(bytes, config);
	return { littleEndian: (view.getUint8(FULL_BOX_BYTES) & 1) === 1, bits: view.getUint8(FULL_BOX_BYTES + 1) };
}
