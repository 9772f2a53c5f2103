import { OPUS_CLOCK_HZ } from './codecs/opus/opusPacket';
import { VOICE_NOTE_SAMPLE_RATE } from './voiceNoteFormat';
import type { OggOpusAudio } from './containers/ogg/oggOpusAudio';
import { writeOggOpus } from './containers/ogg/writeOgg';
import { writeWav } from './containers/wav/writeWav';
import { encoderComplexity } from './pipeline/encoderComplexity';
import { encodeOpus } from './pipeline/encodeOpus';
import { gatherInt16 } from './pipeline/gatherInt16';
import { monoStream } from './pipeline/monoStream';
import { openAudio } from './pipeline/openAudio';
import { opusToOgg } from './pipeline/opusToOgg';
import type { AudioInput } from './pipeline/reconcile';
import { noSound, tooLarge } from './pipeline/refusals';
import { VoiceNoteError } from './errors';
import { MAX_INPUT_BYTES } from './limits';
import { withRemarks } from './types';
import type { AudioFile, AudioFileInfo, AudioFileOptions } from './types';
import { WorkSlices } from './workSlices';

/** Kilobits per second of Opus that is encoded anew: more than a voice note has, since the audio was coded before. */
const ENCODER_BITRATE = 48;

const OPUS_CLOCK_RATIO = OPUS_CLOCK_HZ / VOICE_NOTE_SAMPLE_RATE;

/** Rates speech-to-text services ask for, in Hz. */
const WAV_SAMPLE_RATES = [16_000, 24_000];
const DEFAULT_WAV_SAMPLE_RATE = 16_000;

/**
 * Turns a voice note, as a phone sends it, into a file that other software reads: Ogg Opus or WAV.
 *
 * What the audio is is told by its bytes alone. Opus goes into Ogg without re-encoding; all else is decoded first.
 *
 * @throws {VoiceNoteError} with a code, a message and a hint for the user
 */
export async function fromVoiceNote(input: Uint8Array, options: AudioFileOptions = {}): Promise<AudioFile> {
	const { format = 'ogg', sampleRate = DEFAULT_WAV_SAMPLE_RATE } = options;
	if (format !== 'ogg' && format !== 'wav') throw badOption(`The format '${String(format)}' is not known`);
	if (format === 'wav' && !WAV_SAMPLE_RATES.includes(sampleRate)) {
		throw badOption(`A sample rate of ${String(sampleRate)} Hz is not offered`);
	}
	if (input.length > MAX_INPUT_BYTES) throw tooLarge();
	const slices = new WorkSlices(options.pause, options.signal);
	slices.throwIfCancelled();

	const audio = await openAudio(input, { mimeType: options.mimeType }, slices);
	return format === 'wav' ? await toWav(audio, sampleRate, slices) : await toOgg(audio, slices);
}

async function toWav(audio: AudioInput, sampleRate: number, slices: WorkSlices): Promise<AudioFile> {
	const blocks = await gatherInt16(monoStream(audio.decode({ mono: true }), sampleRate, slices), slices);
	const samples = blocks.reduce((sum, block) => sum + block.length, 0);
	if (samples === 0) throw noSound();
	const bytes = writeWav(blocks, sampleRate);
	return file(bytes, audio, {
		method: 'decoded',
		format: 'wav',
		durationSeconds: samples / sampleRate,
		sampleRate,
		channels: 1,
	});
}

async function toOgg(audio: AudioInput, slices: WorkSlices): Promise<AudioFile> {
	const moved = audio.opus && (await opusToOgg(audio.opus, slices));
	const opus = moved ?? (await encodedOgg(audio, slices));
	if (opus.validSamples === 0) throw noSound();
	const bytes = writeOggOpus(opus);
	return file(bytes, audio, {
		method: moved ? 'remuxed' : 'encoded',
		format: 'ogg',
		durationSeconds: opus.validSamples / OPUS_CLOCK_HZ,
		sampleRate: OPUS_CLOCK_HZ,
		channels: opus.channels,
	});
}

function file(
	bytes: Uint8Array,
	{ sourceFormat, remarks }: AudioInput,
	facts: Omit<AudioFileInfo, 'sourceFormat' | 'bytes'>,
): AudioFile {
	const { method, ...rest } = facts;
	const hints = remarks.sentences;
	return { bytes, info: withRemarks({ method, sourceFormat, bytes: bytes.length, ...rest }, hints), hints };
}

async function encodedOgg(audio: AudioInput, slices: WorkSlices): Promise<OggOpusAudio> {
	const { packets, primingFrames, validFrames } = await encodeOpus(
		monoStream(audio.decode({ mono: true }), VOICE_NOTE_SAMPLE_RATE, slices),
		{ bitrate: ENCODER_BITRATE * 1_000, complexity: encoderComplexity(ENCODER_BITRATE) },
		slices,
	);
	return {
		channels: 1,
		packets,
		preSkip: primingFrames * OPUS_CLOCK_RATIO,
		validSamples: validFrames * OPUS_CLOCK_RATIO,
		outputGainDb: 0,
		inputSampleRate: VOICE_NOTE_SAMPLE_RATE,
	};
}

function badOption(message: string): VoiceNoteError {
	return new VoiceNoteError('badOption', message, `Choose Ogg, or WAV with ${WAV_SAMPLE_RATES.join(' or ')} Hz.`);
}
