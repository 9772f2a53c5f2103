import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../../voiceNoteFormat';
import type { PacketBuffer } from '../packetBuffer';
import {
	AUDIO_DATA_CHUNK,
	CAF_CHUNK_HEADER_BYTES,
	CAF_FILE_HEADER_BYTES,
	CAF_MAGIC,
	CAF_VERSION,
	CHANNEL_LAYOUT_BYTES,
	CHANNEL_LAYOUT_CHUNK,
	CHANNEL_LAYOUT_MONO,
	DESCRIPTION_BYTES,
	DESCRIPTION_CHUNK,
	EDIT_COUNT_BYTES,
	FORMAT_OPUS,
	MAGIC_COOKIE_CHUNK,
	PACKET_TABLE_CHUNK,
	PACKET_TABLE_HEADER_BYTES,
} from './cafFormat';

/**
 * The seven words of Apple's magic cookie for Opus, as AudioToolbox writes them for a voice recording: the libopus
 * application (OPUS_APPLICATION_VOIP), sample rate, frames per packet, bitrate (OPUS_AUTO), channels, and two zeros.
 * It is not an OpusHead.
 */
const MAGIC_COOKIE = [2_048, VOICE_NOTE_SAMPLE_RATE, VOICE_NOTE_FRAMES_PER_PACKET, -1_000, 1, 0, 0];

/** Mono Opus packets of 20 ms, and their valid range in sample frames at 24 kHz. */
export interface VoiceNoteAudio {
	packets: PacketBuffer;
	/** Sample frames before the valid range: the look-ahead of the encoder. */
	primingFrames: number;
	/** Sample frames in the valid range. */
	validFrames: number;
}

/**
 * Writes the voice note, chunk by chunk in the order Apple's own encoder uses: description, magic cookie, channel
 * layout, packet table, audio data. The packets stay in place, and everything else is written before them.
 *
 * @returns the whole CAF file, which shares the packets' memory
 */
export function writeVoiceNote({ packets, primingFrames, validFrames }: VoiceNoteAudio): Uint8Array {
	const sizeTable = encodePacketSizes(packets.sizes);
	const packetTableBytes = PACKET_TABLE_HEADER_BYTES + sizeTable.length;
	const dataBytes = EDIT_COUNT_BYTES + packets.data.length;
	const chunkBodies = [DESCRIPTION_BYTES, MAGIC_COOKIE.length * 4, CHANNEL_LAYOUT_BYTES, packetTableBytes, dataBytes];
	const total = chunkBodies.reduce((sum, body) => sum + CAF_CHUNK_HEADER_BYTES + body, CAF_FILE_HEADER_BYTES);
	const file = new BigEndianWriter(total - packets.data.length);

	file.characters(CAF_MAGIC);
	file.uint16(CAF_VERSION);
	file.uint16(0); // flags

	file.chunk(DESCRIPTION_CHUNK, DESCRIPTION_BYTES);
	file.float64(VOICE_NOTE_SAMPLE_RATE);
	file.characters(FORMAT_OPUS);
	file.uint32(0); // format flags
	file.uint32(0); // bytes per packet: they differ
	file.uint32(VOICE_NOTE_FRAMES_PER_PACKET);
	file.uint32(1); // channels
	file.uint32(0); // bits per channel: compressed

	file.chunk(MAGIC_COOKIE_CHUNK, MAGIC_COOKIE.length * 4);
	for (const word of MAGIC_COOKIE) file.int32(word);

	file.chunk(CHANNEL_LAYOUT_CHUNK, CHANNEL_LAYOUT_BYTES);
	file.uint32(CHANNEL_LAYOUT_MONO);
	file.uint32(0); // channel bitmap
	file.uint32(0); // number of channel descriptions

	file.chunk(PACKET_TABLE_CHUNK, packetTableBytes);
	file.int64(packets.count);
	file.int64(validFrames);
	file.int32(primingFrames);
	file.int32(packets.count * VOICE_NOTE_FRAMES_PER_PACKET - validFrames - primingFrames);
	file.raw(sizeTable);

	file.chunk(AUDIO_DATA_CHUNK, dataBytes);
	file.uint32(0); // edit count
	return packets.withHead(file.bytes);
}

/** Variable-length integers: groups of seven bits, most significant first, the high bit set on all but the last. */
function encodePacketSizes(sizes: Uint16Array): Uint8Array {
	const encoded = new Uint8Array(sizes.length * 3);
	let position = 0;
	for (const size of sizes) {
		if (size > 0x3fff) encoded[position++] = 0x80 | (size >> 14);
		if (size > 0x7f) encoded[position++] = 0x80 | ((size >> 7) & 0x7f);
		encoded[position++] = size & 0x7f;
	}
	return encoded.subarray(0, position);
}

class BigEndianWriter {
	readonly bytes: Uint8Array;

	private readonly view: DataView;

	private position = 0;

	constructor(size: number) {
		this.bytes = new Uint8Array(size);
		this.view = new DataView(this.bytes.buffer);
	}

	chunk(type: string, size: number): void {
		this.characters(type);
		this.int64(size);
	}

	characters(text: string): void {
		for (let index = 0; index < text.length; index++) this.bytes[this.position++] = text.charCodeAt(index);
	}

	uint16(value: number): void {
		this.view.setUint16(this.position, value);
		this.position += 2;
	}

	uint32(value: number): void {
		this.view.setUint32(this.position, value);
		this.position += 4;
	}

	int32(value: number): void {
		this.view.setInt32(this.position, value);
		this.position += 4;
	}

	int64(value: number): void {
		this.view.setBigInt64(this.position, BigInt(value));
		this.position += 8;
	}

	float64(value: number): void {
		this.view.setFloat64(this.position, value);
		this.position += 8;
	}

	raw(bytes: Uint8Array): void {
		this.bytes.set(bytes, this.position);
		this.position += bytes.length;
	}
}
