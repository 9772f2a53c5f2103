import { MaximumLength } from '../dsp/edges';
import { VoiceNoteError } from '../errors';
import type { MaximumDuration } from '../types';
import type { MonoStream } from './monoStream';

/** Length of the fade before a cut, so that it does not click. */
const FADE_SECONDS = 0.03;

/** @throws {VoiceNoteError} `badOption` if the duration is not a positive number of seconds. */
export function checkMaximumDuration(maximum: MaximumDuration | undefined): void {
	if (!maximum || (Number.isFinite(maximum.seconds) && maximum.seconds > 0)) return;
	throw new VoiceNoteError(
		'badOption',
		`The maximum duration must be a positive number of seconds, but it is ${maximum.seconds}`,
		'Remove the option, or enter a number such as 60.',
	);
}

/** The error for audio that is longer than the user allows. */
export function tooLongFor({ seconds }: MaximumDuration): VoiceNoteError {
	return new VoiceNoteError(
		'limit',
		`The audio is longer than the maximum duration of ${secondsInWords(seconds)}`,
		'Shorten it, allow more, or choose to cut longer audio.',
		'tooLong',
	);
}

/** A duration in words, such as `1 second` or `2.5 seconds`. */
export function secondsInWords(seconds: number): string {
	return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
}

/**
 * Keeps a stream within the longest duration the user allows: cut with a short fade, or refused. Splitting is up to the
 * encoder, which then makes several notes.
 *
 * @param sampleRate of the stream, in Hz
 * @param onCut called if the audio was cut
 * @throws {VoiceNoteError} `limit` if the audio is too long and may not be cut
 */
export async function* limitDuration(
	stream: MonoStream,
	maximum: MaximumDuration,
	sampleRate: number,
	onCut: () => void,
): AsyncGenerator<Float32Array> {
	const limit = Math.round(maximum.seconds * sampleRate);
	const cutter = new MaximumLength(limit, Math.round(FADE_SECONDS * sampleRate));
	for await (const block of stream) {
		yield maximum.onExceed === 'split' ? block : cutter.push(block);
		if (!cutter.cut) continue;
		if (maximum.onExceed === 'fail') throw tooLongFor(maximum);
		onCut();
		return;
	}
	yield cutter.flush();
}
