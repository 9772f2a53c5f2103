import { OPUS_CLOCK_HZ } from './codecs/opus/opusPacket';
import { VOICE_NOTE_SAMPLE_RATE } from './voiceNoteFormat';
import type { OggOpusAudio } from './containers/ogg/writeOgg';
import { writeOggOpus } from './containers/ogg/writeOgg';
import { fileItself } from './containers/textInstead';
import { writeWav } from './containers/wav/writeWav';
import { audioFile, encodeMp3, mp3AudioFile } from './pipeline/encodeMp3';
import { encodeOpus, encoderComplexity } from './pipeline/encodeOpus';
import { gatherInt16, monoStream } from './pipeline/monoStream';
import { openAudio } from './pipeline/openAudio';
import { opusToOgg } from './pipeline/remuxOpus';
import type { AudioInput } from './pipeline/reconcile';
import { assertNotCertainlyTooLong, noSound, tooLarge } from './pipeline/refusals';
import { VoiceNoteError } from './errors';
import { MAX_INPUT_BYTES } from './limits';
import type { AudioFile, AudioFileOptions } from './types';
import { WorkSlices } from './workSlices';

/** The bitrate of re-encoded Opus in kb/s: higher than a voice note's, since the audio was already coded once. */
const ENCODER_BITRATE = 48;

const OPUS_CLOCK_RATIO = OPUS_CLOCK_HZ / VOICE_NOTE_SAMPLE_RATE;

const FORMATS = ['automatic', 'mp3', 'ogg', 'wav'];

/** The sample rates that speech-to-text services ask for, in Hz. */
const WAV_SAMPLE_RATES = [16_000, 24_000];
const DEFAULT_WAV_SAMPLE_RATE = 16_000;

/**
 * Converts a voice note from a phone to a file that other software reads: Ogg Opus, MP3 or WAV.
 *
 * The source format is probed from the bytes; the mime type counts only for raw PCM, which has no header. If the result
 * is Ogg, Opus is remuxed if possible; `automatic` leaves MP3 unchanged; everything else is decoded first.
 *
 * @throws {VoiceNoteError} with a code, a message and a hint for the user
 */
export async function fromVoiceNote(input: Uint8Array, options: AudioFileOptions = {}): Promise<AudioFile> {
	const { format = 'ogg', sampleRate = DEFAULT_WAV_SAMPLE_RATE } = options;
	if (!FORMATS.includes(format)) throw badOption(`The format '${String(format)}' is not known`);
	if (format === 'wav' && !WAV_SAMPLE_RATES.includes(sampleRate)) {
		throw badOption(`A sample rate of ${String(sampleRate)} Hz is not supported`);
	}
	if (input.length > MAX_INPUT_BYTES) throw tooLarge();
	const slices = new WorkSlices(options.pause, options.signal);
	slices.throwIfCancelled();

	const audio = await openAudio(input, { mimeType: options.mimeType }, slices);
	assertNotCertainlyTooLong(audio);
	switch (format) {
		case 'automatic':
			return await toPlainest(input, audio, slices);
		case 'mp3':
			return await toMp3(audio, slices);
		case 'ogg':
			return await toOgg(audio, slices);
		case 'wav':
			return await toWav(audio, sampleRate, slices);
	}
}

/** Opus is remuxed to Ogg if possible, MP3 stays as it is, and everything else becomes MP3. */
async function toPlainest(input: Uint8Array, audio: AudioInput, slices: WorkSlices): Promise<AudioFile> {
	if (audio.sourceFormat === 'mp3') return await checkedMp3(await fileItself(input, slices), audio, slices);
	return (await movedOgg(audio, slices)) ?? (await toMp3(audio, slices));
}

/** The MP3 file itself, decoded only to measure its duration and to make sure that it holds audio. */
async function checkedMp3(bytes: Uint8Array, audio: AudioInput, slices: WorkSlices): Promise<AudioFile> {
	const source = audio.decode();
	let frames = 0;
	for await (const [channel] of source.blocks()) {
		frames += channel.length;
		if (slices.due) await slices.rest();
	}
	if (frames === 0) throw noSound();
	const { channels, sampleRate } = source;
	return audioFile(bytes, audio, {
		method: 'untouched',
		format: 'mp3',
		durationSeconds: frames / sampleRate,
		sampleRate,
		channels,
	});
}

async function toMp3(audio: AudioInput, slices: WorkSlices): Promise<AudioFile> {
	const mono = monoStream(audio.decode({ mono: true }), VOICE_NOTE_SAMPLE_RATE, slices);
	const encoded = await encodeMp3(mono, slices);
	if (encoded.samples === 0) throw noSound();
	return mp3AudioFile(encoded, audio);
}

async function toWav(audio: AudioInput, sampleRate: number, slices: WorkSlices): Promise<AudioFile> {
	const blocks = await gatherInt16(monoStream(audio.decode({ mono: true }), sampleRate, slices), slices);
	const samples = blocks.reduce((sum, block) => sum + block.length, 0);
	if (samples === 0) throw noSound();
	const bytes = writeWav(blocks, sampleRate);
	return audioFile(bytes, audio, {
		method: 'decoded',
		format: 'wav',
		durationSeconds: samples / sampleRate,
		sampleRate,
		channels: 1,
	});
}

async function toOgg(audio: AudioInput, slices: WorkSlices): Promise<AudioFile> {
	return (await movedOgg(audio, slices)) ?? oggFile('encoded', audio, await encodedOgg(audio, slices));
}

/** Undefined if the audio is not Opus, or cannot be remuxed. */
async function movedOgg(audio: AudioInput, slices: WorkSlices): Promise<AudioFile | undefined> {
	const moved = audio.opus && (await opusToOgg(audio.opus, slices));
	return moved && oggFile('remuxed', audio, moved);
}

function oggFile(method: 'encoded' | 'remuxed', audio: AudioInput, opus: OggOpusAudio): AudioFile {
	if (opus.validSamples === 0) throw noSound();
	return audioFile(writeOggOpus(opus), audio, {
		method,
		format: 'ogg',
		durationSeconds: opus.validSamples / OPUS_CLOCK_HZ,
		sampleRate: OPUS_CLOCK_HZ,
		channels: opus.channels,
	});
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
	return new VoiceNoteError('badOption', message, `Choose Ogg, MP3, or WAV at ${WAV_SAMPLE_RATES.join(' or ')} Hz.`);
}
