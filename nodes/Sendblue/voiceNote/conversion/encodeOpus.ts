import type { PcmSource } from '../audio';
import { createVoiceEncoder } from '../codecs/opus/opusEncoder';
import type { OpusEncoderSettings, VoiceEncoder } from '../codecs/opus/opusEncoder';
import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../containers/caf/writeVoiceNote';
import type { VoiceNoteAudio } from '../containers/caf/writeVoiceNote';
import { createDownmix } from '../dsp/downmix';
import { Resampler } from '../dsp/resample';
import { PacketBuffer } from '../packetBuffer';
import type { WorkSlices } from '../workSlices';
import { assertNotTooLong } from './lengthLimit';

/**
 * Encodes decoded audio as a voice note: mixed down to mono, resampled to 24 kHz, Opus in packets of 20 ms. Works
 * block by block, so that memory follows the output and not the length of the audio.
 *
 * @throws {VoiceNoteError} `limit` where the audio is too long, and whatever the source throws
 */
export async function encodeOpus(
	source: PcmSource,
	settings: OpusEncoderSettings,
	slices: WorkSlices,
): Promise<VoiceNoteAudio> {
	const encoder = await createVoiceEncoder(settings);
	try {
		const downmix = createDownmix(source.layout ?? source.channels);
		const resampler = new Resampler(source.sampleRate, VOICE_NOTE_SAMPLE_RATE);
		const packets = new FrameEncoder(encoder, slices);
		for await (const block of source.blocks()) {
			await packets.push(resampler.push(downmix(block)));
			if (slices.due) await slices.rest();
		}
		await packets.push(resampler.flush());
		return await packets.finish();
	} finally {
		encoder.free();
	}
}

/** Cuts a stream of samples into frames of 20 ms and encodes them. */
class FrameEncoder {
	private readonly packets = new PacketBuffer();

	private readonly frame = new Float32Array(VOICE_NOTE_FRAMES_PER_PACKET);

	private filled = 0;

	/** Samples given so far. */
	private samples = 0;

	constructor(
		private readonly encoder: VoiceEncoder,
		private readonly slices: WorkSlices,
	) {}

	async push(samples: Float32Array): Promise<void> {
		this.samples += samples.length;
		assertNotTooLong(this.samples);
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

	/** Fills the end with silence until the encoder's look-ahead has come out. */
	async finish(): Promise<VoiceNoteAudio> {
		const validFrames = this.samples;
		const primingFrames = this.encoder.lookahead;
		while (this.packets.count * this.frame.length < validFrames + primingFrames) {
			this.frame.fill(0, this.filled);
			this.encodeFrame();
		}
		return { packets: this.packets, primingFrames, validFrames };
	}

	private encodeFrame(): void {
		this.packets.append(this.encoder.encode(this.frame));
		this.filled = 0;
	}
}
