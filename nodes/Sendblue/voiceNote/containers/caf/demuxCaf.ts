/** Apple's Core Audio Format: its packets and codecs ("Core Audio Format Specification 1.0"). */

import { VoiceNoteError } from '../../errors';
import { piecesOf } from '../packetBuffer';
import type { CafFile } from './cafFormat';
import { parseAudioSpecificConfig } from '../../codecs/aac/audioSpecificConfig';
import { OPUS_CLOCK_HZ, OpusClock } from '../../codecs/opus/opusPacket';
import { PCM_CODINGS, pcmFormat } from '../../codecs/pcm/sampleFormat';
import type { WorkSlices } from '../../workSlices';
import { type Codec, packetSeconds } from '../../codecs/registry';
import type { Claims, Container, Demuxed, Finding } from '../track';
import { isElementaryStreamDescriptor, readDecoderConfig } from '../mp4/sampleEntry';
import { fourCC } from '../../bits/fourCC';
import { demuxFiles, splitFiles } from '../joinedFiles';
import { skipZeros } from '../tags';
import { singleTrack } from '../track';
import { unsupportedCodec } from '../chooseTrack';
import { isCaf, readCaf } from './readCaf';

/**
 * The packets. A packet that is cut off by the end of the file is left out.
 *
 * @param joined whether packets of equal size are yielded in larger pieces, each of whole packets
 * @throws {VoiceNoteError} `corrupt` if nothing gives the sizes
 */
function* cafPackets({ description, packetTable, data }: CafFile, joined: boolean): Generator<Uint8Array> {
	const { bytesPerPacket } = description;
	if (bytesPerPacket > 0) {
		const whole = data.subarray(0, data.length - (data.length % bytesPerPacket));
		if (joined) return yield* piecesOf(whole, bytesPerPacket);
		for (let position = 0; position < whole.length; position += bytesPerPacket) {
			yield whole.subarray(position, position + bytesPerPacket);
		}
		return;
	}
	if (!packetTable) {
		throw new VoiceNoteError(
			'corrupt',
			'The CAF file is damaged: it has no packet table',
			'Export or record the audio again.',
		);
	}
	let position = 0;
	for (const size of packetTable.packetSizes) {
		if (position + size > data.length) return;
		yield data.subarray(position, position + size);
		position += size;
	}
}

/** Flags of linear PCM. */
const IS_FLOAT = 1;
const IS_LITTLE_ENDIAN = 2;

/** Apple's names for the forms of AAC; the magic cookie decides. */
const AAC_FORMATS = ['aac ', 'aach', 'aacp', 'aacl', 'aace', 'aacf', 'aacg', 'aacs'];
const MPEG_AUDIO_FORMATS = ['.mp1', '.mp2', '.mp3'];

/**
 * The codec of a file with its codec private data; undefined for a codec that is not known.
 *
 * @throws {VoiceNoteError} `corrupt` if the codec private data is missing or damaged; `unsupported` for Opus with more
 *   than two channels, whose order Apple does not define.
 */
function cafCodec({ description, magicCookie }: CafFile): Codec | undefined {
	const { formatId, formatFlags, channels, sampleRate } = description;
	const bits = description.bitsPerChannel;
	if (AAC_FORMATS.includes(formatId)) return { name: 'aac', config: aacConfig(needed(magicCookie)) };
	if (MPEG_AUDIO_FORMATS.includes(formatId)) return { name: 'mp3' };
	switch (formatId) {
		case 'lpcm': {
			const encoding = (formatFlags & IS_FLOAT) !== 0 ? 'float' : 'int';
			const littleEndian = (formatFlags & IS_LITTLE_ENDIAN) !== 0;
			// Samples may have more bytes than their bits need.
			const room = channels > 0 ? description.bytesPerPacket / channels : 0;
			const bytesPerSample = Number.isInteger(room) && room * 8 >= bits && room > 0 ? room : Math.ceil(bits / 8);
			const sampleFormat = pcmFormat(encoding, bits, littleEndian, bytesPerSample);
			return { name: 'pcm', sampleFormat, channels, sampleRate };
		}
		case 'alaw':
			return { name: 'pcm', sampleFormat: PCM_CODINGS.alaw, channels, sampleRate };
		case 'ulaw':
			return { name: 'pcm', sampleFormat: PCM_CODINGS.mulaw, channels, sampleRate };
		case 'ima4':
			return { name: 'ima4', channels, sampleRate };
		case 'alac':
			return { name: 'alac', cookie: needed(magicCookie) };
		case 'samr':
			return { name: 'amr', wideband: false };
		case 'sawb':
			return { name: 'amr', wideband: true };
		case 'opus':
			if (channels < 1 || channels > 2) throw tooManyChannels(channels);
			return { name: 'opus', head: { channels, preSkip: 0, outputGainDb: 0 } };
		default:
			return undefined;
	}
}

/**
 * The most audio after the valid range, in packets or in seconds: the remainder, and a packet for the encoder's delay.
 * If there is more, the packet table is not believed.
 */
const MAX_LEFT_OUT_PACKETS = 3;
const MAX_LEFT_OUT_SECONDS = 0.1;
const MAX_PRIMING_SECONDS = 0.5;

/** The valid range according to the packet table. */
async function cafClaims(file: CafFile, slices: WorkSlices): Promise<Claims> {
	const { description, packetTable } = file;
	// The packet table counts at the rate in the description, for Opus too. A rate of 0 is refused in `demuxFile`.
	const rate = description.sampleRate > 0 ? description.sampleRate : OPUS_CLOCK_HZ;
	if (!packetTable) return { skipSeconds: 0 };
	const { primingFrames, validFrames } = packetTable;
	return {
		skipSeconds: primingSeconds(primingFrames, rate),
		keepSeconds: validFrames > 0 && (await countsPackets(file, rate, slices)) ? validFrames / rate : undefined,
	};
}

/** The priming in seconds; 0 if it is longer than any encoder's, which is an error of the writer. */
function primingSeconds(primingFrames: number, rate: number): number {
	const seconds = Math.max(0, primingFrames) / rate;
	return seconds <= MAX_PRIMING_SECONDS ? seconds : 0;
}

/**
 * Whether the valid range in the packet table covers the packets except for priming and remainder. FFmpeg counts 120
 * sample frames per Opus packet of 960, and other writers count what they meant to write: such a table is not believed.
 */
async function countsPackets(file: CafFile, rate: number, slices: WorkSlices): Promise<boolean> {
	if (!file.packetTable) return true;
	const { validFrames, primingFrames, packetSizes } = file.packetTable;
	const { formatId, framesPerPacket } = file.description;
	const held = formatId === 'opus' ? await opusFrames(file, rate, slices) : packetSizes.length * framesPerPacket;
	// The average length of the packets as they are: FFmpeg's description states too little.
	const packetFrames = held / Math.max(1, packetSizes.length);
	const leftOut = held - primingSeconds(primingFrames, rate) * rate - validFrames;
	return leftOut <= Math.max(MAX_LEFT_OUT_PACKETS * packetFrames, MAX_LEFT_OUT_SECONDS * rate);
}

async function opusFrames(file: CafFile, rate: number, slices: WorkSlices): Promise<number> {
	const clock = new OpusClock();
	let samples = 0;
	for (const packet of cafPackets(file, false)) {
		samples += clock.samplesOf(packet);
		if (slices.dueAfter(packet.length)) await slices.rest();
	}
	return (samples / OPUS_CLOCK_HZ) * rate;
}

/** The cookie of AAC is an elementary stream descriptor, as in `esds`; some writers store only its innermost part. */
function aacConfig(cookie: Uint8Array) {
	if (!isElementaryStreamDescriptor(cookie)) return parseAudioSpecificConfig(cookie);
	return parseAudioSpecificConfig(needed(readDecoderConfig(cookie)?.specificInfo));
}

function needed(bytes: Uint8Array | undefined): Uint8Array {
	if (bytes) return bytes;
	throw new VoiceNoteError(
		'corrupt',
		'The CAF file is damaged: the data that its codec needs first is missing',
		'Export or record the audio again.',
	);
}

function tooManyChannels(channels: number): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		`The CAF file holds Opus with ${channels} channels`,
		'Mix it down to stereo.',
	);
}

/** Type, version and flags of the file; type and size of a chunk; the start of a data chunk. */
const FILE_HEADER_BYTES = 8;
const CHUNK_HEADER_BYTES = 12;
const EDIT_COUNT_BYTES = 4;

/** Apple's Core Audio Format. */
export const caf: Container = {
	probe: isCaf,
	demux: async (bytes, _request, slices): Promise<Demuxed> =>
		await demuxFiles(splitFiles(bytes, nextFile), async (file) => await demuxFile(file, slices)),
};

/** The start of another file, where a chunk would begin. A header without audio before it is one that SoX repeats. */
function nextFile(bytes: Uint8Array): number | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let hasAudio = false;
	for (let at = FILE_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.length; ) {
		// Some writers pad the last chunk to a whole number of words.
		const next = skipZeros(bytes, at);
		if (hasAudio && isCaf(bytes.subarray(next))) return next;
		const size = Number(view.getBigInt64(at + 4));
		if (size < 0) return undefined;
		hasAudio ||= fourCC(bytes, at) === 'data' && size > EDIT_COUNT_BYTES;
		at += CHUNK_HEADER_BYTES + size;
	}
	return undefined;
}

async function demuxFile(bytes: Uint8Array, slices: WorkSlices): Promise<Demuxed> {
	const file = readCaf(bytes);
	if (!(file.description.sampleRate > 0)) throw damaged('its sample rate is zero');
	const codec = cafCodec(file);
	if (!codec) throw unsupportedCodec('CAF file', file.description.formatId);
	if (file.description.bytesPerPacket === 0 && !file.packetTable) throw damaged('it has no packet table');
	const joined = codec.name === 'pcm' || codec.name === 'ima4';
	const claims = await cafClaims(file, slices);
	const findings: Finding[] = file.truncated ? [{ kind: 'cutShort', seconds: missingSeconds(file, codec) }] : [];
	return singleTrack('caf', { codec, claims, packets: () => cafPackets(file, joined) }, findings);
}

/** The length of the missing packets in seconds, assuming that they are like the first; undefined if unknown. */
function missingSeconds(file: CafFile, codec: Codec): number | undefined {
	const { description, packetTable, data, missingBytes = 0 } = file;
	const { sampleRate, framesPerPacket, bytesPerPacket } = description;
	if (bytesPerPacket > 0) return ((missingBytes / bytesPerPacket) * framesPerPacket) / sampleRate || undefined;
	const [first] = cafPackets(file, false);
	if (!first || !packetTable) return undefined;
	let end = 0;
	const missing = packetTable.packetSizes.reduce((count, size) => count + ((end += size) > data.length ? 1 : 0), 0);
	return missing * packetSeconds(codec)(first) || undefined;
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The CAF file is damaged: ${reason}`, 'Export or record the audio again.');
}
