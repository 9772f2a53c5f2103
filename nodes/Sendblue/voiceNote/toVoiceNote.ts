import { readVoiceNote, voiceNoteInfo } from './containers/caf/readVoiceNote';
import type { VoiceNoteFacts } from './containers/caf/readVoiceNote';
import { writeVoiceNote } from './containers/caf/writeVoiceNote';
import type { VoiceNoteAudio } from './containers/caf/writeVoiceNote';
import { encodeParts, encoderComplexity } from './pipeline/encodeOpus';
import { encodeMp3, mp3AudioFile } from './pipeline/encodeMp3';
import type { Mp3File } from './pipeline/encodeMp3';
import { checkMaximumDuration, limitDuration, secondsInWords, tooLongFor } from './pipeline/limitDuration';
import { monoStream } from './pipeline/monoStream';
import type { MonoStream } from './pipeline/monoStream';
import { assertNotCertainlyTooLong, noSound, tooLarge } from './pipeline/refusals';
import type { AudioInput } from './pipeline/reconcile';
import { remuxOpus } from './pipeline/remuxOpus';
import { changesSound, shapeSound } from './pipeline/shapeSound';
import { assertAudible, channelsCancelOut, isSilent, SoundCheck } from './pipeline/soundCheck';
import { openWithEngine } from './ffmpeg';
import type { DecodeOptions } from './pcm/pcmSource';
import { openAudio } from './pipeline/openAudio';
import { VoiceNoteError } from './errors';
import { DEFAULT_BITRATE, MAX_BITRATE, MAX_INPUT_BYTES, MIN_BITRATE } from './limits';
import { withRemarks } from './types';
import type { ConversionMethod, MaximumDuration, VoiceNote, VoiceNoteInfo, VoiceNoteOptions } from './types';
import { VOICE_NOTE_SAMPLE_RATE } from './voiceNoteFormat';
import { WorkSlices } from './workSlices';

/**
 * Converts any audio to an Apple voice note: Opus, mono, 24 kHz, in packets of 20 ms, in a CAF file.
 *
 * The source format is probed from the bytes; what the caller says counts only for raw PCM, which has no header. Opus
 * with suitable packets is remuxed if no option changes the sound; everything else is decoded, mixed down, resampled
 * and encoded. The finished file is read back and checked.
 *
 * @throws {VoiceNoteError} with a code, a message and a hint for the user
 */
export async function toVoiceNote(input: Uint8Array, options: VoiceNoteOptions = {}): Promise<VoiceNote> {
	if (options.maximumDuration?.onExceed === 'split') {
		throw new VoiceNoteError(
			'badOption',
			'One voice note cannot be split',
			'Choose to cut longer audio, or to refuse it.',
		);
	}
	const [note] = await toVoiceNotes(input, options);
	return note;
}

/**
 * As {@link toVoiceNote}, but returns several voice notes if `maximumDuration` asks to split longer audio.
 *
 * @throws {VoiceNoteError} with a code, a message and a hint for the user
 */
export async function toVoiceNotes(input: Uint8Array, options: VoiceNoteOptions = {}): Promise<VoiceNote[]> {
	const bitrate = checkedBitrate(options.bitrate);
	checkMaximumDuration(options.maximumDuration);
	if (input.length > MAX_INPUT_BYTES) throw tooLarge();
	const slices = new WorkSlices(options.pause, options.signal);
	slices.throwIfCancelled();

	const audio = await openWithEngine(input, { ...options, bitrate }, slices);
	const remuxed = await remux(audio, options, slices);
	if (remuxed) {
		assertAudible(remuxed.validFrames / VOICE_NOTE_SAMPLE_RATE, audio.remarks.has('cutShort'));
		if (await isSilent(audio, remuxed.packets.sizes, slices)) audio.remarks.report({ kind: 'silent' });
		const file = finished(remuxed);
		const method = audio.wasEncoded ? 'encoded' : sameBytes(file.bytes, input) ? 'untouched' : 'remuxed';
		const copy = options.playableCopy ? await copyOfNote(file.bytes, slices) : undefined;
		return [result(file, method, audio, copy)];
	}
	// Audio that is going to be cut, split or trimmed may still fit.
	if (!options.maximumDuration && !options.trimSilence) assertNotCertainlyTooLong(audio);
	const check = new SoundCheck(VOICE_NOTE_SAMPLE_RATE);
	const encoded = await encodedAudio(audio, check, { ...options, bitrate }, slices);
	check.conclude(audio);
	return encoded.map(({ note, copy }) => result(finished(note), 'encoded', audio, copy));
}

/**
 * Decodes, shapes and encodes audio. If the channels of stereo cancel each other out, it starts over with one of them
 * inverted.
 */
async function encodedAudio(
	audio: AudioInput,
	check: SoundCheck,
	options: VoiceNoteOptions & { bitrate: number },
	slices: WorkSlices,
) {
	const { bitrate, maximumDuration, playableCopy } = options;
	let decoding: DecodeOptions = { mono: true };
	const open = async (): Promise<MonoStream> => await shapedAudio(audio, { check, decoding }, options, slices);
	const encode = async (shaped: MonoStream) =>
		await encodeParts(
			shaped,
			{
				partSamples: partSamples(maximumDuration),
				opus: { bitrate: bitrate * 1_000, complexity: encoderComplexity(bitrate) },
				withCopy: playableCopy === true,
			},
			slices,
		);
	const shaped = await open();
	// If an option needed a first pass over the audio, it is known already whether that is quiet.
	const encoded = check.wasQuiet ? undefined : await encode(shaped);
	const cancelsOut = check.wasQuiet && (await channelsCancelOut(audio, slices));
	if (!cancelsOut) return encoded ?? (await encode(shaped));
	decoding = { inverted: true };
	return await encode(await open());
}

/** A remuxed note has not been decoded yet, so it is decoded for its copy. */
async function copyOfNote(note: Uint8Array, slices: WorkSlices): Promise<Mp3File> {
	const audio = await openAudio(note, {}, slices);
	return await encodeMp3(monoStream(audio.decode({ mono: true }), VOICE_NOTE_SAMPLE_RATE, slices), slices);
}

/** Remuxes Opus if no option changes the sound; undefined if the audio must be encoded. */
async function remux(audio: AudioInput, options: VoiceNoteOptions, slices: WorkSlices) {
	if (!audio.opus || options.alwaysReencode || changesSound(options)) return undefined;
	const remuxed = await remuxOpus(audio.opus, slices);
	const maximum = options.maximumDuration;
	if (!remuxed || !maximum || remuxed.validFrames <= maximum.seconds * VOICE_NOTE_SAMPLE_RATE) return remuxed;
	if (maximum.onExceed === 'fail') throw tooLongFor(maximum);
	return undefined;
}

async function shapedAudio(
	audio: AudioInput,
	{ check, decoding }: { check: SoundCheck; decoding: DecodeOptions },
	options: VoiceNoteOptions,
	slices: WorkSlices,
): Promise<MonoStream> {
	const open = (): MonoStream => check.watch(monoStream(audio.decode(decoding), VOICE_NOTE_SAMPLE_RATE, slices));
	const shaped = await shapeSound(open, options, VOICE_NOTE_SAMPLE_RATE);
	const maximum = options.maximumDuration;
	if (!maximum) return shaped;
	return limitDuration(shaped, maximum, VOICE_NOTE_SAMPLE_RATE, () =>
		audio.remarks.add(`The audio was longer than ${secondsInWords(maximum.seconds)}; the rest was cut off.`),
	);
}

function partSamples(maximum: MaximumDuration | undefined): number {
	return maximum?.onExceed === 'split' ? Math.max(1, Math.round(maximum.seconds * VOICE_NOTE_SAMPLE_RATE)) : Infinity;
}

interface FinishedFile {
	bytes: Uint8Array;
	facts: VoiceNoteFacts;
}

/** Writes the file and reads it back; a difference between the two would be our bug, and throws. */
function finished(audio: VoiceNoteAudio): FinishedFile {
	if (audio.validFrames <= 0) throw noSound();
	const bytes = writeVoiceNote(audio);
	const facts = readVoiceNote(bytes);
	if (facts.validFrames !== audio.validFrames || facts.primingFrames !== audio.primingFrames) {
		throw new VoiceNoteError('invalidOutput', 'The voice note does not hold the audio it was made from');
	}
	return { bytes, facts };
}

function result(
	{ bytes, facts }: FinishedFile,
	method: ConversionMethod,
	audio: AudioInput,
	copy: Mp3File | undefined,
): VoiceNote {
	const info: VoiceNoteInfo = voiceNoteInfo(method, audio.sourceFormat, facts);
	const hints = audio.remarks.sentences;
	return { bytes, info: withRemarks(info, hints), hints, ...(copy ? { playableCopy: mp3AudioFile(copy, audio) } : {}) };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let index = 0; index < a.length; index++) {
		if (a[index] !== b[index]) return false;
	}
	return true;
}

function checkedBitrate(bitrate = DEFAULT_BITRATE): number {
	if (Number.isFinite(bitrate) && bitrate >= MIN_BITRATE && bitrate <= MAX_BITRATE) return bitrate;
	throw new VoiceNoteError(
		'badOption',
		`The bitrate must be between ${MIN_BITRATE} and ${MAX_BITRATE} kb/s, but it is ${bitrate}`,
		`Leave it empty for ${DEFAULT_BITRATE} kb/s, which suits speech.`,
	);
}
