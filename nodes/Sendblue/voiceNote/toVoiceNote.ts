import type { AudioInput } from './audio';
import { readVoiceNote } from './containers/caf/readVoiceNote';
import type { VoiceNoteFacts } from './containers/caf/readVoiceNote';
import { writeVoiceNote } from './containers/caf/writeVoiceNote';
import type { VoiceNoteAudio } from './containers/caf/writeVoiceNote';
import { encodeOpus } from './conversion/encodeOpus';
import { remuxOpus } from './conversion/remuxOpus';
import { VoiceNoteError } from './errors';
import { openAudio } from './formats/openAudio';
import { DEFAULT_BITRATE, MAX_BITRATE, MAX_INPUT_BYTES, MIN_BITRATE } from './limits';
import type { ConversionMethod, VoiceNote, VoiceNoteOptions } from './types';
import { WorkSlices } from './workSlices';

/** libopus' best quality; speech at low rates gains audibly from it. */
const ENCODER_COMPLEXITY = 10;

/**
 * Turns audio of any kind into an Apple voice note: Opus, mono, 24 kHz, in packets of 20 ms, in a CAF file.
 *
 * What the audio is is told by its bytes alone. Opus that already has the right shape is moved without re-encoding;
 * everything else is decoded, mixed down, resampled and encoded. The finished file is read back and checked.
 *
 * @throws {VoiceNoteError} with a code, a message and a hint for the user
 */
export async function toVoiceNote(input: Uint8Array, options: VoiceNoteOptions = {}): Promise<VoiceNote> {
	const bitrate = checkedBitrate(options.bitrate);
	if (input.length > MAX_INPUT_BYTES) throw tooLarge();
	const slices = new WorkSlices(options.pause, options.signal);
	slices.throwIfCancelled();

	const audio = await openAudio(input, { mimeType: options.mimeType });
	const remuxed = options.alwaysReencode || !audio.opus ? undefined : await remuxOpus(audio.opus, slices);
	if (remuxed) {
		const file = finished(remuxed);
		return result(file, sameBytes(file.bytes, input) ? 'untouched' : 'remuxed', audio);
	}
	const encoded = await encodeOpus(
		await audio.decode(),
		{ bitrate: bitrate * 1_000, complexity: ENCODER_COMPLEXITY },
		slices,
	);
	return result(finished(encoded), 'encoded', audio);
}

interface FinishedFile {
	bytes: Uint8Array;
	facts: VoiceNoteFacts;
}

/** Writes the file and reads it back; a difference between the two is a mistake of ours and stops it here. */
function finished(audio: VoiceNoteAudio): FinishedFile {
	if (audio.validFrames <= 0) throw noSound();
	const bytes = writeVoiceNote(audio);
	const facts = readVoiceNote(bytes);
	if (facts.validFrames !== audio.validFrames || facts.primingFrames !== audio.primingFrames) {
		throw new VoiceNoteError('invalidOutput', 'The voice note does not hold the audio it was made from');
	}
	return { bytes, facts };
}

function result({ bytes, facts }: FinishedFile, method: ConversionMethod, audio: AudioInput): VoiceNote {
	const { durationSeconds, bitrate, sampleRate, channels, framesPerPacket, packets } = facts;
	return {
		bytes,
		info: {
			method,
			sourceFormat: audio.sourceFormat,
			durationSeconds,
			bytes: bytes.length,
			bitrate,
			sampleRate,
			channels,
			framesPerPacket,
			packets,
		},
		hints: audio.hints,
	};
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
		`The bitrate must lie between ${MIN_BITRATE} and ${MAX_BITRATE} kb/s, but it is ${bitrate}`,
		`Leave it empty for ${DEFAULT_BITRATE} kb/s, which suits speech.`,
	);
}

function tooLarge(): VoiceNoteError {
	return new VoiceNoteError(
		'limit',
		`The file is larger than ${MAX_INPUT_BYTES / 1_024 / 1_024} MB`,
		'Cut the audio into shorter parts, or compress it first.',
	);
}

function noSound(): VoiceNoteError {
	return new VoiceNoteError(
		'notAudio',
		'The file holds no audio: its duration is zero',
		'Check that the earlier step really produced sound.',
	);
}
