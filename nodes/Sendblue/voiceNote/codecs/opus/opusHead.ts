import { holdsText } from '../../bits/bytes';
import { VoiceNoteError } from '../../errors';

/** An Opus stream as a container holds it, before anything is decoded. Times are in samples at 48 kHz. */
export interface OpusTrack {
	/** Output channels of the stream's header. */
	channels: number;
	/** How the channels are coded; if absent, as one mono or stereo stream (mapping family 0). */
	mapping?: OpusChannelMapping;
	/** Samples at the start that are decoded and dropped (RFC 7845, section 4.2). */
	preSkip: number;
	/** Gain in dB to apply to the decoded audio (RFC 7845, section 5.1, field 5). */
	outputGainDb: number;
	/** Length of the valid range, which begins after the pre-skip; if absent, all that the packets hold. */
	validSamples?: number;
	/** The packets, from the start at each call. An empty packet marks a lost one. */
	packets(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** How the channels of surround sound are spread over several Opus streams in one packet (RFC 7845, section 5.1.1). */
export interface OpusChannelMapping {
	/** Number of streams in each packet. */
	streams: number;
	/** How many of them are stereo; these come first. */
	coupledStreams: number;
	/** The decoded channel for each output channel; 255 is silence. */
	table: Uint8Array;
}

/** What an identification header says about the stream. */
export type OpusHead = Pick<OpusTrack, 'channels' | 'mapping' | 'preSkip' | 'outputGainDb'>;

const MAGIC = 'OpusHead';
const HEADER_BYTES = 19;
/** The gain is a signed fixed-point number with 8 fractional bits, in dB. */
const GAIN_UNITS_PER_DB = 256;

/** Whether the bytes are an identification header. */
export function isOpusHead(bytes: Uint8Array): boolean {
	return bytes.length >= HEADER_BYTES && holdsText(bytes, MAGIC);
}

/**
 * Reads an identification header (RFC 7845, section 5.1), as Ogg, WebM and Matroska hold it.
 *
 * @throws {VoiceNoteError} `corrupt` if the bytes are not one, `unsupported` if its version is unknown
 */
export function parseOpusHead(bytes: Uint8Array): OpusHead {
	if (!isOpusHead(bytes)) throw damaged('its header is missing');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	// The upper four bits are the major version; only 0 is known.
	if (bytes[8] >> 4 !== 0) throw unknownVersion(bytes[8]);
	const channels = bytes[9];
	if (channels === 0) throw damaged('it has no channels');
	const mappingFamily = bytes[18];
	return {
		channels,
		mapping: mappingFamily === 0 ? simpleMapping(channels) : parseMapping(bytes.subarray(HEADER_BYTES), channels),
		preSkip: view.getUint16(10, true),
		outputGainDb: view.getInt16(16, true) / GAIN_UNITS_PER_DB,
	};
}

const BOX_BYTES = 11;
/** The highest sample rate of any audio, in Hz. */
const MAX_SAMPLE_RATE = 768_000;

/**
 * Reads MP4's `dOps` box, which has the same fields in big-endian order ("Encapsulation of Opus in ISO Base Media File
 * Format", section 4.3.2).
 *
 * @throws {VoiceNoteError} `corrupt` if it is cut off or contradicts itself, `unsupported` if its version is unknown
 */
export function parseOpusBox(bytes: Uint8Array): OpusHead {
	if (bytes.length < BOX_BYTES) throw damaged('its header is cut off');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes[0] !== 0) throw unknownVersion(bytes[0]);
	const channels = bytes[1];
	if (channels === 0) throw damaged('it has no channels');
	// GStreamer up to 1.22 writes the numbers in Ogg's byte order; an impossible sample rate gives it away.
	const littleEndian = view.getUint32(4) > MAX_SAMPLE_RATE && view.getUint32(4, true) <= MAX_SAMPLE_RATE;
	return {
		channels,
		mapping: bytes[10] === 0 ? simpleMapping(channels) : parseMapping(bytes.subarray(BOX_BYTES), channels),
		preSkip: view.getUint16(2, littleEndian),
		outputGainDb: view.getInt16(8, littleEndian) / GAIN_UNITS_PER_DB,
	};
}

/** Mapping family 0: mono or stereo, in one stream. */
function simpleMapping(channels: number): undefined {
	if (channels > 2) throw damaged('its channel mapping is missing');
	return undefined;
}

/** @param bytes from the number of streams on */
function parseMapping(bytes: Uint8Array, channels: number): OpusChannelMapping {
	if (bytes.length < 2 + channels) throw damaged('its channel mapping is cut short');
	const mapping = { streams: bytes[0], coupledStreams: bytes[1], table: bytes.slice(2, 2 + channels) };
	const decodedChannels = mapping.streams + mapping.coupledStreams;
	const valid = mapping.table.every((index) => index === 255 || index < decodedChannels);
	if (mapping.streams === 0 || mapping.coupledStreams > mapping.streams || decodedChannels > 255 || !valid) {
		throw damaged('its channel mapping contradicts itself');
	}
	return mapping;
}

function unknownVersion(version: number): VoiceNoteError {
	return new VoiceNoteError('unsupported', `The Opus stream has version ${version}, which is not known`);
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The Opus stream is damaged: ${reason}`, 'Export or record the audio again.');
}
