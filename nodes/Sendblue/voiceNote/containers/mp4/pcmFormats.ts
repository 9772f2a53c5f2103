/** Uncompressed samples in QuickTime and MP4 files. */
import { formatOfCode, PCM_CODINGS, pcmFormat } from '../../codecs/pcm/sampleFormat';
import type { SampleFormat } from '../../codecs/pcm/sampleFormat';
import { contentsOf, FULL_BOX_BYTES } from './boxes';
import type { SampleEntry } from './sampleEntry';
import { extensionOf } from './sampleEntry';

/** Flags of `lpcm` (Apple, CoreAudioTypes.h). */
const IS_FLOAT = 1;
const IS_BIG_ENDIAN = 2;
const IS_SIGNED = 4;

/** The layout of a track's samples, or undefined where they are no plain samples. */
export function pcmSampleFormat(bytes: Uint8Array, entry: SampleEntry): SampleFormat | undefined {
	const { format, bits, pcmFlags = 0 } = entry;
	if (format === 'lpcm') {
		const encoding = (pcmFlags & IS_FLOAT) !== 0 ? 'float' : (pcmFlags & IS_SIGNED) !== 0 ? 'int' : 'uint';
		return pcmFormat(encoding, bits, (pcmFlags & IS_BIG_ENDIAN) === 0);
	}
	const stated = statedByteOrder(bytes, entry);
	// `raw ` has 8 bits whatever is stated, and 8 bits of `NONE` are unsigned as in it.
	const isUnsigned = format === 'raw ' || (format === 'NONE' && (stated?.bits || bits) === 8);
	const found = isUnsigned ? PCM_CODINGS.u8 : formatOfCode(format, stated?.bits || bits);
	return found && { ...found, littleEndian: stated?.littleEndian ?? found.littleEndian };
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
