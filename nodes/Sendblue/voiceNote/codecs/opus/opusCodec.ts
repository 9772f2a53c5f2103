import { VoiceNoteError } from '../../errors';
import { SampleMemory } from '../../pcm/pcmSource';
import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../../voiceNoteFormat';
import { MAX_FRAME_BYTES, MAX_PACKET_SAMPLES, OPUS_CLOCK_HZ } from './opusPacket';

/**
 * What build/libopus/voiceCodec.c exports. Addresses are byte offsets in `memory`; results below zero are error codes.
 */
export interface Libopus {
	/** Growing the memory replaces `buffer`. */
	readonly memory: { readonly buffer: ArrayBuffer };
	/** Sets the C library up. Call once. */
	_initialize(): void;
	allocate(bytes: number): number;
	release(address: number): void;
	createEncoder(sampleRate: number, bitrate: number, complexity: number): number;
	lookahead(encoder: number): number;
	encode(encoder: number, pcm: number, frames: number, packet: number, maxBytes: number): number;
	createDecoder(sampleRate: number, channels: number): number;
	decode(decoder: number, packet: number, bytes: number, pcm: number, maxFrames: number): number;
}

let compiled: object | undefined;

/** One instance serves all encoders and decoders, since every instance reserves address space of its own. */
let instance: Libopus | undefined;

async function compiledModule(): Promise<object> {
	const { libopusModule } = await import('../../vendor/libopus');
	try {
		return new WebAssembly.Module(libopusModule);
	} catch {
		// A processor without vector instructions.
		const { scalarLibopusModule } = await import('../../vendor/scalarLibopus');
		return new WebAssembly.Module(scalarLibopusModule);
	}
}

/** Loads libopus on first use. */
export async function loadLibopus(): Promise<Libopus> {
	compiled ??= await compiledModule();
	instance ??= instantiate(compiled);
	return instance;
}

function instantiate(module: object): Libopus {
	const library = new WebAssembly.Instance(module).exports as Libopus;
	library._initialize();
	return library;
}

/** An encoder or decoder with its buffers in libopus' memory. It makes all calls and releases the memory. */
class LibopusCodec {
	private readonly addresses: number[] = [];

	private isFree = false;

	private failure: VoiceNoteError | undefined;

	/** @param stopped the error for a call in which libopus stops, as it does when it finds its memory damaged */
	constructor(
		private readonly library: Libopus,
		private readonly stopped: VoiceNoteError,
	) {}

	/**
	 * Makes a call that allocates memory in the library.
	 *
	 * @returns its address
	 * @throws {VoiceNoteError} `limit` if there is none left
	 */
	take(call: (library: Libopus) => number): number {
		const address = this.call(call);
		if (address > 0) {
			this.addresses.push(address);
			return address;
		}
		this.free();
		throw new VoiceNoteError('limit', `Opus could not be set up (${address})`, 'Convert fewer files at a time.');
	}

	/** Returns the result of a call. After a call that trapped, the memory is not used again. */
	call(call: (library: Libopus) => number): number {
		if (this.failure) throw this.failure;
		if (this.isFree) throw new VoiceNoteError('invalidOutput', 'An Opus codec was used after it was freed');
		try {
			return call(this.library);
		} catch {
			this.failure = this.stopped;
			if (instance === this.library) instance = undefined;
		}
		throw this.failure;
	}

	/** A view of 32-bit floats; valid until the next call. */
	floats(address: number, count: number): Float32Array {
		return new Float32Array(this.library.memory.buffer, address, count);
	}

	/** A view of bytes; valid until the next call. */
	bytes(address: number, count: number): Uint8Array {
		return new Uint8Array(this.library.memory.buffer, address, count);
	}

	/** Releases the memory, but only once: afterwards it may belong to another codec. */
	free(): void {
		// All memory of an abandoned instance is freed with it.
		const isInUse = instance === this.library;
		if (isInUse && !this.isFree) this.addresses.forEach((address) => this.library.release(address));
		this.isFree = true;
	}
}

/** The output that packets are decoded to. */
export interface OpusDecoderSettings {
	/** Of the decoded audio, in Hz: one of those libopus decodes to. */
	sampleRate: 8_000 | 12_000 | 16_000 | 24_000 | 48_000;
	channels: 1 | 2;
}

/** A libopus decoder. Its samples, interleaved if stereo, are in a borrowed buffer. */
export interface OpusDecoder {
	/** @throws {VoiceNoteError} `corrupt` if the packet is empty or too large, or libopus refuses it */
	decode(packet: Uint8Array): Float32Array;
	/** Audio in place of a lost packet of this many sample frames, at the decoder's sample rate. */
	conceal(frames: number): Float32Array;
	/** Releases the decoder's memory; it must not be used afterwards. */
	free(): void;
}

/**
 * More than the 48 frames of 1,275 bytes that a packet can hold (RFC 6716, section 3.2); anything beyond is padding.
 */
const INPUT_BYTES = 65_536;

/** Loads libopus on first use and sets a decoder up. */
export async function createOpusDecoder({ sampleRate, channels }: OpusDecoderSettings): Promise<OpusDecoder> {
	const codec = new LibopusCodec(await loadLibopus(), new VoiceNoteError('corrupt', 'The Opus decoder stopped'));
	const maxFrames = (MAX_PACKET_SAMPLES * sampleRate) / OPUS_CLOCK_HZ;
	const decoder = codec.take((library) => library.createDecoder(sampleRate, channels));
	const pcm = codec.take((library) => library.allocate(maxFrames * channels * Float32Array.BYTES_PER_ELEMENT));
	const input = codec.take((library) => library.allocate(INPUT_BYTES));

	const memory = new SampleMemory();

	/** A copy of the samples that libopus reports. */
	const decoded = (frames: number): Float32Array => {
		if (frames < 0) throw new VoiceNoteError('corrupt', `The Opus decoder refuses a packet (${frames})`);
		// Copied, since libopus' memory moves when another conversion makes it grow.
		const samples = memory.take(frames * channels);
		samples.set(codec.floats(pcm, samples.length));
		return samples;
	};
	return {
		decode(packet) {
			// libopus would take an empty packet for a lost one of the maximum length.
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

/** How an Opus encoder is set up. */
export interface OpusEncoderSettings {
	/** Target bitrate in bits per second. */
	bitrate: number;
	/** 0 (fastest) to 10 (best). */
	complexity: number;
}

/** An Opus encoder for mono speech at 24 kHz in frames of 20 ms. */
export interface VoiceEncoder {
	/** Sample frames (at 24 kHz) that the encoder puts before the audio: the priming of the file. */
	readonly lookahead: number;
	/** Encodes 480 samples into one packet. */
	encode(frame: Float32Array): Uint8Array;
	/** Releases the encoder's memory; it must not be used afterwards. */
	free(): void;
}

const FRAME = VOICE_NOTE_FRAMES_PER_PACKET;
const FRAME_BYTES = FRAME * Float32Array.BYTES_PER_ELEMENT;
/** The TOC byte and one frame. */
const OUTPUT_BYTES = 1 + MAX_FRAME_BYTES;

/** Loads libopus on first use and sets an encoder up. */
export async function createVoiceEncoder({ bitrate, complexity }: OpusEncoderSettings): Promise<VoiceEncoder> {
	const stopped = new VoiceNoteError('invalidOutput', 'The Opus encoder stopped');
	const codec = new LibopusCodec(await loadLibopus(), stopped);
	const encoder = codec.take((library) => library.createEncoder(VOICE_NOTE_SAMPLE_RATE, bitrate, complexity));
	const pcm = codec.take((library) => library.allocate(FRAME_BYTES));
	const packet = codec.take((library) => library.allocate(OUTPUT_BYTES));
	return {
		lookahead: codec.call((library) => library.lookahead(encoder)),
		encode(frame) {
			const bytes = codec.call((library) => {
				codec.floats(pcm, FRAME).set(frame);
				return library.encode(encoder, pcm, FRAME, packet, OUTPUT_BYTES);
			});
			if (bytes <= 0) throw new VoiceNoteError('invalidOutput', `The Opus encoder gave no packet (${bytes})`);
			return codec.bytes(packet, bytes).slice();
		},
		free: () => codec.free(),
	};
}
