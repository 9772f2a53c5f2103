/** ALAC's magic cookie: the stream's fixed parameters (Apple, "ALACMagicCookieDescription", Apache-2.0). */
import { VoiceNoteError } from '../../errors';

/** The fields of ALACSpecificConfig that decoding needs. */
export interface AlacConfig {
	/** Sample frames in a full packet. */
	readonly frameLength: number;
	/** Bits per sample: 16, 20, 24 or 32. */
	readonly bitDepth: number;
	/** `pb`: how fast the mean, from which the Rice parameters are derived, follows the signal. */
	readonly riceHistoryMult: number;
	/** `mb`: the mean to start with. */
	readonly riceInitialHistory: number;
	/** `kb`: the largest Rice parameter; 0 if no packet is compressed. */
	readonly riceLimit: number;
	readonly channels: number;
	/** In Hz. */
	readonly sampleRate: number;
}

/** Bytes of ALACSpecificConfig; a channel layout may follow. */
const SPECIFIC_CONFIG_BYTES = 24;
/** In old files, QuickTime atoms come before these bytes: the whole of `frma` and the head of `alac`, 12 bytes each. */
const WRAPPING_ATOMS = ['frma', 'alac'];
const WRAPPING_ATOM_BYTES = 12;

/** Longer than any packet in use (Apple's encoder: 4096). It limits the memory that a damaged cookie can ask for. */
const MAX_FRAME_LENGTH = 65_536;
const MAX_CHANNELS = 8;
const BIT_DEPTHS = [16, 20, 24, 32];
/** No mean that fits 32 bits leads to a larger parameter. */
const MAX_RICE_LIMIT = 24;
/** In Hz. */
const MIN_SAMPLE_RATE = 1000;
const MAX_SAMPLE_RATE = 768_000;

/** The error for a cookie that cannot be right. */
function badCookie(what: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`The Apple Lossless header ${what}`,
		'The file is probably damaged; export it again.',
	);
}

function withoutAtoms(cookie: Uint8Array): Uint8Array {
	const kind = String.fromCharCode(...cookie.subarray(4, 8));
	return WRAPPING_ATOMS.includes(kind) ? withoutAtoms(cookie.subarray(WRAPPING_ATOM_BYTES)) : cookie;
}

/**
 * Reads a magic cookie, bare or with the `frma` and `alac` atoms of old files.
 *
 * @throws {VoiceNoteError} `corrupt` if it is too short or its parameters are impossible; `unsupported` for a newer
 *   version of the format
 */
export function parseMagicCookie(cookie: Uint8Array): AlacConfig {
	const bytes = withoutAtoms(cookie);
	if (bytes.length < SPECIFIC_CONFIG_BYTES) throw badCookie('is cut off');

	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.getUint8(4) !== 0) {
		throw new VoiceNoteError(
			'unsupported',
			`The audio is in an unknown version of Apple Lossless: ${view.getUint8(4)}`,
		);
	}
	const config: AlacConfig = {
		frameLength: view.getUint32(0),
		bitDepth: view.getUint8(5),
		riceHistoryMult: view.getUint8(6),
		riceInitialHistory: view.getUint8(7),
		riceLimit: view.getUint8(8),
		channels: view.getUint8(9),
		sampleRate: view.getUint32(20),
	};
	if (config.frameLength < 1 || config.frameLength > MAX_FRAME_LENGTH) {
		throw badCookie(`claims packets of ${config.frameLength} sample frames`);
	}
	if (!BIT_DEPTHS.includes(config.bitDepth)) throw badCookie(`claims samples of ${config.bitDepth} bits`);
	if (config.riceLimit > MAX_RICE_LIMIT) throw badCookie('claims an impossible Rice limit');
	if (config.channels < 1 || config.channels > MAX_CHANNELS) throw badCookie(`claims ${config.channels} channels`);
	if (config.sampleRate < MIN_SAMPLE_RATE || config.sampleRate > MAX_SAMPLE_RATE) {
		throw badCookie(`claims a sample rate of ${config.sampleRate} Hz`);
	}
	return config;
}
