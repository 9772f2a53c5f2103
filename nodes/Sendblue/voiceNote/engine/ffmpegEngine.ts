/** The optional FFmpeg engine: for audio that the built-in decoders do not read, where somebody installed it. */
import type { AudioInput } from '../audio';
import type { OpusTrack } from '../codecs/opus/opusTrack';
import { VoiceNoteError } from '../errors';
import { oggFormat } from '../formats/oggFormat';
import { DEFAULT_BITRATE } from '../limits';
import type { WorkSlices } from '../workSlices';

/** Which decoders are used: our own, FFmpeg, or our own and FFmpeg for what they do not read. */
export type Engine = 'automatic' | 'builtIn' | 'ffmpeg';

/** What came of a run of FFmpeg. */
export type FfmpegOutcome =
	/** What it wrote. */
	| { bytes: Uint8Array }
	/** It is not installed. */
	| { missing: true }
	/** What it said went wrong. */
	| { failure: string };

/**
 * Runs FFmpeg with the input on a pipe and the output on a pipe, without any file. Given by the caller, since the core
 * starts no processes.
 */
export type RunFfmpeg = (
	input: Uint8Array,
	outputOptions: readonly string[],
	signal?: AbortSignal,
) => Promise<FfmpegOutcome>;

/** libopus' look-ahead of 6.5 ms at the Opus clock, which its pre-skip covers. */
const ENCODER_PRE_SKIP = 312;

/** Mono without a change of loudness, in the packets a voice note has. Never CAF: FFmpeg writes wrong ones, or none. */
function outputOptions(bitrate: number): string[] {
	return [
		...['-vn', '-map_metadata', '-1'],
		...['-c:a', 'libopus', '-b:a', `${bitrate}k`, '-application', 'voip', '-frame_duration', '20'],
		...['-ac', '1', '-ar', '24000', '-rematrix_maxval', '1'],
		...['-f', 'ogg'],
	];
}

/**
 * Has FFmpeg turn audio of any kind into Opus in Ogg, and opens that.
 *
 * @param bitrate in kb/s
 * @throws {VoiceNoteError} `unsupported` where FFmpeg is not installed, `corrupt` where it cannot read the audio,
 *   `cancelled` where the signal was aborted
 */
export async function openByFfmpeg(
	bytes: Uint8Array,
	run: RunFfmpeg | undefined,
	{ bitrate = DEFAULT_BITRATE, signal }: { bitrate?: number; signal?: AbortSignal },
	slices: WorkSlices,
): Promise<AudioInput> {
	const outcome: FfmpegOutcome = run ? await run(bytes, outputOptions(bitrate), signal) : { missing: true };
	if (signal?.aborted) throw new VoiceNoteError('cancelled', 'The conversion was cancelled');
	if ('missing' in outcome) throw notInstalled();
	if ('failure' in outcome) throw failed(outcome.failure);
	if (!oggFormat.recognises(outcome.bytes)) throw failed('it gave no audio');
	const ogg = await oggFormat.open(outcome.bytes, {}, slices);
	return {
		...ogg,
		sourceFormat: 'ffmpeg',
		wasEncoded: true,
		opus: ogg.opus && withWholePreSkip(ogg.opus),
	};
}

/** FFmpeg 4 writes the pre-skip at the input's rate of 24 kHz, half of what it is. */
function withWholePreSkip(track: OpusTrack): OpusTrack {
	const missing = Math.max(0, ENCODER_PRE_SKIP - track.preSkip);
	const { validSamples } = track;
	return {
		...track,
		preSkip: track.preSkip + missing,
		validSamples: validSamples === undefined ? undefined : Math.max(0, validSamples - missing),
	};
}

function notInstalled(): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		'The FFmpeg engine is not installed',
		'Choose the engine Automatic or Built-In, or install fluent-ffmpeg and ffmpeg-static next to n8n.',
	);
}

function failed(reason: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`FFmpeg could not convert the audio: ${reason}`,
		'Check that the file is audio.',
	);
}
