import { joinBytes, littleEndian } from '../bytes.cts';

/** Fields of an Opus identification header (RFC 7845, section 5.1). */
export interface OpusHeadFields {
	channels?: number;
	/** Samples at 48 kHz. */
	preSkip?: number;
	/** In 1/256 dB. */
	gain?: number;
	version?: number;
	/** Family, then for families other than 0: streams, coupled streams and the table. */
	mapping?: number[];
}

/** An Opus identification header. */
export function opusHead({
	channels = 1,
	preSkip = 312,
	gain = 0,
	version = 1,
	mapping = [0],
}: OpusHeadFields = {}): Uint8Array {
	return joinBytes(
		'OpusHead',
		[version, channels],
		littleEndian(preSkip, 2),
		littleEndian(48_000, 4),
		littleEndian(gain, 2),
		mapping,
	);
}

/** A comment header with nothing in it but a vendor, and as many bytes of padding as asked for. */
export const opusTags = (padding = 0): Uint8Array =>
	joinBytes('OpusTags', littleEndian(4, 4), 'test', littleEndian(0, 4), new Uint8Array(padding));
