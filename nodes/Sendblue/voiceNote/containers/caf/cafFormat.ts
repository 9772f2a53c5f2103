/**
 * Names and numbers of the Core Audio Format, from Apple's specification
 * ("Apple Core Audio Format Specification 1.0"). All numbers in a CAF file are big-endian.
 */

/** The first four bytes of every CAF file. */
export const CAF_MAGIC = 'caff';
export const CAF_VERSION = 1;

/** File type, version and flags. */
export const CAF_FILE_HEADER_BYTES = 8;
/** Type (a four-character code) and size (signed, 64 bits). */
export const CAF_CHUNK_HEADER_BYTES = 12;

/** Audio Description chunk: sample rate, format, flags, bytes and frames per packet, channels, bits. */
export const DESCRIPTION_CHUNK = 'desc';
export const DESCRIPTION_BYTES = 32;
/** Magic Cookie chunk: the codec private data. */
export const MAGIC_COOKIE_CHUNK = 'kuki';
/** Channel Layout chunk. */
export const CHANNEL_LAYOUT_CHUNK = 'chan';
export const CHANNEL_LAYOUT_BYTES = 12;
/** Packet Table chunk: counts, then one variable-length integer (or two) per packet. */
export const PACKET_TABLE_CHUNK = 'pakt';
export const PACKET_TABLE_HEADER_BYTES = 24;
/** Audio Data chunk: an edit count, then the packets. */
export const AUDIO_DATA_CHUNK = 'data';
export const EDIT_COUNT_BYTES = 4;
/** Only the Audio Data chunk, and only as the last one, may leave its size open. */
export const SIZE_TO_END_OF_FILE = -1;

/** kAudioFormatOpus */
export const FORMAT_OPUS = 'opus';
/** kAudioChannelLayoutTag_Mono, (100 << 16) | 1 */
export const CHANNEL_LAYOUT_MONO = 0x0064_0001;

/** The fields of the Audio Description chunk. */
export interface CafDescription {
	/** Hz. */
	sampleRate: number;
	/** A four-character code, for example `opus`, `lpcm`, `aac `, `alac`. */
	formatId: string;
	formatFlags: number;
	/** Bytes; 0 if packets differ in size. */
	bytesPerPacket: number;
	/** Sample frames; 0 if packets differ in length. */
	framesPerPacket: number;
	channels: number;
	/** 0 for compressed audio. */
	bitsPerChannel: number;
}

/** The Packet Table chunk. */
export interface CafPacketTable {
	/** Sample frames in the valid range. */
	validFrames: number;
	/** Sample frames at the start that are decoded and dropped. */
	primingFrames: number;
	/** Sample frames at the end of the last packet that are dropped. */
	remainderFrames: number;
	/** Size of each packet in bytes. */
	packetSizes: Uint32Array;
	/** Length of each packet in sample frames, only if the description says that they differ. */
	packetFrames?: Uint32Array;
}

/** A parsed CAF file; `data` is a view into the given bytes. */
export interface CafFile {
	description: CafDescription;
	packetTable?: CafPacketTable;
	magicCookie?: Uint8Array;
	/** Layout tag of the Channel Layout chunk. */
	channelLayoutTag?: number;
	/** The packets, without the edit count. */
	data: Uint8Array;
	/** Whether the file ends before its Audio Data chunk does, and how many bytes before. */
	truncated: boolean;
	missingBytes?: number;
}
