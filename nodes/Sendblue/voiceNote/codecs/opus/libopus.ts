import { VoiceNoteError } from '../../errors';
import { SampleMemory } from '../../pcm/pcmSource';
import { MAX_FRAME_BYTES, MAX_PACKET_SAMPLES, OPUS_CLOCK_HZ } from './opusPacket';
import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../../voiceNoteFormat';

/** What build/libopus/voiceCodec.c exports: addresses are bytes in `memory`, results below zero are error codes. */
export interface Libopus {
	/** `buffer` is another one after the memory has grown. */
	readonly memory: { readonly buffer: ArrayBuffer };
	/** Sets the C library up; to be called once. */
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

/** One instance serves all encoders and decoders: each would otherwise reserve address space of its own. */
let instance: Libopus | undefined;

async function compiledModule(): Promise<object> {
	const { libopusModule } = await import('../../vendor/libopus');
	try {
		return new WebAssembly.Module(libopusModule);
	} catch {
		// The processor has no vector instructions.
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

/** An encoder or decoder in libopus' memory with its buffers: what is called goes through it, and is given back by it. */
class LibopusCodec {
	private readonly addresses: number[] = [];

	private isFree = false;

	private failure: VoiceNoteError | undefined;

	/** @param stopped the error where libopus stops in the middle of a call, as it does on finding itself damaged */
	constructor(
		private readonly library: Libopus,
		private readonly stopped: VoiceNoteError,
	) {}

	/**
	 * Takes the memory that a call gives out.
	 *
	 * @returns its address
	 * @throws VoiceNoteError `limit` where there is none left
	 */
	take(call: (library: Libopus) => number): number {
		const address = this.call(call);
		if (address > 0) {
			this.addresses.push(address);
			return address;
		}
		this.free();
		throw new VoiceNoteError('limit', `Opus could not be set up (${address})`, 'Convert fewer items at a time.');
	}

	/** The result of a call. One that stopped in the middle leaves memory that nothing is called with any more. */
	call(call: (library: Libopus) => number): number {
		if (this.failure) throw this.failure;
		if (this.isFree) throw new VoiceNoteError('invalidOutput', 'An Opus codec was used after it was given back');
		try {
			return call(this.library);
		} catch {
			this.failure = this.stopped;
			if (instance === this.library) instance = undefined;
		}
		throw this.failure;
	}

	/** A view of 32-bit floats, to be used before the next call. */
	floats(address: number, count: number): Float32Array {
		return new Float32Array(this.library.memory.buffer, address, count);
	}

	/** A view of bytes, to be used before the next call. */
	bytes(address: number, count: number): Uint8Array {
		return new Uint8Array(this.library.memory.buffer, address, count);
	}

	/** Gives the memory back, once: a second time would damage what others have got since. */
	free(): void {
		// An instance that is given up goes with all its memory.
		const isShared = instance === this.library;
		if (isShared && !this.isFree) this.addresses.forEach((address) => this.library.release(address));
		this.isFree = true;
	}
}

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

/** How speech is encoded. */
export interface OpusEncoderSettings {
	/** Target bitrate in bits per second. */
	bitrate: number;
	/** 0 (fastest) to 10 (best). */
	complexity: number;
}

/** An Opus encoder for mono speech at 24 kHz in frames of 20 ms. */
export interface VoiceEncoder {
	/** Sample frames (at 24 kHz) by which the decoded audio lags: the priming frames of the file. */
	readonly lookahead: number;
	/** Encodes 480 samples into one packet. */
	encode(frame: Float32Array): Uint8Array;
	/** Releases the encoder's memory; it must not be used afterwards. */
	free(): void;
}

const FRAME = VOICE_NOTE_FRAMES_PER_PACKET;
const FRAME_BYTES = FRAME * Float32Array.BYTES_PER_ELEMENT;
/** One frame, and before it the table of contents. */
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
