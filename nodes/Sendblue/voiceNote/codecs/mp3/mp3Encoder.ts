import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';

/** Sampling rate of the MP3 files that are made, in Hz: the voice note's, which MPEG-2 layer III knows too. */
const MP3_SAMPLE_RATE = 24_000;

/** Sample frames of one MPEG-2 layer III frame (ISO/IEC 13818-3, 2.4.2.1). */
const MP3_FRAME_SAMPLES = 576;

/** Bitrate in kb/s: speech at 24 kHz sounds like its source, and ten minutes take 3.6 MB. */
const MP3_BITRATE = 48;

/** Most samples that are encoded in one call: about a millisecond of work. */
export const MP3_CALL_SAMPLES = 2 * MP3_FRAME_SAMPLES;

/** Sample frames that LAME puts before the audio (ENCDELAY in its encoder.h). */
export const MP3_ENCODER_DELAY = 576;

/** An encoder of mono MPEG-2 layer III at 24 kHz. */
export interface Mp3Encoder {
	/**
	 * Encodes up to `MP3_CALL_SAMPLES` samples, nominal range −1 … 1.
	 *
	 * @returns what is ready, whole frames or parts of them; good until the next call of any encoder
	 */
	encode(samples: Float32Array): Uint8Array;
	/** Encodes what is held back, with silence behind it so that decoders give all samples. Nothing may follow. */
	finish(): Uint8Array;
	/** Releases the encoder's memory; it must not be used afterwards. */
	free(): void;
}

/** LAME lowers audio of this bitrate by 5 % so that what it adds stays within full scale (its presets.c); the note is not. */
const LEVEL = 1 / 0.95;

/** `lame_enc.c`'s PARAMS: channels, input rate, bitrate, quality of variable bitrate, output rate; 32 bits each. */
const SETTINGS_BYTES = 20;
const CONSTANT_BITRATE = -1;

/** Loads LAME on first use and sets an encoder up. */
export async function createMp3Encoder(slices: WorkSlices): Promise<Mp3Encoder> {
	const library = await loadLame(slices);
	if (slices.due) await slices.rest();
	const encoder = initialize(library);
	if (slices.due) await slices.rest();
	let isFree = false;

	/** Bytes that a call made. */
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
			if (!isFree && isSound(library)) library.enc_free(encoder);
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
		throw new VoiceNoteError('limit', 'The MP3 encoder could not be set up', 'Convert fewer items at a time.');
	return encoder;
}

/** The result of calls, or the error that they were stopped: then nothing is called any more in that memory. */
function guarded(library: Lame, calls: () => number): number {
	if (!isSound(library)) throw lameStopped();
	try {
		return calls();
	} catch {
		dropLame(library);
		throw lameStopped();
	}
}

/**
 * The face of LAME as wasm-media-encoders compiles it (its src/wasm/lame/lame_enc.c); addresses are bytes in `memory`, and
 * numbers are little-endian.
 */
export interface Lame {
	/** `buffer` is another one after the memory has grown. */
	readonly memory: { readonly buffer: ArrayBuffer };
	/** Sets the C library up; to be called once. */
	_initialize(): void;
	malloc(bytes: number): number;
	free(address: number): void;
	/** Sets an encoder up; 0 where it cannot. */
	enc_init(settings: number): number;
	/** Address of the addresses where the samples of each channel go. */
	enc_get_pcm(encoder: number, samples: number): number;
	/** Encodes what was written there; number of bytes, or an error below zero. */
	enc_encode(encoder: number, samples: number): number;
	/** Address of the bytes of the last call. */
	enc_get_out_buf(encoder: number): number;
	/** Encodes what is held back; number of bytes, or an error below zero. */
	enc_flush(encoder: number): number;
	enc_free(encoder: number): void;
}

/** What the module asks of its host. */
const HOST = {
	env: { emscripten_notify_memory_growth: () => undefined },
	wasi_snapshot_preview1: {
		proc_exit: () => {
			throw lameStopped();
		},
	},
};

let compiled: object | undefined;

/** One instance serves all encoders: it begins with 16 MB of memory. */
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

/** Gives a library up that stopped in the middle of a call, with all its memory; the next encoder gets another one. */
function dropLame(library: Lame): void {
	if (instance === library) instance = undefined;
}

/** Whether the library is still in use, so that memory may be given back to it. */
function isSound(library: Lame): boolean {
	return instance === library;
}

/** The error where LAME stops in the middle of a call, which no audio makes it do. */
function lameStopped(): VoiceNoteError {
	return new VoiceNoteError('invalidOutput', 'The MP3 encoder stopped');
}
