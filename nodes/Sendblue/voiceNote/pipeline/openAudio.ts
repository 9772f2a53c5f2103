import { demux } from '../containers/probe';
import { fileItself } from '../containers/textInstead';
import type { AudioRequest } from '../containers/track';
import { WorkSlices } from '../workSlices';
import type { AudioInput } from './reconcile';
import { reconcile } from './reconcile';
import { rethrow, VoiceNoteError } from '../errors';

/**
 * Recognises a file by its bytes, and opens it: finds the audio and what is to be heard of it, without decoding.
 *
 * @throws {VoiceNoteError} `notAudio` where no container recognises the bytes, and whatever the container throws
 */
export async function openAudio(
	bytes: Uint8Array,
	request: AudioRequest,
	slices = new WorkSlices(),
): Promise<AudioInput> {
	return reconcile(await demux(await fileItself(bytes, slices), request, slices));
}

/**
 * Container and codec of a file by its bytes, for example `caf/opus`.
 *
 * @param pause lets others run
 * @returns undefined where the bytes are no audio that is read
 */
export async function sourceFormatOf(bytes: Uint8Array, pause?: () => Promise<void>): Promise<string | undefined> {
	return await openAudio(bytes, {}, new WorkSlices(pause)).then(
		({ sourceFormat }) => sourceFormat,
		(error: unknown) => (error instanceof VoiceNoteError ? undefined : rethrow(error)),
	);
}
