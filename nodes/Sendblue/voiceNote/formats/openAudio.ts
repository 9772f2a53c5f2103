import type { AudioInput } from '../audio';
import type { AudioFormat, AudioRequest } from './audioFormat';
import { cafFormat } from './cafFormat';
import { matroskaFormat } from './matroskaFormat';
import { mpegAudioFormat } from './mpegAudioFormat';
import { notAudio } from './notAudio';
import { oggFormat } from './oggFormat';
import { wavFormat } from './wavFormat';

/** In the order in which they are tried: unmistakable signatures first, formats found by searching last. */
const FORMATS: readonly AudioFormat[] = [cafFormat, wavFormat, oggFormat, matroskaFormat, mpegAudioFormat];

/**
 * Recognises a file by its bytes and opens it.
 *
 * @throws {VoiceNoteError} `notAudio` where no format recognises the bytes, and whatever the format throws
 */
export async function openAudio(bytes: Uint8Array, request: AudioRequest): Promise<AudioInput> {
	const format = FORMATS.find((candidate) => candidate.recognises(bytes));
	if (!format) throw notAudio(bytes);
	return await format.open(bytes, request);
}
