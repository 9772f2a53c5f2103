import { VoiceNoteError } from '../../errors';
import { SampleMemory } from '../../pcm/sampleMemory';
import { LibopusCodec, loadLibopus } from './libopus';
import { MAX_PACKET_SAMPLES, OPUS_CLOCK_HZ } from './opusPacket';

/** How packets are decoded. */
export interface OpusDecoderSettings {
	/** Of the decoded audio, in Hz; libopus knows these rates. */
	sampleRate: 8_000 | 12_000 | 16_000 | 24_000 | 48_000;
	channels: 1 | 2;
}

/** A decoder of libopus. Its samples are interleaved where there are two channels, and good until the next call. */
export interface OpusDecoder {
	/** @throws VoiceNoteError `corrupt` where the packet is empty, or libopus refuses it */
	decode(packet: Uint8Array): Float32Array;
	/** What libopus puts in the place of a lost packet of so many sample frames. */
	conceal(frames: number): Float32Array;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/** More than 48 frames of 1,275 bytes, the most that a packet holds (RFC 6716, section 3.2); what is beyond is padding. */
const INPUT_BYTES = 65_536;

/** Loads libopus on first use and sets a decoder up. */
export async function createOpusDecoder({ sampleRate, channels }: OpusDecoderSettings): Promise<OpusDecoder> {
	const codec = new LibopusCodec(await loadLibopus(), new VoiceNoteError('corrupt', 'The Opus decoder stopped'));
	const maxFrames = (MAX_PACKET_SAMPLES * sampleRate) / OPUS_CLOCK_HZ;
	const decoder = codec.take((library) => library.createDecoder(sampleRate, channels));
	const pcm = codec.take((library) => library.allocate(maxFrames * channels * Float32Array.BYTES_PER_ELEMENT));
	const input = codec.take((library) => library.allocate(INPUT_BYTES));

	const memory = new SampleMemory();

	/** The samples of so many frames as libopus reports. */
	const decoded = (frames: number): Float32Array => {
		if (frames < 0) throw new VoiceNoteError('corrupt', `The Opus decoder refuses a packet (${frames})`);
		// Out of libopus' memory, which moves where another conversion makes it grow.
		const samples = memory.take(frames * channels);
		samples.set(codec.floats(pcm, samples.length));
		return samples;
	};
	return {
		decode(packet) {
			// libopus would take a packet of no bytes for a lost one of the greatest length.
			if (packet.length === 0 || packet.length > INPUT_BYTES) {
				throw new VoiceNoteError('corrupt', `An Opus packet has ${packet.length} bytes`);
			}
			const frames = codec.call((library) => {
				codec.bytes(input, packet.length).set(packet);
				return library.decode(decoder, input, packet.length, pcm, maxFrames);
			});
			return decoded(frames);
		},
		conceal: (frames) =>
			decoded(codec.call((library) => library.decode(decoder, 0, 0, pcm, Math.min(frames, maxFrames)))),
		free: () => codec.free(),
	};
}
