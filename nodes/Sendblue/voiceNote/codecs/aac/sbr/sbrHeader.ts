import type { BitReader } from '../../../bits/bitReader';

/** sbr_header() (ISO/IEC 14496-3, Table 4.63): what holds for all frames up to the next one. Names as there. */
export interface SbrHeader {
	/** Steps of envelopes: 0 is 1.5 dB, 1 is 3 dB. */
	ampRes: number;
	startFreq: number;
	stopFreq: number;
	xoverBand: number;
	/** Bands per octave: 0 none, else 12, 10 or 8. */
	freqScale: number;
	/** Wider bands. */
	alterScale: number;
	/** Noise bands per octave. */
	noiseBands: number;
	limiterBands: number;
	limiterGains: number;
	/** 1 measures the copied signal in every QMF band, 0 in every band of the envelope. */
	interpolFreq: number;
	/** 0 smooths gains over time. */
	smoothingMode: number;
}

/** The fields that everything the decoder remembers hangs on. */
const RESET_FIELDS = ['startFreq', 'stopFreq', 'xoverBand', 'freqScale', 'alterScale', 'noiseBands'] as const;

/**
 * Reads a header. What it does not send goes back to its default; it does not stay as it was.
 *
 * @throws {VoiceNoteError} `corrupt` where the payload ends before.
 */
export function readSbrHeader(reader: BitReader): SbrHeader {
	const ampRes = reader.read(1);
	const startFreq = reader.read(4);
	const stopFreq = reader.read(4);
	const xoverBand = reader.read(3);
	reader.skip(2); // bs_reserved
	const scalesSent = reader.readFlag();
	const limitsSent = reader.readFlag();
	return {
		ampRes,
		startFreq,
		stopFreq,
		xoverBand,
		freqScale: scalesSent ? reader.read(2) : 2,
		alterScale: scalesSent ? reader.read(1) : 1,
		noiseBands: scalesSent ? reader.read(2) : 2,
		limiterBands: limitsSent ? reader.read(2) : 2,
		limiterGains: limitsSent ? reader.read(2) : 2,
		interpolFreq: limitsSent ? reader.read(1) : 1,
		smoothingMode: limitsSent ? reader.read(1) : 1,
	};
}

/** Whether a header starts everything anew. */
export function isReset(before: SbrHeader | undefined, header: SbrHeader): boolean {
	return !before || RESET_FIELDS.some((field) => before[field] !== header[field]);
}
