import { opusPacketSamples, parseOpusToc, VOICE_NOTE_FRAME_SAMPLES } from '../../codecs/opus/opusPacket';
import { VoiceNoteError } from '../../errors';
import { CHANNEL_LAYOUT_MONO, FORMAT_OPUS } from './cafFormat';
import type { CafFile, CafPacketTable } from './cafFormat';
import { isCaf, readCaf } from './readCaf';
import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../../voiceNoteFormat';

/** Frame count code of packets with their number of frames in a second byte (RFC 6716, section 3.2.5). */
const ANY_NUMBER_OF_FRAMES = 3;

/** The facts of a voice note, every claim checked against the bytes. */
export interface VoiceNoteFacts {
	/** Length of the valid range, in seconds. */
	durationSeconds: number;
	/** Size of the file in bytes. */
	bytes: number;
	/** Average bitrate of the packets in bits per second. */
	bitrate: number;
	/** Hz. */
	sampleRate: number;
	channels: number;
	/** Sample frames at `sampleRate`. */
	framesPerPacket: number;
	packets: number;
	/** Sample frames in the valid range. */
	validFrames: number;
	/** Sample frames at the start that are decoded and dropped. */
	primingFrames: number;
	/** Sample frames at the end of the last packet that are dropped. */
	remainderFrames: number;
}

/**
 * Reads a finished voice note and checks that Apple's Messages will show and play it: mono Opus in packets of 20 ms
 * with a packet table that adds up. It is independent of the code that writes the file.
 *
 * @throws {VoiceNoteError} `unsupported` if the file is not a voice note, `corrupt` if its parts
 * contradict each other.
 */
export function readVoiceNote(bytes: Uint8Array): VoiceNoteFacts {
	if (!isCaf(bytes)) throw unsuitable('it is not a CAF file');
	const file = readCaf(bytes);
	checkDescription(file);
	const table = file.packetTable;
	if (!table) throw unsuitable('it has no packet table');
	if (file.truncated) throw contradictory('it ends before its audio data do');
	checkPackets(file, table);
	const packets = table.packetSizes.length;
	const durationSeconds = table.validFrames / file.description.sampleRate;
	return {
		durationSeconds,
		bytes: bytes.length,
		bitrate: Math.round((file.data.length * 8) / durationSeconds),
		sampleRate: file.description.sampleRate,
		channels: file.description.channels,
		framesPerPacket: file.description.framesPerPacket,
		packets,
		validFrames: table.validFrames,
		primingFrames: table.primingFrames,
		remainderFrames: table.remainderFrames,
	};
}

/** The output for the user: how the voice note was made, and its facts, in the order in which they are shown. */
export function voiceNoteInfo<Method extends string>(method: Method, sourceFormat: string, facts: VoiceNoteFacts) {
	const { durationSeconds, bytes, bitrate, sampleRate, channels, framesPerPacket, packets } = facts;
	return { method, sourceFormat, durationSeconds, bytes, bitrate, sampleRate, channels, framesPerPacket, packets };
}

function checkDescription({ description, channelLayoutTag }: CafFile): void {
	const { formatId, channels, sampleRate, framesPerPacket, bytesPerPacket } = description;
	if (formatId !== FORMAT_OPUS) throw unsuitable(`its audio is "${formatId.trim()}", not Opus`);
	if (channels !== 1) throw unsuitable(`it has ${channels} channels, not one`);
	if (channelLayoutTag !== undefined && channelLayoutTag !== CHANNEL_LAYOUT_MONO) {
		throw contradictory('its channel layout is not mono');
	}
	const ratio = VOICE_NOTE_SAMPLE_RATE / VOICE_NOTE_FRAMES_PER_PACKET;
	if (!(sampleRate > 0) || sampleRate / framesPerPacket !== ratio || bytesPerPacket !== 0) {
		throw unsuitable(`it declares ${framesPerPacket} frames per packet at ${sampleRate} Hz, which is not 20 ms`);
	}
}

function checkPackets({ description, data }: CafFile, table: CafPacketTable): void {
	const { packetSizes, validFrames, primingFrames, remainderFrames } = table;
	let total = 0;
	for (const size of packetSizes) total += size;
	if (packetSizes.length === 0) throw contradictory('it holds no packets');
	if (total !== data.length) {
		throw contradictory(`its packet table counts ${total} bytes, but its audio data has ${data.length}`);
	}
	if (validFrames <= 0) throw contradictory('its duration is zero');
	const frames = packetSizes.length * description.framesPerPacket;
	if (primingFrames < 0 || remainderFrames < 0 || validFrames + primingFrames + remainderFrames !== frames) {
		throw contradictory('its valid, priming and remainder frames do not add up to its packets');
	}
	// Two hours have 360,000 packets, but only of a few kinds, which the first byte distinguishes.
	const isKnown = new Uint8Array(256);
	let position = 0;
	for (const size of packetSizes) {
		const toc = data[position];
		if (size === 0 || isKnown[toc] === 0) {
			checkPacket(data.subarray(position, position + size));
			// Only in packets with a frame count does the length depend on more than the first byte.
			if (parseOpusToc(toc).frameCountCode < ANY_NUMBER_OF_FRAMES) isKnown[toc] = 1;
		}
		position += size;
	}
}

function checkPacket(packet: Uint8Array): void {
	if (packet.length === 0) throw contradictory('a packet is empty');
	if (parseOpusToc(packet[0]).stereo) throw contradictory('a packet is stereo');
	if (opusPacketSamples(packet) !== VOICE_NOTE_FRAME_SAMPLES) throw contradictory('a packet does not last 20 ms');
}

function unsuitable(reason: string): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		`This is not an Apple voice note: ${reason}`,
		'Convert the audio to a voice note first.',
	);
}

function contradictory(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The voice note is damaged: ${reason}`, 'Convert the original audio again.');
}
