import type { AudioInput } from '../audio';
import { isMp4 } from '../containers/mp4/readMp4';
import { VoiceNoteError } from '../errors';
import type { AudioRequest } from '../formats/audioFormat';
import { isUnmistakablyNotAudio } from '../formats/notAudio';
import { openAudio } from '../formats/openAudio';
import type { WorkSlices } from '../workSlices';
import type { Engine, RunFfmpeg } from './ffmpegEngine';
import { openByFfmpeg } from './ffmpegEngine';

/** What the caller says of the audio and of who is to read it. */
export interface EngineRequest extends AudioRequest {
	/** `automatic` by default. */
	engine?: Engine;
	/** FFmpeg, where it can be run. */
	ffmpeg?: RunFfmpeg;
	/** Bitrate in kb/s at which FFmpeg encodes. */
	bitrate?: number;
	signal?: AbortSignal;
}

const ENGINES: readonly Engine[] = ['automatic', 'builtIn', 'ffmpeg'];

/**
 * Opens audio with the engine that is asked for. MP4 and its relatives are always read by our own reader: their index
 * may stand at the end, where FFmpeg cannot look on a pipe.
 *
 * @throws {VoiceNoteError} as `openAudio` and `openByFfmpeg` do
 */
export async function openWithEngine(
	bytes: Uint8Array,
	request: EngineRequest,
	slices: WorkSlices,
): Promise<AudioInput> {
	const { engine = 'automatic', ffmpeg } = request;
	if (!ENGINES.includes(engine)) {
		throw new VoiceNoteError(
			'badOption',
			`There is no engine '${String(engine)}'`,
			`Use one of ${ENGINES.join(', ')}.`,
		);
	}
	const isBuiltInOnly = engine === 'builtIn' || isMp4(bytes) || isUnmistakablyNotAudio(bytes) || request.rawFormat;
	if (isBuiltInOnly) return await openAudio(bytes, request, slices);
	if (engine === 'ffmpeg') return await openByFfmpeg(bytes, ffmpeg, request, slices);
	return await openBuiltInFirst(bytes, request, slices);
}

async function openBuiltInFirst(bytes: Uint8Array, request: EngineRequest, slices: WorkSlices): Promise<AudioInput> {
	try {
		return await openAudio(bytes, request, slices);
	} catch (error) {
		if (!request.ffmpeg || !isUnread(error)) return await Promise.reject(error);
		return await openByFfmpegInstead(bytes, request, slices, error);
	}
}

/** Where FFmpeg cannot help either, what our own reader said stands. */
async function openByFfmpegInstead(
	bytes: Uint8Array,
	request: EngineRequest,
	slices: WorkSlices,
	first: unknown,
): Promise<AudioInput> {
	try {
		return await openByFfmpeg(bytes, request.ffmpeg, request, slices);
	} catch (second) {
		const isCancelled = second instanceof VoiceNoteError && second.code === 'cancelled';
		return await Promise.reject(isCancelled ? second : first);
	}
}

/** Audio in a form that we do not read, or bytes that we do not know. */
function isUnread(error: unknown): boolean {
	return error instanceof VoiceNoteError && (error.code === 'unsupported' || error.code === 'notAudio');
}
