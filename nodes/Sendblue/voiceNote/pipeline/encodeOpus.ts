import { createVoiceEncoder } from '../codecs/opus/opusEncoder';
import type { OpusEncoderSettings, VoiceEncoder } from '../codecs/opus/opusEncoder';
import { VOICE_NOTE_FRAMES_PER_PACKET } from '../voiceNoteFormat';
import type { VoiceNoteAudio } from '../containers/caf/writeVoiceNote';
import { PacketBuffer } from '../containers/packetBuffer';
import type { WorkSlices } from '../workSlices';
import { assertNotTooLong } from './refusals';
import type { MonoStream } from './monoStream';
import { splitParts } from './splitParts';

/** A note shorter than this (1 s) at the end of a split recording is hardly noticed, or taken for a mistake. */
const SHORTEST_LAST_SAMPLES = 24_000;

/**
 * Encodes mono audio at 24 kHz as a voice note: Opus in packets of 20 ms. Works block by block, so that memory follows
 * the output and not the length of the audio.
 *
 * @throws {VoiceNoteError} `limit` where the audio is too long, and whatever the stream throws
 */
export async function encodeOpus(
	audio: MonoStream,
	settings: OpusEncoderSettings,
	slices: WorkSlices,
): Promise<VoiceNoteAudio> {
	const [whole] = await encodeOpusParts(audio, Infinity, settings, slices);
	return whole;
}

/**
 * The same, but in parts of at most the given length, each a voice note of its own. There is always one part, be it
 * empty. The last of several lasts a second, or half of the longest, at least.
 *
 * @param partSamples longest part, in samples
 */
export async function encodeOpusParts(
	audio: MonoStream,
	partSamples: number,
	settings: OpusEncoderSettings,
	slices: WorkSlices,
): Promise<VoiceNoteAudio[]> {
	const parts: VoiceNoteAudio[] = [];
	let frames = new FrameEncoder(await createVoiceEncoder(settings), slices);
	let total = 0;
	try {
		for await (const { samples, endsPart } of splitParts(audio, partSamples, SHORTEST_LAST_SAMPLES)) {
			total += samples.length;
			assertNotTooLong(total);
			await frames.push(samples);
			if (endsPart) {
				parts.push(frames.finish());
				frames = new FrameEncoder(await createVoiceEncoder(settings), slices);
			}
			if (slices.due) await slices.rest();
		}
		parts.push(frames.finish());
		return parts;
	} finally {
		frames.free();
	}
}

/** Cuts a stream of samples into frames of 20 ms and encodes them. */
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

	/** Fills the end with silence until the encoder's look-ahead has come out, and frees the encoder. */
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
