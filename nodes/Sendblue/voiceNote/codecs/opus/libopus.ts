import { VoiceNoteError } from '../../errors';

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
export class LibopusCodec {
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
