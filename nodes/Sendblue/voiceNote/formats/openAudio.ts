import type { AudioInput } from '../audio';
import { isAdts } from '../codecs/aac/adts';
import { hasId3 } from '../containers/id3';
import { isMpegAudio } from '../containers/mp3/mpegAudioFrames';
import { WorkSlices } from '../workSlices';
import { adtsFormat } from './adtsFormat';
import { aiffFormat } from './aiffFormat';
import { amrFormat } from './amrFormat';
import type { AudioFormat, AudioRequest } from './audioFormat';
import { auFormat } from './auFormat';
import { cafFormat } from './cafFormat';
import { flacFormat } from './flacFormat';
import { matroskaFormat } from './matroskaFormat';
import { mp4Format } from './mp4Format';
import { mpegAudioFormat } from './mpegAudioFormat';
import { hasForeignSignature, notAudio } from './notAudio';
import { oggFormat } from './oggFormat';
import { rawPcmInput } from './rawPcmInput';
import { transportStreamFormat } from './transportStreamFormat';
import { wavFormat } from './wavFormat';

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
