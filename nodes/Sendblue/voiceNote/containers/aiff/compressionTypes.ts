/** The sample formats of AIFF and of AIFC's compression types (Apple, "Audio Interchange File Format AIFF-C"). */
import type { SampleEncoding, SampleFormat } from '../../codecs/pcm/sampleFormat';

/** Compression type of QuickTime's IMA ADPCM. */
export const COMPRESSION_IMA4 = 'ima4';
/** Compression types of GSM 6.10, as libsndfile and QuickTime call it. */
export const COMPRESSION_GSM = ['GSM ', 'agsm', 'AGSM'];
/** Compression type of plain samples; also what AIFF has, which knows no other. */
export const COMPRESSION_NONE = 'NONE';

interface CompressionType {
	readonly encoding: SampleEncoding;
	/** Fixed size of a sample in bytes; without it the header's bits decide. */
	readonly bytesPerSample?: number;
	readonly littleEndian?: boolean;
}

const COMPRESSION_TYPES: Readonly<Record<string, CompressionType>> = {
	[COMPRESSION_NONE]: { encoding: 'int' },
	twos: { encoding: 'int' },
	sowt: { encoding: 'int', littleEndian: true },
	'raw ': { encoding: 'uint' },
	in16: { encoding: 'int', bytesPerSample: 2 },
	in24: { encoding: 'int', bytesPerSample: 3 },
	in32: { encoding: 'int', bytesPerSample: 4 },
	'42ni': { encoding: 'int', bytesPerSample: 3, littleEndian: true },
	'23ni': { encoding: 'int', bytesPerSample: 4, littleEndian: true },
	fl32: { encoding: 'float', bytesPerSample: 4 },
	FL32: { encoding: 'float', bytesPerSample: 4 },
	fl64: { encoding: 'float', bytesPerSample: 8 },
	FL64: { encoding: 'float', bytesPerSample: 8 },
	alaw: { encoding: 'alaw', bytesPerSample: 1 },
	ALAW: { encoding: 'alaw', bytesPerSample: 1 },
	ulaw: { encoding: 'mulaw', bytesPerSample: 1 },
	ULAW: { encoding: 'mulaw', bytesPerSample: 1 },
};

/**
 * The layout of a sample, or undefined for a type that is no plain samples.
 *
 * @param bits The header's sample size in bits; a sample takes as many whole bytes as they need.
 */
export function sampleFormatOf(compressionType: string, bits: number): SampleFormat | undefined {
	if (!Object.hasOwn(COMPRESSION_TYPES, compressionType)) return undefined;
	const { encoding, bytesPerSample, littleEndian = false } = COMPRESSION_TYPES[compressionType];
	const bytes = bytesPerSample ?? Math.ceil(bits / 8);
	return { encoding, bits: bytesPerSample === undefined ? bits : 8 * bytes, littleEndian, bytesPerSample: bytes };
}
