import { joinBlocks, NO_SAMPLES } from '../dsp/stage';
import type { MonoStream } from './monoStream';
import { createVoiceEncoder, type OpusEncoderSettings, type VoiceEncoder } from '../codecs/opus/opusCodec';
import { DEFAULT_BITRATE } from '../limits';
import { rethrow } from '../errors';
import { VOICE_NOTE_FRAMES_PER_PACKET } from '../voiceNoteFormat';
import type { VoiceNoteAudio } from '../containers/caf/writeVoiceNote';
import { PacketBuffer } from '../containers/packetBuffer';
import type { WorkSlices } from '../workSlices';
import { Mp3Recorder } from './encodeMp3';
import type { Mp3File } from './encodeMp3';
import { assertNotTooLong } from './refusals';

/**
 * In kb/s: from the default bitrate up, half the effort sounds better than full effort at 24 kb/s (bench/quality.md).
 */
const PLENTY_KBPS = DEFAULT_BITRATE;

/** The best that libopus can do; the difference is audible in speech at low bitrates. */
const COMPLEXITY_OF_FEW_BITS = 10;
/** Takes about half as long as the best. Below this, speech gets clearly worse at any bitrate. */
const COMPLEXITY_OF_MANY_BITS = 5;

/**
 * How hard the encoder tries, 0 to 10, at a bitrate in kb/s. Chosen from measurements of time, size and quality
 * (bench/quality.md).
 */
export function encoderComplexity(bitrate: number): number {
	return bitrate < PLENTY_KBPS ? COMPLEXITY_OF_FEW_BITS : COMPLEXITY_OF_MANY_BITS;
}

/** A block of a part. */
export interface PartPiece {
	samples: Float32Array;
	/** Whether it ends the part, and another part follows. */
	endsPart: boolean;
}

/**
 * Divides a stream into parts of limited length. The last part has at least `shortestSamples` (or half a part); the end
 * of the previous one is moved to it if necessary.
 */
export async function* splitParts(
	stream: MonoStream,
	partSamples: number,
	shortestSamples: number,
): AsyncGenerator<PartPiece> {
	const shortest = Math.min(shortestSamples, Math.floor(partSamples / 2));
	let given = 0;
	// Samples that belong to this part or to the last one, depending on how many follow.
	let held: Float32Array = NO_SAMPLES;
	for await (const block of stream) {
		held = joinBlocks([held, block]);
		while (given + held.length > partSamples + shortest) {
			const taken = partSamples - given;
			yield { samples: held.subarray(0, taken), endsPart: true };
			held = held.subarray(taken);
			given = 0;
		}
		const sure = Math.min(held.length, Math.max(0, partSamples - shortest - given));
		yield { samples: held.subarray(0, sure), endsPart: false };
		given += sure;
		held = held.slice(sure);
	}
	if (given + held.length > partSamples) {
		const taken = held.length - shortest;
		yield { samples: held.subarray(0, taken), endsPart: true };
		held = held.subarray(taken);
	}
	yield { samples: held, endsPart: false };
}

/** A shorter note (under 1 s) at the end of a split recording is overlooked, or looks like a mistake. */
const SHORTEST_LAST_SAMPLES = 24_000;

/**
 * Encodes mono audio at 24 kHz as a voice note: Opus in packets of 20 ms. It works block by block, so that memory grows
 * with the output and not with the audio.
 *
 * @throws {VoiceNoteError} `limit` if the audio is too long, and whatever the stream throws
 */
export async function encodeOpus(
	audio: MonoStream,
	settings: OpusEncoderSettings,
	slices: WorkSlices,
): Promise<VoiceNoteAudio> {
	const [{ note }] = await encodeParts(audio, { partSamples: Infinity, opus: settings, withCopy: false }, slices);
	return note;
}

/** How audio is divided into parts, and what each part is encoded to. */
export interface PartSettings {
	/** The longest part, in samples at 24 kHz; Infinity for a single part. */
	partSamples: number;
	opus: OpusEncoderSettings;
	/** Whether each part is also encoded as an MP3 file. */
	withCopy: boolean;
}

/** A part of the audio as a voice note and, if wanted, the same samples as an MP3 file. */
export interface EncodedPart {
	note: VoiceNoteAudio;
	copy?: Mp3File;
}

/**
 * As {@link encodeOpus}, but in parts of limited length, each a separate voice note. There is always at least one
 * part, even if it is empty. The last of several lasts at least a second, or half as long as the others.
 *
 * @throws {VoiceNoteError} `limit` if the audio is too long, and whatever the stream throws
 */
export async function encodeParts(
	audio: MonoStream,
	settings: PartSettings,
	slices: WorkSlices,
): Promise<EncodedPart[]> {
	const parts: EncodedPart[] = [];
	let part = await PartEncoder.create(settings, slices);
	let total = 0;
	try {
		for await (const { samples, endsPart } of splitParts(audio, settings.partSamples, SHORTEST_LAST_SAMPLES)) {
			total += samples.length;
			assertNotTooLong(total);
			await part.push(samples);
			if (endsPart) {
				parts.push(part.finish());
				part = await PartEncoder.create(settings, slices);
			}
			if (slices.due) await slices.rest();
		}
		parts.push(part.finish());
		return parts;
	} finally {
		part.free();
	}
}

/** Encodes one part, in all its forms. */
class PartEncoder {
	private constructor(
		private readonly frames: FrameEncoder,
		private readonly copy: Mp3Recorder | undefined,
	) {}

	static async create({ opus, withCopy }: PartSettings, slices: WorkSlices): Promise<PartEncoder> {
		const frames = new FrameEncoder(await createVoiceEncoder(opus), slices);
		try {
			return new PartEncoder(frames, withCopy ? await Mp3Recorder.create(slices) : undefined);
		} catch (error) {
			frames.free();
			return rethrow(error);
		}
	}

	async push(samples: Float32Array): Promise<void> {
		await this.frames.push(samples);
		await this.copy?.push(samples);
	}

	finish(): EncodedPart {
		const note = this.frames.finish();
		return this.copy ? { note, copy: this.copy.finish() } : { note };
	}

	free(): void {
		this.frames.free();
		this.copy?.free();
	}
}

/** Cuts samples into frames of 20 ms and encodes them. */
class FrameEncoder {
	private readonly packets = new PacketBuffer();

	private readonly frame = new Float32Array(VOICE_NOTE_FRAMES_PER_PACKET);

	private filled = 0;

	private samplesGiven = 0;

	constructor(
		private readonly encoder: VoiceEncoder,
		private readonly slices: WorkSlices,
	) {}

	async push(samples: Float32Array): Promise<void> {
		this.samplesGiven += samples.length;
		for (let position = 0; position < samples.length; ) {
			const taken = Math.min(this.frame.length - this.filled, samples.length - position);
			this.frame.set(samples.subarray(position, position + taken), this.filled);
			this.filled += taken;
			position += taken;
			if (this.filled === this.frame.length) {
				this.encodeFrame();
				if (this.slices.due) await this.slices.rest();
			}
		}
	}

	/** Adds silence until the encoder has output its look-ahead, and frees the encoder. */
	finish(): VoiceNoteAudio {
		const validFrames = this.samplesGiven;
		const primingFrames = this.encoder.lookahead;
		while (this.packets.count * this.frame.length < validFrames + primingFrames) {
			this.frame.fill(0, this.filled);
			this.encodeFrame();
		}
		this.free();
		return { packets: this.packets, primingFrames, validFrames };
	}

	free(): void {
		this.encoder.free();
	}

	private encodeFrame(): void {
		this.packets.append(this.encoder.encode(this.frame));
		this.filled = 0;
	}
}
