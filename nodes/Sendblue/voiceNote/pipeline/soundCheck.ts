/** Whether the audio is audible: as it came, before options add silence to it or trim it. */
import type { WorkSlices } from '../workSlices';
import type { MonoStream } from './monoStream';
import { noSound } from './refusals';
import type { AudioInput } from './reconcile';

/** Nobody hears shorter audio. */
const LEAST_SECONDS = 0.1;
/** −75 dBFS: below this there is silence and the noise of converters, and nothing audible. */
const SILENCE = 10 ** (-75 / 20);
/** −30 dBFS: a recording whose peaks are below this is unusually quiet. */
const QUIET = 10 ** (-30 / 20);

/** Watches audio as it passes. */
export class SoundCheck {
	private samples = 0;

	private hasEnded = false;

	private isLoud = false;

	private isQuiet = true;

	/** @param sampleRate of the audio, in Hz */
	constructor(private readonly sampleRate: number) {}

	/** Passes a stream on; the last of several passes over the audio counts. */
	async *watch(audio: MonoStream): AsyncGenerator<Float32Array> {
		this.samples = 0;
		this.hasEnded = false;
		this.isLoud = false;
		this.isQuiet = true;
		for await (const block of audio) {
			this.samples += block.length;
			this.isLoud = this.isLoud || exceeds(block, SILENCE);
			this.isQuiet = this.isQuiet && !exceeds(block, QUIET);
			yield block;
		}
		this.hasEnded = true;
	}

	/** Whether audio has passed, and all of it was quiet. */
	get wasQuiet(): boolean {
		return this.samples > 0 && this.isQuiet;
	}

	/**
	 * Reports what there is to report, after the audio has passed.
	 *
	 * @throws {VoiceNoteError} `notAudio` or `corrupt` if it was too short to be heard
	 */
	conclude({ remarks }: AudioInput): void {
		if (this.hasEnded) assertAudible(this.samples / this.sampleRate, remarks.has('cutShort'));
		if (!this.isLoud) remarks.report({ kind: 'silent' });
	}
}

/** @throws {VoiceNoteError} `notAudio` or `corrupt` if audio is too short to be heard */
export function assertAudible(seconds: number, isCut: boolean): void {
	if (seconds < LEAST_SECONDS) throw noSound(seconds, isCut);
}

function isLoud(samples: Float32Array): boolean {
	return exceeds(samples, SILENCE);
}

function exceeds(samples: Float32Array, level: number): boolean {
	for (let i = 0; i < samples.length; i++) {
		if (samples[i] > level || samples[i] < -level) return true;
	}
	return false;
}

/** −20 dB: the mean of channels that have anything in common has more than this of the power of their difference. */
const LEAST_COMMON_POWER = 0.01;

/**
 * Whether the channels of stereo cancel each other out in their mean, as those of a balanced cable do that was taken
 * for stereo: then the mix is silent, and the audio is not.
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
	return common < LEAST_COMMON_POWER * difference;
}

/** No encoder of variable bitrate codes silence in packets of more bytes on average. */
const MOST_BYTES_OF_SILENCE = 40;

/**
 * Whether packets that are moved as they are have nothing but silence. If they are large and differ in size,
 * they do not; otherwise they are decoded, up to the first sound.
 *
 * @param sizes of the packets, in bytes
 */
export async function isSilent(audio: AudioInput, sizes: Uint16Array, slices: WorkSlices): Promise<boolean> {
	const bytes = sizes.reduce((sum, size) => sum + size, 0);
	const isConstant = sizes.every((size) => size === sizes[0]);
	if (!isConstant && bytes > MOST_BYTES_OF_SILENCE * sizes.length) return false;
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
 * @param budget is less afterwards by what was decoded
 */
export async function hasSound(
	audio: AudioInput,
	slices: WorkSlices,
	budget: SearchBudget = { seconds: Infinity },
): Promise<boolean> {
	// Not as mono, in which channels may cancel each other out.
	const source = audio.decode();
	for await (const block of source.blocks()) {
		if (block.some(isLoud)) return true;
		budget.seconds -= block[0].length / source.sampleRate;
		if (budget.seconds <= 0) return true;
		if (slices.due) await slices.rest();
	}
	return false;
}
