import type { AudioInput } from '../pcm/pcmSource';
import { isAdts } from './adts/adtsFrames';
import { hasId3 } from './id3';
import { isMpegAudio } from './mp3/mpegAudioFrames';
import { WorkSlices } from '../workSlices';
import { adtsFormat } from './adts/demuxAdts';
import { aiffFormat } from '../formats/aiffFormat';
import { amrFormat } from '../formats/amrFormat';
import type { AudioFormat, AudioRequest } from '../pipeline/reconcile';
import { auFormat } from '../formats/auFormat';
import { cafFormat } from './caf/demuxCaf';
import { flacFormat } from './flac/demuxFlac';
import { matroskaFormat } from './matroska/demuxMatroska';
import { mp4Format } from './mp4/demuxMp4';
import { mpegAudioFormat } from './mp3/demuxMp3';
import { hasForeignSignature, notAudio } from './notAudio';
import { oggFormat } from './ogg/demuxOgg';
import { rawPcmInput } from '../formats/rawPcmInput';
import { transportStreamFormat } from './mpegts/demuxTransportStream';
import { wavFormat } from './wav/demuxWav';

/** Formats with an unmistakable signature. */
const SIGNED_FORMATS: readonly AudioFormat[] = [
	cafFormat,
	wavFormat,
	oggFormat,
	matroskaFormat,
	mp4Format,
	aiffFormat,
	auFormat,
	amrFormat,
	flacFormat,
];

/** Formats that are found by searching for frames that confirm each other. */
const SEARCHED_FORMATS: readonly AudioFormat[] = [transportStreamFormat, adtsFormat, mpegAudioFormat];

/**
 * Recognises a file by its bytes and opens it. Bytes that the caller says are raw PCM are taken for that only where
 * they have no signature and do not begin with a row of AAC or MP3 frames: played as PCM those are loud noise.
 *
 * @throws {VoiceNoteError} `notAudio` where no format recognises the bytes, and whatever the format throws
 */
export async function openAudio(
	bytes: Uint8Array,
	request: AudioRequest,
	slices = new WorkSlices(),
): Promise<AudioInput> {
	const recognised = (format: AudioFormat): boolean => format.recognises(bytes);
	const signed = SIGNED_FORMATS.find(recognised);
	if (signed) return await signed.open(bytes, request, slices);
	if (hasForeignSignature(bytes)) throw notAudio(bytes);
	const raw = beginsWithFrames(bytes) ? undefined : rawPcmInput(bytes, request);
	if (raw) return raw;
	const found = SEARCHED_FORMATS.find(recognised);
	if (found) return await found.open(bytes, request, slices);
	throw notAudio(bytes);
}

/** Whether AAC or MP3 begins right here; raw PCM does not look like that by chance. */
function beginsWithFrames(bytes: Uint8Array): boolean {
	return hasId3(bytes) || isAdts(bytes) || isMpegAudio(bytes);
}
