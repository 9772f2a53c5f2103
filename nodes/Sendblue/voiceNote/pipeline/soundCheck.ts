/** Whether the audio is audible, before options trim it or add silence. */
import type { WorkSlices } from '../workSlices';
import type { MonoStream } from './monoStream';
import { noSound } from './refusals';
import type { AudioInput } from './reconcile';

/** In seconds: shorter audio cannot be heard. */
const MIN_SECONDS = 0.1;
/** −75 dBFS: below this there is only silence and the noise of converters. */
const SILENCE = 10 ** (-75 / 20);
/** −30 dBFS: a recording whose peaks are below this is unusually quiet. */
const QUIET = 10 ** (-30 / 20);

/** Measures audio that passes through. */
export class SoundCheck {
	private samples = 0;

	private hasEnded = false;

	private isAudible = false;

	private isQuiet = true;

	/** @param sampleRate of the audio, in Hz */
	constructor(private readonly sampleRate: number) {}

	/** Passes a stream through. If there are several passes over the audio, the last one counts. */
	async *watch(audio: MonoStream): AsyncGenerator<Float32Array> {
		this.samples = 0;
		this.hasEnded = false;
		this.isAudible = false;
		this.isQuiet = true;
		for await (const block of audio) {
			this.samples += block.length;
			this.isAudible = this.isAudible || isAudible(block);
			this.isQuiet = this.isQuiet && !exceeds(block, QUIET);
			yield block;
		}
		this.hasEnded = true;
	}

	/** Whether audio has passed through, and all of it was quiet. */
	get wasQuiet(): boolean {
		return this.samples > 0 && this.isQuiet;
	}

	/**
	 * Reports the findings; call after the audio has passed through.
	 *
	 * @throws {VoiceNoteError} `notAudio` or `corrupt` if it was too short to be heard
	 */
	conclude({ remarks }: AudioInput): void {
		if (this.hasEnded) assertAudible(this.samples / this.sampleRate, remarks.has('cutShort'));
		if (!this.isAudible) remarks.report({ kind: 'silent' });
	}
}

/** @throws {VoiceNoteError} `notAudio` or `corrupt` if audio is too short to be heard */
export function assertAudible(seconds: number, isCut: boolean): void {
	if (seconds < MIN_SECONDS) throw noSound(seconds, isCut);
}

function isAudible(samples: Float32Array): boolean {
	return exceeds(samples, SILENCE);
}

function exceeds(samples: Float32Array, level: number): boolean {
	for (let i = 0; i < samples.length; i++) {
		if (samples[i] > level || samples[i] < -level) return true;
	}
	return false;
}

/**
 * −20 dB: unless two channels cancel each other out, the power of their sum is at least this share of the power of
 * their difference.
 */
const MIN_COMMON_POWER = 0.01;

/**
 * Whether the channels of stereo cancel each other out when mixed, as those of a balanced cable recorded as stereo do:
 * the mix is nearly silent although the audio is not.
 */
export async function channelsCancelOut(audio: AudioInput, slices: WorkSlices): Promise<boolean> {
	if (audio.channels !== 2) return false;
	const source = audio.decode();
	let common = 0;
	let difference = 0;
	for await (const [left, right] of source.blocks()) {
		for (let i = 0; i < left.length; i++) {
			common += (left[i] + right[i]) ** 2;
			difference += (left[i] - right[i]) ** 2;
		}
		if (slices.due) await slices.rest();
	}
	return common < MIN_COMMON_POWER * difference;
}

/** No variable-bitrate encoder codes silence in packets of more bytes on average. */
const MAX_BYTES_OF_SILENCE = 40;

/**
 * Whether remuxed packets contain nothing but silence. Large packets of different sizes do not; others are decoded, up
 * to the first sound.
 *
 * @param sizes of the packets, in bytes
 */
export async function isSilent(audio: AudioInput, sizes: Uint16Array, slices: WorkSlices): Promise<boolean> {
	const bytes = sizes.reduce((sum, size) => sum + size, 0);
	const isConstant = sizes.every((size) => size === sizes[0]);
	if (!isConstant && bytes > MAX_BYTES_OF_SILENCE * sizes.length) return false;
	return !(await hasSound(audio, slices));
}

/** How much audio may still be decoded to find out whether there is sound. */
export interface SearchBudget {
	seconds: number;
}

/**
 * Whether anything is audible: decodes up to the first sound. Audio that is still silent when the budget is used up
 * counts as audible.
 *
 * @param budget reduced by what was decoded
 */
export async function hasSound(
	audio: AudioInput,
	slices: WorkSlices,
	budget: SearchBudget = { seconds: Infinity },
): Promise<boolean> {
	// Not mixed to mono, since the channels might cancel each other out.
	const source = audio.decode();
	for await (const block of source.blocks()) {
		if (block.some(isAudible)) return true;
		budget.seconds -= block[0].length / source.sampleRate;
		if (budget.seconds <= 0) return true;
		if (slices.due) await slices.rest();
	}
	return false;
}
