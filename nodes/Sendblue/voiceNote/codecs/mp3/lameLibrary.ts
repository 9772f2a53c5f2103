import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';

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
export async function loadLame(slices: WorkSlices): Promise<Lame> {
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
export function dropLame(library: Lame): void {
	if (instance === library) instance = undefined;
}

/** Whether the library is still in use, so that memory may be given back to it. */
export function isSound(library: Lame): boolean {
	return instance === library;
}

/** The error where LAME stops in the middle of a call, which no audio makes it do. */
export function lameStopped(): VoiceNoteError {
	return new VoiceNoteError('invalidOutput', 'The MP3 encoder stopped');
}
