/**
 * An Opus stream as a container holds it, before anything is decoded. Times are in samples at 48 kHz.
 */
export interface OpusTrack {
	/** Output channels of the stream's header. */
	channels: number;
	/** How the channels are coded; without it, one stream, mono or stereo (mapping family 0). */
	mapping?: OpusChannelMapping;
	/** Samples at the start that only prime the decoder (RFC 7845, section 4.2). */
	preSkip: number;
	/** Gain in dB to apply to the decoded audio (RFC 7845, section 5.1, field 5). */
	outputGainDb: number;
	/** Samples to be heard after the pre-skip; without it, all that the packets hold. */
	validSamples?: number;
	/** The packets from the start; may be asked for more than once. An empty packet stands for a lost one. */
	packets(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Several Opus streams in one packet, as surround sound has them (RFC 7845, section 5.1.1). */
export interface OpusChannelMapping {
	/** Number of streams in each packet. */
	streams: number;
	/** How many of the streams, counted from the first, are stereo. */
	coupledStreams: number;
	/** For each output channel the decoded channel it takes; 255 is silence. */
	table: Uint8Array;
}
