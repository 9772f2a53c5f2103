/** The optional FFmpeg engine, for audio that the built-in decoders do not read. */
import { OPUS_CLOCK_HZ } from './codecs/opus/opusPacket';
import { withIndexFirst } from './containers/mp4/indexFirst';
import { isMp4 } from './containers/mp4/readMp4';
import { isUnmistakablyNotAudio } from './containers/notAudio';
import { fileItself } from './containers/textInstead';
import { ogg } from './containers/ogg/demuxOgg';
import type { AudioRequest, Track } from './containers/track';
import { rethrow, throwIfCancelled, VoiceNoteError } from './errors';
import { DEFAULT_BITRATE } from './limits';
import { openAudio } from './pipeline/openAudio';
import type { AudioInput } from './pipeline/reconcile';
import { reconcile } from './pipeline/reconcile';
import type { Engine, FfmpegOutcome, RunFfmpeg } from './types';
import type { WorkSlices } from './workSlices';

/** What the caller knows about the audio, and which engine should read it. */
export interface EngineRequest extends AudioRequest {
	/** `automatic` by default. */
	engine?: Engine;
	/** Runs FFmpeg, if the caller can. */
	ffmpeg?: RunFfmpeg;
	/** Bitrate in kb/s at which FFmpeg encodes. */
	bitrate?: number;
	signal?: AbortSignal;
}

const ENGINES: readonly Engine[] = ['automatic', 'builtIn', 'ffmpeg'];

/**
 * Opens audio with the requested engine.
 *
 * @throws {VoiceNoteError} `badOption` if there is no such engine, and what `openAudio` and `openByFfmpeg` throw
 */
export async function openWithEngine(
	input: Uint8Array,
	request: EngineRequest,
	slices: WorkSlices,
): Promise<AudioInput> {
	const { engine = 'automatic', ffmpeg } = request;
	if (!ENGINES.includes(engine)) {
		throw new VoiceNoteError(
			'badOption',
			`There is no engine '${String(engine)}'`,
			`Use one of ${ENGINES.join(', ')}.`,
			'engine',
		);
	}
	// Before any engine, since a file that was read as text merely looks damaged to an engine.
	const bytes = await fileItself(input, slices);
	const isBuiltInOnly = engine === 'builtIn' || isUnmistakablyNotAudio(bytes) || request.rawFormat;
	if (isBuiltInOnly) return await openAudio(bytes, request, slices);
	if (engine === 'ffmpeg') return await openByFfmpeg(bytes, ffmpeg, request, slices);
	return await openBuiltInFirst(bytes, request, slices);
}

async function openBuiltInFirst(bytes: Uint8Array, request: EngineRequest, slices: WorkSlices): Promise<AudioInput> {
	try {
		return await openAudio(bytes, request, slices);
	} catch (error) {
		if (!request.ffmpeg || !isUnread(error)) return rethrow(error);
		return await openByFfmpegInstead(bytes, request, slices, error);
	}
}

/** If FFmpeg cannot read the audio either, the error of our own reader is reported. */
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
		return rethrow(isCancelled ? second : first);
	}
}

/** Whether our reader met an unsupported form of audio, or nothing that it takes for audio. */
function isUnread(error: unknown): boolean {
	return error instanceof VoiceNoteError && (error.code === 'unsupported' || error.code === 'notAudio');
}

/** libopus' look-ahead of 6.5 ms, which the pre-skip covers, in samples at 48 kHz. */
const ENCODER_PRE_SKIP = 312;

/**
 * Mono without a change of loudness, in packets of a voice note's length. Not as CAF, which FFmpeg writes incorrectly
 * or not at all.
 *
 * @param bitrate in kb/s
 * @param audioTrack counted from 1
 */
function outputOptions(bitrate: number, audioTrack: number): string[] {
	return [
		...['-map', `0:a:${audioTrack - 1}`, '-map_metadata', '-1'],
		...['-c:a', 'libopus', '-b:a', `${bitrate}k`, '-application', 'voip', '-frame_duration', '20'],
		...['-ac', '1', '-ar', '24000', '-rematrix_maxval', '1'],
		...['-f', 'ogg'],
	];
}

/**
 * Has FFmpeg convert any audio to Opus in Ogg, and opens the result.
 *
 * @throws {VoiceNoteError} `unsupported` if FFmpeg is not installed, `corrupt` if it cannot read the audio,
 * `cancelled` if the signal was aborted
 */
async function openByFfmpeg(
	bytes: Uint8Array,
	run: RunFfmpeg | undefined,
	{ bitrate = DEFAULT_BITRATE, audioTrack = 1, signal }: EngineRequest,
	slices: WorkSlices,
): Promise<AudioInput> {
	// FFmpeg cannot seek in a pipe, so it needs the index of an MP4 file before the audio.
	const piped = isMp4(bytes) ? withIndexFirst(bytes) : bytes;
	const outcome: FfmpegOutcome = run ? await run(piped, outputOptions(bitrate, audioTrack), signal) : { missing: true };
	throwIfCancelled(signal);
	if ('missing' in outcome) throw notInstalled();
	if ('failure' in outcome) throw failed(outcome.failure);
	if (!ogg.probe(outcome.bytes, {})) throw failed('it produced no audio');
	const demuxed = await ogg.demux(outcome.bytes, {}, slices);
	return {
		...reconcile({ ...demuxed, tracks: demuxed.tracks.map(withWholePreSkip) }),
		sourceFormat: 'ffmpeg',
		wasEncoded: true,
	};
}

/** FFmpeg 4 writes the pre-skip at the input's rate of 24 kHz, half of its real value. */
function withWholePreSkip(track: Track): Track {
	const { codec, claims } = track;
	if (codec.name !== 'opus') return track;
	const missing = Math.max(0, ENCODER_PRE_SKIP - codec.head.preSkip);
	const shortened = (seconds: number | undefined): number | undefined =>
		seconds === undefined ? undefined : Math.max(0, seconds - missing / OPUS_CLOCK_HZ);
	return {
		...track,
		codec: { ...codec, head: { ...codec.head, preSkip: codec.head.preSkip + missing } },
		claims: {
			...claims,
			keepSeconds: shortened(claims.keepSeconds),
			heldSeconds: shortened(claims.heldSeconds),
		},
	};
}

function notInstalled(): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		'The FFmpeg engine is not installed',
		'Use another engine, or install FFmpeg.',
		'ffmpegMissing',
	);
}

function failed(reason: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`FFmpeg could not convert the audio: ${reason}`,
		'Check that the file is audio.',
	);
}
