import { VoiceNoteError } from '../errors';
import { cutBeforeSound, foreignFile, isUnmistakablyNotAudio, notAudio } from './notAudio';
import { adts } from './adts/demuxAdts';
import { aiff } from './aiff/readAiff';
import { amr } from './amr/readAmr';
import { au } from './au/readAu';
import { caf } from './caf/demuxCaf';
import { flac } from './flac/readFlac';
import { fileBehind } from './fileStart';
import { demuxedOrUndefined } from './joinedFiles';
import { skipTags } from './tags';
import { matroska } from './matroska/demuxMatroska';
import { mp3 } from './mp3/demuxMp3';
import { mp4 } from './mp4/demuxMp4';
import { transportStream } from './mpegts/demuxTransportStream';
import { ogg } from './ogg/demuxOgg';
import { fileItself } from './textInstead';
import { opusPackets, unframedOpus } from './raw/opusPackets';
import { rawPcm, undescribedPcm } from './raw/rawPcm';
import type { AudioRequest, Container, Demuxed } from './track';
import { fileInSamples, wav } from './wav/readWav';
import { WorkSlices } from '../workSlices';

/**
 * All containers, in the order in which they are probed: first those with an unmistakable signature, and known files
 * that are not supported; then raw PCM, which only the caller can identify; last those without a signature, whose
 * frames must confirm each other, since other bytes may look like them by chance.
 */
const CONTAINERS: readonly Container[] = [
	caf,
	wav,
	ogg,
	matroska,
	mp4,
	aiff,
	au,
	amr,
	flac,
	foreignFile,
	rawPcm,
	opusPackets,
	transportStream,
	adts,
	mp3,
	undescribedPcm,
	unframedOpus,
];

/** If fewer bytes than this follow a tag, and they are not known to be audio, the file was cut off there. */
const MIN_AUDIO_BYTES = 2_048;

/** The most files of different formats, one behind the other, that are read; more are not plausible. */
const MAX_FORMATS_JOINED = 100;

/**
 * Finds the audio of a file, and of the files of other formats that were joined to it, which are played in sequence. A
 * later one that cannot be read ends the sequence, which is reported as a finding.
 *
 * @throws {VoiceNoteError} as `demuxFirst`
 */
export async function demux(bytes: Uint8Array, request: AudioRequest, slices: WorkSlices): Promise<Demuxed> {
	const whole = await demuxFirst(bytes, request, slices);
	if (request.audioTrack !== undefined) return whole;
	let [rest, { end }] = [bytes, whole];
	for (let converted = 1; end !== undefined; converted++) {
		const start = fileBehind(rest, end);
		if (start === undefined) break;
		rest = rest.subarray(start);
		const isTooMany = converted === MAX_FORMATS_JOINED;
		const next = isTooMany
			? undefined
			: await demuxedOrUndefined(rest, async (file) => await demuxFirst(file, {}, slices));
		if (!next) {
			whole.findings.push({ kind: 'joined', converted });
			break;
		}
		whole.tracks.push(...next.tracks);
		whole.findings.push(...next.findings);
		({ end } = next);
	}
	return whole;
}

/**
 * Probes a file and finds its audio. Tags may come before any format except raw PCM.
 *
 * @returns its end counts from the start of these bytes
 * @throws {VoiceNoteError} `notAudio` if no container probes the bytes as its own, `corrupt` if the file ends in its
 *   tag or right after it, and whatever the container throws
 */
async function demuxFirst(bytes: Uint8Array, request: AudioRequest, slices: WorkSlices): Promise<Demuxed> {
	const whole = unwrapped(bytes);
	const audio = whole.subarray(skipTags(whole));
	const isTagged = audio.length < whole.length;
	if (isTagged && audio.length === 0) throw cutBeforeSound('inside its tag');
	const possible = isTagged ? CONTAINERS.filter((container) => container !== rawPcm) : CONTAINERS;
	const container = possible.find(({ probe }) => probe(audio, request));
	if (!container) {
		throw isTagged && audio.length < MIN_AUDIO_BYTES ? cutBeforeSound('right after its tag') : notAudio(audio);
	}
	const demuxed = await container.demux(audio, request, slices);
	const isWrapped = whole !== bytes;
	const end = isWrapped || demuxed.end === undefined ? undefined : bytes.length - audio.length + demuxed.end;
	return { ...demuxed, end };
}

/** A file without the WAV header for PCM that some programs put in front of any bytes; else the bytes themselves. */
function unwrapped(bytes: Uint8Array): Uint8Array {
	const audio = bytes.subarray(skipTags(bytes));
	return (wav.probe(audio, {}) && fileInSamples(audio)) || bytes;
}

/**
 * Why a file cannot be audio, by its first bytes alone; undefined if a container probes them as its own, if they are
 * only a tag, and for audio and video in other formats, which FFmpeg may read.
 *
 * @param mimeType the claimed one, which makes raw PCM of bytes that show nothing
 */
export async function whyNotAudio(head: Uint8Array, mimeType?: string): Promise<VoiceNoteError | undefined> {
	const slices = new WorkSlices();
	try {
		const bytes = await fileItself(head, slices);
		const audio = bytes.subarray(skipTags(bytes));
		if (audio.length === 0 && bytes.length > 0) return undefined;
		const container = CONTAINERS.find(({ probe }) => probe(audio, { mimeType }));
		if (!container) return notAudio(audio);
		const isRead = container !== foreignFile && container !== undescribedPcm && container !== unframedOpus;
		if (isRead || (container === foreignFile && !isUnmistakablyNotAudio(audio))) return undefined;
		await container.demux(audio, { mimeType }, slices);
		return undefined;
	} catch (error) {
		return error instanceof VoiceNoteError ? error : undefined;
	}
}
