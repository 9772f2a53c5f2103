import { VoiceNoteError } from '../errors';
import { cutBeforeSound, foreignFile, isUnmistakablyNotAudio, notAudio } from './notAudio';
import { adts } from './adts/demuxAdts';
import { aiff } from './aiff/readAiff';
import { amr } from './amr/readAmr';
import { au } from './au/readAu';
import { caf } from './caf/demuxCaf';
import { flac } from './flac/readFlac';
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
import { wav } from './wav/readWav';
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

/**
 * Probes a file and finds its audio. Tags may come before any format except raw PCM.
 *
 * @throws {VoiceNoteError} `notAudio` if no container probes the bytes as its own, `corrupt` if the file ends in its
 *   tag or right after it, and whatever the container throws
 */
export async function demux(bytes: Uint8Array, request: AudioRequest, slices: WorkSlices): Promise<Demuxed> {
	const audio = bytes.subarray(skipTags(bytes));
	const isTagged = audio.length < bytes.length;
	if (isTagged && audio.length === 0) throw cutBeforeSound('inside its tag');
	const possible = isTagged ? CONTAINERS.filter((container) => container !== rawPcm) : CONTAINERS;
	const container = possible.find(({ probe }) => probe(audio, request));
	if (!container) {
		throw isTagged && audio.length < MIN_AUDIO_BYTES ? cutBeforeSound('right after its tag') : notAudio(audio);
	}
	return await container.demux(audio, request, slices);
}

/**
 * Why a file cannot be audio, by its first bytes alone; undefined if a container probes them as its own, if they are
 * only a tag, and for audio and video in other formats, which FFmpeg may read.
 */
export async function whyNotAudio(head: Uint8Array): Promise<VoiceNoteError | undefined> {
	const slices = new WorkSlices();
	try {
		const bytes = await fileItself(head, slices);
		const audio = bytes.subarray(skipTags(bytes));
		if (audio.length === 0 && bytes.length > 0) return undefined;
		const container = CONTAINERS.find(({ probe }) => probe(audio, {}));
		if (!container) return notAudio(audio);
		const isRead = container !== foreignFile && container !== undescribedPcm && container !== unframedOpus;
		if (isRead || (container === foreignFile && !isUnmistakablyNotAudio(audio))) return undefined;
		await container.demux(audio, {}, slices);
		return undefined;
	} catch (error) {
		return error instanceof VoiceNoteError ? error : undefined;
	}
}
