/** Matroska tracks and their codecs (RFC 9559 and "Matroska Media Container Codec Specifications"). */
import { parseAudioSpecificConfig } from '../../codecs/aac/audioSpecificConfig';
import type { OpusHead } from '../../codecs/opus/opusHead';
import { GSM_IN_65_BYTES } from '../../codecs/gsm/gsmDecoder';
import { parseOpusHead } from '../../codecs/opus/opusHead';
import { pcmFormat } from '../../codecs/pcm/sampleFormat';
import type { SampleEncoding } from '../../codecs/pcm/sampleFormat';
import { parseLacedVorbisHeaders } from '../../codecs/vorbis/vorbisDecoder';
import { rethrow, VoiceNoteError } from '../../errors';
import { type Codec, packetSeconds } from '../../codecs/registry';
import type { WavFormat } from '../wav/formatChunk';
import { parseFormatChunk } from '../wav/formatChunk';
import { readFlac } from '../flac/readFlac';
import type { MatroskaFile, MatroskaTrack } from './readMatroska';
import { OPUS_CLOCK_HZ } from '../../codecs/opus/opusPacket';
import type { WorkSlices } from '../../workSlices';
import { chooseTrack, encryptedAudio, firstReadable, otherTracks, unsupportedCodec } from '../chooseTrack';
import { demuxFiles, splitFiles } from '../joinedFiles';
import { singleTrack } from '../track';
import type { AudioRequest, Claims, Container, Demuxed, Finding } from '../track';
import { ClusterTimes } from './clusterTimes';
import { matroskaPackets } from './matroskaPackets';
import { endOfSegment, isMatroska, nextFile, readMatroska } from './readMatroska';

const PCM_CODECS: Readonly<Record<string, { encoding: SampleEncoding; littleEndian: boolean }>> = {
	'A_PCM/INT/LIT': { encoding: 'int', littleEndian: true },
	'A_PCM/INT/BIG': { encoding: 'int', littleEndian: false },
	'A_PCM/FLOAT/IEEE': { encoding: 'float', littleEndian: true },
};

const NANOSECONDS_PER_SECOND = 1_000_000_000;

/**
 * The codec of a track with its codec private data; undefined for a codec that is not known.
 *
 * @throws {VoiceNoteError} `corrupt` if the codec private data is missing or damaged.
 */
function matroskaCodec(track: MatroskaTrack): Codec | undefined {
	const { codecId, channels, sampleRate } = track;
	if (Object.hasOwn(PCM_CODECS, codecId)) {
		const { encoding, littleEndian } = PCM_CODECS[codecId];
		const bits = track.bitDepth;
		// 8-bit samples are unsigned, as in WAV.
		const sampleFormat = pcmFormat(bits === 8 ? 'uint' : encoding, bits, littleEndian);
		return { name: 'pcm', sampleFormat, channels, sampleRate };
	}
	if (codecId.startsWith('A_MPEG/')) return { name: 'mp3' };
	switch (codecId) {
		case 'A_OPUS':
			return { name: 'opus', head: opusHead(track) };
		case 'A_VORBIS':
			return { name: 'vorbis', headers: parseLacedVorbisHeaders(codecPrivateData(track)) };
		case 'A_AAC':
			return { name: 'aac', config: parseAudioSpecificConfig(codecPrivateData(track)) };
		case 'A_MS/ACM':
			return windowsCodec(track);
		case 'A_ALAC':
			return { name: 'alac', cookie: codecPrivateData(track) };
		case 'A_FLAC':
			return { name: 'flac', streamInfo: readFlac(codecPrivateData(track), 0).info };
		default:
			return undefined;
	}
}

/** Some recorders leave the header of Opus out; mono and stereo need none. */
function opusHead({ codecPrivate, channels, codecDelay }: MatroskaTrack): OpusHead {
	if (codecPrivate) return parseOpusHead(codecPrivate);
	const preSkip = Math.round((codecDelay / NANOSECONDS_PER_SECOND) * OPUS_CLOCK_HZ);
	if (channels > 2) throw withoutPrivateData('A_OPUS');
	return { channels, preSkip, outputGainDb: 0 };
}

/** Audio as the Windows Audio Compression Manager describes it: as in WAV. */
function windowsCodec(track: MatroskaTrack): Codec | undefined {
	const format = formatIfRead(codecPrivateData(track));
	if (!format) return undefined;
	const { coding, channels, sampleRate, layout } = format;
	const shape = { channels, sampleRate, layout };
	switch (coding.kind) {
		case 'samples':
			return { name: 'pcm', sampleFormat: coding.sampleFormat, ...shape };
		case 'framed':
			return coding.stream === 'mp3' ? { name: 'mp3' } : undefined;
		case 'gsm':
			return { name: 'gsm', packing: GSM_IN_65_BYTES, ...shape };
		case 'imaAdpcm':
			return { name: 'imaAdpcm', blockBytes: coding.blockBytes, ...shape };
		case 'msAdpcm':
			return { name: 'msAdpcm', blockBytes: coding.blockBytes, coefficients: coding.coefficients, ...shape };
	}
}

function formatIfRead(contents: Uint8Array): WavFormat | undefined {
	try {
		return parseFormatChunk(contents, true);
	} catch (error) {
		return error instanceof VoiceNoteError && error.code === 'unsupported' ? undefined : rethrow(error);
	}
}

function codecPrivateData({ codecId, codecPrivate }: MatroskaTrack): Uint8Array {
	if (codecPrivate) return codecPrivate;
	throw withoutPrivateData(codecId);
}

function withoutPrivateData(codecId: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`The WebM or Matroska file is damaged: the data that its codec needs first (${codecId}) is missing`,
		'Export or record it again.',
	);
}

/** No encoder pads its last packets by more; a larger claim is not believed. */
const MAX_PADDING_SECONDS = 0.25;

/** WebM and Matroska, as browsers record them and videos use them. */
export const matroska: Container = {
	probe: isMatroska,
	async demux(bytes, request, slices): Promise<Demuxed> {
		const files = splitFiles(bytes, nextFile);
		const whole = await demuxFiles(files, async (file) => await demuxFile(file, request, slices));
		const last = files[files.length - 1];
		return { ...whole, end: bytes.length - last.length + endOfSegment(last) };
	},
};

async function demuxFile(bytes: Uint8Array, { audioTrack }: AudioRequest, slices: WorkSlices): Promise<Demuxed> {
	const file = readMatroska(bytes);
	const name = file.docType === 'webm' ? 'WebM file' : 'Matroska file';
	const chosen = chooseTrack(file, `a ${name}`, audioTrack);
	const {
		item: track,
		codec,
		findings: unread,
		others,
	} = firstReadable(
		audioTrack === undefined ? file.audioTracks : [chosen],
		(candidate) => codecOf(candidate, name),
		nameOf,
	);
	const { claims, findings } = await survey(bytes, file, track, codec, slices);
	const notConverted = await otherTracks(
		others,
		async (other, otherCodec) => await secondsOf(bytes, file, other, otherCodec, slices),
	);
	const packets = function* (): Generator<Uint8Array> {
		for (const packet of matroskaPackets(bytes, file.segment, track)) yield packet.bytes;
	};
	return singleTrack(file.docType === 'webm' ? 'webm' : 'matroska', { codec, claims, packets }, [
		...unread,
		...notConverted,
		...findings,
	]);
}

function codecOf(track: MatroskaTrack, container: string): Codec {
	if (track.encrypted) throw encryptedAudio(container);
	const codec = matroskaCodec(track);
	if (!codec) throw unsupportedCodec(container, nameOf(track));
	return codec;
}

/** Codec names may have a part after a slash, which is only a profile. */
function nameOf({ codecId }: MatroskaTrack): string {
	const [family] = codecId.split('/');
	return family === 'A_MS' ? 'Windows (ACM)' : family;
}

/** The length of a track in seconds by its packets; undefined if its codec is not read. */
async function secondsOf(
	bytes: Uint8Array,
	{ segment }: MatroskaFile,
	track: MatroskaTrack,
	codec: Codec | undefined,
	slices: WorkSlices,
): Promise<number | undefined> {
	if (!codec) return undefined;
	const lengthOf = packetSeconds(codec);
	let seconds = 0;
	for (const packet of matroskaPackets(bytes, segment, track)) {
		seconds += lengthOf(packet.bytes);
		if (slices.dueAfter(packet.bytes.length)) await slices.rest();
	}
	return seconds;
}

/** What a walk through all packets of a track shows. */
interface Survey {
	claims: Claims;
	findings: Finding[];
}

/** Walks through all packets, without decoding them, for their lengths, padding and gaps, and for a cut end. */
async function survey(
	bytes: Uint8Array,
	{ segment, statedSeconds, tickSeconds, trackCount }: MatroskaFile,
	track: MatroskaTrack,
	codec: Codec,
	slices: WorkSlices,
): Promise<Survey> {
	let discarded = 0;
	const lengthOf = packetSeconds(codec);
	let held = 0;
	// The size of a segment is only a claim: the file is cut short if its end cuts a cluster off.
	let truncated = false;
	let damaged = false;
	const times = new ClusterTimes();
	for (const packet of matroskaPackets(bytes, segment, track, () => (damaged = true))) {
		// That of the last packet counts: padding in the middle, as in joined recordings, must not be trimmed off the end.
		discarded = Math.max(0, packet.discardPadding) / NANOSECONDS_PER_SECOND;
		truncated = truncated || packet.truncated;
		const seconds = lengthOf(packet.bytes);
		held += seconds;
		const time = packet.time === undefined ? undefined : packet.time * tickSeconds;
		times.take({ time, seconds, startsCluster: packet.startsCluster, size: packet.bytes.length });
		if (slices.dueAfter(packet.bytes.length)) await slices.rest();
	}
	const dropAtEndSeconds = discarded <= MAX_PADDING_SECONDS ? discarded : 0;
	const skipSeconds = track.codecDelay / NANOSECONDS_PER_SECOND;
	const findings: Finding[] = [];
	const inGaps = times.lostSeconds({ tick: tickSeconds, statedSeconds }, damaged);
	// If there are several tracks, another one may be the longest.
	const missing = trackCount === 1 && held > 0 ? Math.max(0, (statedSeconds ?? 0) - held - inGaps) : 0;
	if (truncated) findings.push({ kind: 'cutShort', seconds: missing || undefined });
	const lost = damaged && !truncated ? inGaps + missing : inGaps;
	if (damaged || lost > 0) findings.push({ kind: 'damaged', seconds: lost || undefined });
	if (codec.name !== 'opus') return { claims: { skipSeconds, heldSeconds: held, dropAtEndSeconds }, findings };
	// The length of Opus packets is known before they are decoded, and their header has the exact pre-skip.
	const keepSeconds = Math.max(0, held - codec.head.preSkip / OPUS_CLOCK_HZ - dropAtEndSeconds);
	return { claims: { skipSeconds: 0, keepSeconds }, findings };
}
