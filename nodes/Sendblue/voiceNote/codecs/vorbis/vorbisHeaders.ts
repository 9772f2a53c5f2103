import { VoiceNoteError } from '../../errors';

/** The headers of a Vorbis stream (Vorbis I, section 4.2). */
export interface VorbisHeaders {
	/** Hz. */
	sampleRate: number;
	channels: number;
	/** The identification header, as it stands. */
	identification: Uint8Array;
	/** The setup header, as it stands. */
	setup: Uint8Array;
}

const IDENTIFICATION_TYPE = 1;
const SETUP_TYPE = 5;
const IDENTIFICATION_BYTES = 30;
/** Channels whose order Vorbis defines; more are left to the application. */
const MAX_CHANNELS = 8;

/**
 * Takes the headers of a stream apart.
 *
 * @param identification the first packet
 * @param setup the third packet; the second one holds comments
 * @throws {VoiceNoteError} `corrupt` where they are not these, `unsupported` for more than 8 channels.
 */
export function parseVorbisHeaders(identification: Uint8Array, setup: Uint8Array): VorbisHeaders {
	const complete = isHeader(identification, IDENTIFICATION_TYPE) && identification.length >= IDENTIFICATION_BYTES;
	if (!complete || !isHeader(setup, SETUP_TYPE)) throw damaged('its headers are incomplete');
	const view = new DataView(identification.buffer, identification.byteOffset, identification.byteLength);
	const channels = view.getUint8(11);
	const sampleRate = view.getUint32(12, true);
	if (channels === 0 || sampleRate === 0) throw damaged('its header states no channels or no sample rate');
	if (channels > MAX_CHANNELS) {
		throw new VoiceNoteError(
			'unsupported',
			`The Vorbis audio has ${channels} channels`,
			'Mix it down to stereo first.',
		);
	}
	return { sampleRate, channels, identification, setup };
}

/**
 * Takes the headers out of Matroska's set-up data: three packets behind a count and two sizes (RFC 9559, codec
 * mapping of `A_VORBIS`).
 *
 * @throws {VoiceNoteError} As `parseVorbisHeaders`.
 */
export function parseLacedVorbisHeaders(bytes: Uint8Array): VorbisHeaders {
	let position = 1;
	const sizes: number[] = [];
	while (bytes[0] === 2 && sizes.length < 2) {
		let size = 0;
		while (bytes[position] === 255) size += bytes[position++];
		if (position >= bytes.length) break;
		sizes.push(size + bytes[position++]);
	}
	if (sizes.length < 2) throw damaged('its headers are incomplete');
	const setupStart = position + sizes[0] + sizes[1];
	return parseVorbisHeaders(bytes.subarray(position, position + sizes[0]), bytes.subarray(setupStart));
}

function isHeader(packet: Uint8Array, type: number): boolean {
	return packet[0] === type && String.fromCharCode(...packet.subarray(1, 7)) === 'vorbis';
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The Vorbis audio is damaged: ${reason}`, 'Export or record the audio again.');
}
