import { VoiceNoteError } from '../../errors';
import { givenAddress, loadLibopus, releaseOnce, resultOf } from './libopus';

/** How packets are decoded. */
export interface OpusDecoderSettings {
	/** Of the decoded audio, in Hz; libopus knows these rates. */
	sampleRate: 8_000 | 12_000 | 16_000 | 24_000 | 48_000;
	channels: 1 | 2;
}

/** A decoder of libopus. Its samples are interleaved where there are two channels. */
export interface OpusDecoder {
	/** @throws VoiceNoteError `corrupt` where libopus refuses the packet */
	decode(packet: Uint8Array): Float32Array;
	/** What libopus puts in the place of a lost packet of so many sample frames. */
	conceal(frames: number): Float32Array;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/** RFC 6716, section 3.2: no packet holds more than 120 ms. */
const MAX_PACKET_SECONDS = 0.12;
/** Room for any packet met in practice; a longer one, which padding allows, is given more. */
const USUAL_PACKET_BYTES = 8_192;

/** Loads libopus on first use and sets a decoder up. */
export async function createOpusDecoder({ sampleRate, channels }: OpusDecoderSettings): Promise<OpusDecoder> {
	const library = await loadLibopus();
	const maxFrames = sampleRate * MAX_PACKET_SECONDS;
	const decoder = givenAddress(library.createDecoder(sampleRate, channels));
	const pcm = givenAddress(library.allocate(maxFrames * channels * Float32Array.BYTES_PER_ELEMENT));
	let capacity = USUAL_PACKET_BYTES;
	let input = givenAddress(library.allocate(capacity));

	const decodeAt = (packet: number, bytes: number, frameLimit: number): Float32Array => {
		const frames = resultOf(() => library.decode(decoder, packet, bytes, pcm, frameLimit));
		if (frames < 0) throw new VoiceNoteError('corrupt', `The Opus decoder refuses a packet (${frames})`);
		return new Float32Array(library.memory.buffer, pcm, frames * channels).slice();
	};
	return {
		decode(packet) {
			if (packet.length > capacity) {
				library.release(input);
				capacity = packet.length;
				input = givenAddress(library.allocate(capacity));
			}
			new Uint8Array(library.memory.buffer, input, packet.length).set(packet);
			return decodeAt(input, packet.length, maxFrames);
		},
		conceal: (frames) => decodeAt(0, 0, Math.min(frames, maxFrames)),
		free: releaseOnce(library, () => [decoder, pcm, input]),
	};
}
