/** The codecs of CAF files (Apple, "Core Audio Format Specification 1.0", audio data format identifiers). */
import { parseAudioSpecificConfig } from '../../codecs/aac/audioSpecificConfig';
import { OPUS_CLOCK_HZ, OpusClock } from '../../codecs/opus/opusPacket';
import { PCM_CODINGS, pcmFormat } from '../../codecs/pcm/sampleFormat';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import type { Codec } from '../../codecs/registry';
import type { Claims } from '../track';
import { isElementaryStreamDescriptor, readDecoderConfig } from '../mp4/descriptors';
import type { CafFile } from './cafFormat';
import { cafPackets } from './cafPackets';

/** Flags of linear PCM. */
const IS_FLOAT = 1;
const IS_LITTLE_ENDIAN = 2;

/** Apple's names of AAC in all its forms; what it really is stands in the magic cookie. */
const AAC_FORMATS = ['aac ', 'aach', 'aacp', 'aacl', 'aace', 'aacf', 'aacg', 'aacs'];
const MPEG_AUDIO_FORMATS = ['.mp1', '.mp2', '.mp3'];

/**
 * The codec of a file with its set-up data; undefined for a codec that is not known.
 *
 * @throws {VoiceNoteError} `corrupt` where the set-up data are missing or damaged; `unsupported` for Opus with more
 *   than two channels, whose order Apple does not define.
 */
export function cafCodec({ description, magicCookie }: CafFile): Codec | undefined {
	const { formatId, formatFlags, channels, sampleRate } = description;
	const bits = description.bitsPerChannel;
	if (AAC_FORMATS.includes(formatId)) return { name: 'aac', config: aacConfig(needed(magicCookie)) };
	if (MPEG_AUDIO_FORMATS.includes(formatId)) return { name: 'mp3' };
	switch (formatId) {
		case 'lpcm': {
			const encoding = (formatFlags & IS_FLOAT) !== 0 ? 'float' : 'int';
			const littleEndian = (formatFlags & IS_LITTLE_ENDIAN) !== 0;
			// Samples may lie in more bytes than their bits need.
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

/** No encoder fills up more than its last packets, the one that its own delay takes among them. */
const MAX_LEFT_OUT_PACKETS = 3;
const MAX_LEFT_OUT_SECONDS = 0.1;
const MAX_PRIMING_SECONDS = 0.5;

/** What of the packets is to be heard, by the packet table. */
export async function cafClaims(file: CafFile, slices: WorkSlices): Promise<Claims> {
	const { description, packetTable } = file;
	// Opus counts at 48 kHz whatever the description says; a rate of 0 is found out elsewhere.
	const rate = description.sampleRate > 0 ? description.sampleRate : OPUS_CLOCK_HZ;
	if (!packetTable) return { skipSeconds: 0 };
	const { primingFrames, validFrames } = packetTable;
	return {
		skipSeconds: primingSeconds(primingFrames, rate),
		keepSeconds: validFrames > 0 && (await countsPackets(file, rate, slices)) ? validFrames / rate : undefined,
	};
}

/** Priming that takes longer than any encoder's is a writer's fault: what is there is kept. */
function primingSeconds(primingFrames: number, rate: number): number {
	const seconds = Math.max(0, primingFrames) / rate;
	return seconds <= MAX_PRIMING_SECONDS ? seconds : 0;
}

/**
 * Whether what the packet table says is heard is all of the packets but for their ends. FFmpeg counts 120 frames to an
 * Opus packet of 960, and others count what they meant to write: such a table does not say what is heard.
 */
async function countsPackets(file: CafFile, rate: number, slices: WorkSlices): Promise<boolean> {
	if (!file.packetTable) return true;
	const { validFrames, primingFrames, packetSizes } = file.packetTable;
	const { formatId, framesPerPacket } = file.description;
	const held = formatId === 'opus' ? await opusFrames(file, rate, slices) : packetSizes.length * framesPerPacket;
	// As long as the packets really are: FFmpeg's description counts too little.
	const packetFrames = held / Math.max(1, packetSizes.length);
	const leftOut = held - primingSeconds(primingFrames, rate) * rate - validFrames;
	return leftOut <= Math.max(MAX_LEFT_OUT_PACKETS * packetFrames, MAX_LEFT_OUT_SECONDS * rate);
}

async function opusFrames(file: CafFile, rate: number, slices: WorkSlices): Promise<number> {
	const clock = new OpusClock();
	let samples = 0;
	for (const packet of cafPackets(file, false)) {
		samples += clock.samplesOf(packet);
		if (slices.due) await slices.rest();
	}
	return (samples / OPUS_CLOCK_HZ) * rate;
}

/** The cookie of AAC is an elementary stream descriptor, as in `esds`; some writers leave its wrapping away. */
function aacConfig(cookie: Uint8Array) {
	if (!isElementaryStreamDescriptor(cookie)) return parseAudioSpecificConfig(cookie);
	return parseAudioSpecificConfig(needed(readDecoderConfig(cookie)?.specificInfo));
}

function needed(bytes: Uint8Array | undefined): Uint8Array {
	if (bytes) return bytes;
	throw new VoiceNoteError(
		'corrupt',
		'The CAF file is damaged: the set-up data of its codec are missing',
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
