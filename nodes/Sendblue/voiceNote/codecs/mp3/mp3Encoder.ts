/** MP3 encoding by LAME, for playable copies and for workflows that pass a voice note on. */
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';

/** Sample rate of the MP3 files, in Hz: that of a voice note, which MPEG-2 layer III has too. */
const MP3_SAMPLE_RATE = 24_000;

/** Samples in a frame of MPEG-2 layer III (ISO/IEC 13818-3, section 2.4.2.1). */
const MP3_FRAME_SAMPLES = 576;

/** In kb/s: enough for speech at 24 kHz to sound like its source; ten minutes take 3.6 MB. */
const MP3_BITRATE = 48;

/** The most samples that one call encodes: about a millisecond of work. */
export const MP3_CALL_SAMPLES = 2 * MP3_FRAME_SAMPLES;

/** Priming: samples that LAME puts before the audio (ENCDELAY in its encoder.h). */
export const MP3_ENCODER_DELAY = 576;

/** An encoder of mono MPEG-2 layer III at 24 kHz. */
export interface Mp3Encoder {
	/**
	 * Encodes up to `MP3_CALL_SAMPLES` samples, nominal range −1 … 1.
	 *
	 * @returns the bytes that are ready, whole frames or parts of them; valid until the next call of any encoder
	 */
	encode(samples: Float32Array): Uint8Array;
	/** Encodes the samples held back, and silence after them so that decoders return all samples. Call last. */
	finish(): Uint8Array;
	/** Releases the encoder's memory; it must not be used afterwards. */
	free(): void;
}

/** Undoes LAME's 5% of headroom at this bitrate (its presets.c), so that the copy is as loud as the note. */
const LEVEL = 1 / 0.95;

/**
 * PARAMS of `lame_enc.c`: channels, input rate, bitrate, quality if the bitrate is variable, output rate; 32 bits each.
 */
const SETTINGS_BYTES = 20;
const CONSTANT_BITRATE = -1;

/** Loads LAME on first use and sets an encoder up. */
export async function createMp3Encoder(slices: WorkSlices): Promise<Mp3Encoder> {
	const library = await loadLame(slices);
	if (slices.due) await slices.rest();
	const encoder = initialize(library);
	if (slices.due) await slices.rest();
	let isFree = false;

	/** The bytes that a call produced. */
	const output = (call: () => number): Uint8Array => {
		const bytes = guarded(library, call);
		if (bytes < 0) throw new VoiceNoteError('invalidOutput', `The MP3 encoder failed (${bytes})`);
		return new Uint8Array(library.memory.buffer, library.enc_get_out_buf(encoder), bytes);
	};
	return {
		encode(samples) {
			return output(() => {
				const channels = new DataView(library.memory.buffer, library.enc_get_pcm(encoder, samples.length));
				const input = new Float32Array(library.memory.buffer, channels.getUint32(0, true), samples.length);
				for (let index = 0; index < samples.length; index++) input[index] = samples[index] * LEVEL;
				return library.enc_encode(encoder, samples.length);
			});
		},
		finish: () => output(() => library.enc_flush(encoder)),
		free() {
			if (!isFree && isUsable(library)) library.enc_free(encoder);
			isFree = true;
		},
	};
}

function initialize(library: Lame): number {
	const encoder = guarded(library, () => {
		const address = library.malloc(SETTINGS_BYTES);
		const settings = new DataView(library.memory.buffer, address, SETTINGS_BYTES);
		settings.setUint32(0, 1, true);
		settings.setUint32(4, MP3_SAMPLE_RATE, true);
		settings.setUint32(8, MP3_BITRATE, true);
		settings.setFloat32(12, CONSTANT_BITRATE, true);
		settings.setUint32(16, MP3_SAMPLE_RATE, true);
		const result = library.enc_init(address);
		library.free(address);
		return result;
	});
	if (encoder === 0)
		throw new VoiceNoteError('limit', 'The MP3 encoder could not be set up', 'Convert fewer files at a time.');
	return encoder;
}

/** Makes calls of the library and returns their result. If one traps, the library is abandoned with its memory. */
function guarded(library: Lame, calls: () => number): number {
	if (!isUsable(library)) throw lameStopped();
	try {
		return calls();
	} catch {
		dropLame(library);
		throw lameStopped();
	}
}

/**
 * What LAME exports as wasm-media-encoders compiles it (its src/wasm/lame/lame_enc.c). Addresses are byte offsets in
 * `memory`, and numbers are little-endian.
 */
export interface Lame {
	/** Growing the memory replaces `buffer`. */
	readonly memory: { readonly buffer: ArrayBuffer };
	/** Sets the C library up. Call once. */
	_initialize(): void;
	malloc(bytes: number): number;
	free(address: number): void;
	/** Sets an encoder up; 0 if it fails. */
	enc_init(settings: number): number;
	/** Address of a list of addresses: where the samples of each channel go. */
	enc_get_pcm(encoder: number, samples: number): number;
	/** Encodes the samples written there. Returns a number of bytes, or an error below zero. */
	enc_encode(encoder: number, samples: number): number;
	/** Address of the bytes that the last call produced. */
	enc_get_out_buf(encoder: number): number;
	/** Encodes the samples held back. Returns a number of bytes, or an error below zero. */
	enc_flush(encoder: number): number;
	enc_free(encoder: number): void;
}

/** What the module imports. */
const HOST = {
	env: { emscripten_notify_memory_growth: () => undefined },
	wasi_snapshot_preview1: {
		proc_exit: () => {
			throw lameStopped();
		},
	},
};

let compiled: object | undefined;

/** One instance serves all encoders, since every instance begins with 16 MB of memory. */
let instance: Lame | undefined;

/** Loads LAME on first use; compiling and setting up take about 10 ms each. */
async function loadLame(slices: WorkSlices): Promise<Lame> {
	const { lameModule } = await import('../../vendor/lame');
	if (slices.due) await slices.rest();
	compiled ??= new WebAssembly.Module(lameModule);
	if (slices.due) await slices.rest();
	instance ??= instantiate(compiled);
	return instance;
}

function instantiate(module: object): Lame {
	const library = new WebAssembly.Instance(module, HOST).exports as Lame;
	library._initialize();
	return library;
}

/** Abandons a library that stopped in the middle of a call, with all its memory; the next encoder gets a new one. */
function dropLame(library: Lame): void {
	if (instance === library) instance = undefined;
}

/** Whether a library has not been abandoned. */
function isUsable(library: Lame): boolean {
	return instance === library;
}

/** The error for a call that stopped in the middle; no known audio makes LAME do that. */
function lameStopped(): VoiceNoteError {
	return new VoiceNoteError('invalidOutput', 'The MP3 encoder stopped');
}
