import { demux } from '../containers/probe';
import type { AudioRequest } from '../containers/track';
import { WorkSlices } from '../workSlices';
import type { AudioInput } from './reconcile';
import { reconcile } from './reconcile';

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
	return reconcile(await demux(bytes, request, slices));
}
