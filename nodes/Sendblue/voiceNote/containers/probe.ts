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
 * All containers, in the order in which a file is tried: first those with an unmistakable signature, and what has one
 * but is not read; then raw PCM, which only the caller tells of; last those that are found by frames that confirm each
 * other, which bytes of other kinds may hold by chance.
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
	opusPackets,
	rawPcm,
	transportStream,
	adts,
	mp3,
	undescribedPcm,
	unframedOpus,
];

/** Fewer bytes than this behind a tag are less than a frame of any format. */
const LEAST_AUDIO_BYTES = 2_048;

/**
 * Recognises a file by its bytes and finds its audio. Tags may stand in front of any format; only raw PCM has none.
 *
 * @throws {VoiceNoteError} `notAudio` where no container recognises the bytes, and whatever the container throws
 */
export async function demux(bytes: Uint8Array, request: AudioRequest, slices: WorkSlices): Promise<Demuxed> {
	const audio = bytes.subarray(skipTags(bytes));
	const isTagged = audio.length < bytes.length;
	if (isTagged && audio.length === 0) throw cutBeforeSound('inside its tag');
	const possible = isTagged ? CONTAINERS.filter((container) => container !== rawPcm) : CONTAINERS;
	const container = possible.find(({ probe }) => probe(audio, request));
	if (!container) {
		throw isTagged && audio.length < LEAST_AUDIO_BYTES ? cutBeforeSound('right behind its tag') : notAudio(audio);
	}
	return await container.demux(audio, request, slices);
}

/**
 * Why a file cannot be audio, by its first bytes alone; undefined where a container recognises them, where they are a tag
 * and no more, and for formats that are not read by us but by FFmpeg, where that is.
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
