import { opusPacketSamples, VOICE_NOTE_FRAME_SAMPLES } from './opusPacket';

/**
 * Counts the time of a stream's packets. A packet that is lost or malformed takes as long as the one before it, since
 * that is what the decoder conceals it with.
 */
export class OpusClock {
	private last = VOICE_NOTE_FRAME_SAMPLES;

	/** Length of the next packet in samples at 48 kHz. */
	samplesOf(packet: Uint8Array): number {
		if (packet.length > 0) {
			try {
				this.last = opusPacketSamples(packet);
			} catch {
				// Malformed: the length stays that of the packet before.
			}
		}
		return this.last;
	}
}
