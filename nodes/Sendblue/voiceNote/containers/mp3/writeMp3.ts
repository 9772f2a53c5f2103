/**
 * MP3 files of constant bitrate, with an information frame that tells players which samples are audio
 * ("Mp3 Info Tag rev 1 specifications", LAME project).
 */
import { VoiceNoteError } from '../../errors';
import { lazily } from '../../lazily';
import { PacketBuffer } from '../packetBuffer';
import { MPEG_AUDIO_HEADER_BYTES, type MpegAudioHeader, parseMpegAudioHeader } from '../../codecs/mp3/mpegAudio';

/** The audio, and the priming that the encoder put before it. */
export interface Mp3Audio {
	/** Sample frames of the audio itself. */
	samples: number;
	/** Sample frames that the encoder put before it. */
	delay: number;
}

/** Side information of a frame of MPEG-2 layer III with one channel (ISO/IEC 13818-3, 2.4.1.7). */
const SIDE_INFO_BYTES = 9;

const INFO_OFFSET = MPEG_AUDIO_HEADER_BYTES + SIDE_INFO_BYTES;
const FRAMES_OFFSET = INFO_OFFSET + 8;
const BYTES_OFFSET = FRAMES_OFFSET + 4;
const QUALITY_OFFSET = BYTES_OFFSET + 4;
const LAME_OFFSET = QUALITY_OFFSET + 4;
const LAME_BYTES = 36;
const TAG_END = LAME_OFFSET + LAME_BYTES;

/**
 * Flags: the frame holds the numbers of frames and of bytes, and the quality. LAME also writes a table for seeking,
 * which files of constant bitrate do not need and which does not fit into a frame of 48 kb/s. If this one frame had a
 * higher bitrate, MediaInfo would take the bitrate for variable and show no duration.
 */
const FIELDS = 0x0b;
/** What LAME writes for the settings it uses by default. */
const DEFAULT_QUALITY = 57;
/** FFmpeg trusts the delay and padding only if they come from LAME or from its own encoder. */
const ENCODER_NAME = 'LAME3.100';
const CONSTANT_BITRATE = 1;
/** Delay and padding have 12 bits each. */
const MAX_GAP = 0xfff;

/** Collects the frames of a file. */
export class Mp3Writer {
	private readonly frames = new PacketBuffer();

	private checksum = 0;

	/** Takes frames, or parts of them, as they come from the encoder. */
	append(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		this.frames.append(bytes);
		this.checksum = crc16(bytes, this.checksum);
	}

	/**
	 * Puts the information frame before all others.
	 *
	 * @throws {VoiceNoteError} `invalidOutput` if the frames do not add up to the audio, or are too short for the
	 *   information
	 */
	finish(audio: Mp3Audio): Uint8Array {
		return this.frames.withHead(informationFrame(this.frames.data, this.checksum, audio));
	}
}

function informationFrame(audioBytes: Uint8Array, audioChecksum: number, { samples, delay }: Mp3Audio): Uint8Array {
	const header = parseMpegAudioHeader(audioBytes, 0);
	const frames = header ? audioBytes.length / header.frameBytes : 0;
	const padding = header ? frames * header.frameSamples - delay - samples : 0;
	if (!header || !Number.isInteger(frames) || padding < 0 || padding > MAX_GAP) {
		throw new VoiceNoteError('invalidOutput', 'The MP3 file does not hold the audio it was made from');
	}
	if (header.frameBytes < TAG_END) {
		throw new VoiceNoteError('invalidOutput', 'The frames of the MP3 file have no room for its information');
	}
	// A silent frame that is otherwise like the others.
	const frame = new Uint8Array(header.frameBytes);
	frame.set(audioBytes.subarray(0, MPEG_AUDIO_HEADER_BYTES));
	const view = new DataView(frame.buffer);
	const fileBytes = frame.length + audioBytes.length;
	characters(frame, INFO_OFFSET, 'Info');
	view.setUint32(INFO_OFFSET + 4, FIELDS);
	view.setUint32(FRAMES_OFFSET, frames);
	view.setUint32(BYTES_OFFSET, fileBytes);
	view.setUint32(QUALITY_OFFSET, DEFAULT_QUALITY);
	writeLameTag(frame, { header, fileBytes, audioChecksum, delay, padding });
	return frame;
}

interface LameTag {
	header: MpegAudioHeader;
	fileBytes: number;
	audioChecksum: number;
	delay: number;
	padding: number;
}

/** The LAME tag, with delay and padding; unknown fields are 0. */
function writeLameTag(frame: Uint8Array, { header, fileBytes, audioChecksum, delay, padding }: LameTag): void {
	const view = new DataView(frame.buffer, LAME_OFFSET, LAME_BYTES);
	characters(frame, LAME_OFFSET, ENCODER_NAME);
	view.setUint8(9, CONSTANT_BITRATE); // tag revision 0 in the upper half
	view.setUint8(20, (header.frameBytes * 8 * header.sampleRate) / header.frameSamples / 1_000); // kb/s
	view.setUint16(21, (delay << 4) | (padding >> 8));
	view.setUint8(23, padding & 0xff);
	view.setUint32(28, fileBytes);
	view.setUint16(32, audioChecksum);
	view.setUint16(34, crc16(frame.subarray(0, TAG_END - 2), 0));
}

function characters(bytes: Uint8Array, offset: number, text: string): void {
	for (let index = 0; index < text.length; index++) bytes[offset + index] = text.charCodeAt(index);
}

/** The tag's checksums: CRC-16 with the polynomial 0x8005, reflected, with the initial value 0. */
const crcTable = lazily(() =>
	Uint16Array.from({ length: 256 }, (_, byte) => {
		let remainder = byte;
		for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) !== 0 ? (remainder >> 1) ^ 0xa001 : remainder >> 1;
		return remainder;
	}),
);

function crc16(bytes: Uint8Array, before: number): number {
	const table = crcTable();
	let checksum = before;
	for (let index = 0; index < bytes.length; index++) {
		checksum = (checksum >> 8) ^ table[(checksum ^ bytes[index]) & 0xff];
	}
	return checksum;
}
