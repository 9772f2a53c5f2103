import type { PacketBuffer } from '../packetBuffer';

/** A mono or stereo Opus stream, ready to be written. Times are in samples at 48 kHz. */
export interface OggOpusAudio {
	/** 1 or 2. */
	channels: number;
	/** The packets from the start; none is empty, and the last one reaches the end of what is heard. */
	packets: PacketBuffer;
	/** Samples at the start that only prime the decoder, up to 65,535. */
	preSkip: number;
	/** Samples to be heard after the pre-skip, at least 1. */
	validSamples: number;
	/** Gain in dB that players are to apply. */
	outputGainDb: number;
	/** Sampling rate of the audio before it was encoded, in Hz; 0 where it is not known. */
	inputSampleRate: number;
}
