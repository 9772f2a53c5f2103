import { createMp3Encoder, MP3_CALL_SAMPLES, MP3_ENCODER_DELAY } from '../codecs/mp3/mp3Encoder';
import type { Mp3Encoder } from '../codecs/mp3/mp3Encoder';
import { Mp3Writer } from '../containers/mp3/writeMp3';
import type { WorkSlices } from '../workSlices';
import { assertNotTooLong } from './refusals';
import type { MonoStream } from './monoStream';
import { withRemarks } from '../types';
import type { AudioFile, AudioFileInfo } from '../types';
import { VOICE_NOTE_SAMPLE_RATE } from '../voiceNoteFormat';
import type { AudioInput } from './reconcile';

/** A finished MP3 file. */
export interface Mp3File {
	bytes: Uint8Array;
	/** Samples of the audio itself, at 24 kHz. */
	samples: number;
}

/** Encodes audio as an MP3 file as it is pushed; the file's valid range is exactly the samples that were pushed. */
export class Mp3Recorder {
	private readonly writer = new Mp3Writer();

	private samples = 0;

	private constructor(
		private readonly encoder: Mp3Encoder,
		private readonly slices: WorkSlices,
	) {}

	static async create(slices: WorkSlices): Promise<Mp3Recorder> {
		return new Mp3Recorder(await createMp3Encoder(slices), slices);
	}

	/** @param samples mono, at 24 kHz */
	async push(samples: Float32Array): Promise<void> {
		this.samples += samples.length;
		for (let start = 0; start < samples.length; start += MP3_CALL_SAMPLES) {
			this.writer.append(this.encoder.encode(samples.subarray(start, start + MP3_CALL_SAMPLES)));
			if (this.slices.due) await this.slices.rest();
		}
	}

	/** Ends the file, and frees the encoder. */
	finish(): Mp3File {
		this.writer.append(this.encoder.finish());
		this.free();
		const bytes = this.writer.finish({ samples: this.samples, delay: MP3_ENCODER_DELAY });
		return { bytes, samples: this.samples };
	}

	free(): void {
		this.encoder.free();
	}
}

/**
 * Encodes mono audio at 24 kHz as an MP3 file.
 *
 * @throws {VoiceNoteError} `limit` if the audio is too long, and whatever the stream throws
 */
export async function encodeMp3(audio: MonoStream, slices: WorkSlices): Promise<Mp3File> {
	const recorder = await Mp3Recorder.create(slices);
	let total = 0;
	try {
		for await (const samples of audio) {
			total += samples.length;
			assertNotTooLong(total);
			await recorder.push(samples);
		}
		return recorder.finish();
	} finally {
		recorder.free();
	}
}

/** A finished file with its facts, and with the remarks about the audio. */
export function audioFile(
	bytes: Uint8Array,
	{ sourceFormat, remarks }: Pick<AudioInput, 'sourceFormat' | 'remarks'>,
	facts: Omit<AudioFileInfo, 'sourceFormat' | 'bytes'>,
): AudioFile {
	const { method, ...rest } = facts;
	const hints = remarks.sentences;
	return { bytes, info: withRemarks({ method, sourceFormat, bytes: bytes.length, ...rest }, hints), hints };
}

/** A finished MP3 file that was encoded here, with its facts and remarks. */
export function mp3AudioFile(
	{ bytes, samples }: Mp3File,
	audio: Pick<AudioInput, 'sourceFormat' | 'remarks'>,
): AudioFile {
	return audioFile(bytes, audio, {
		method: 'encoded',
		format: 'mp3',
		durationSeconds: samples / VOICE_NOTE_SAMPLE_RATE,
		sampleRate: VOICE_NOTE_SAMPLE_RATE,
		channels: 1,
	});
}
