/** Whether the audio is audible: as it came, before options add silence to it or trim it. */
import type { WorkSlices } from '../workSlices';
import type { MonoStream } from './monoStream';
import { noSound } from './refusals';
import type { AudioInput } from './reconcile';

/** Nobody hears shorter audio. */
const LEAST_SECONDS = 0.1;
/** −75 dBFS: below this there is silence and the noise of converters, and nothing audible. */
const SILENCE = 10 ** (-75 / 20);

/** Watches audio as it passes. */
export class SoundCheck {
	private samples = 0;

	private hasEnded = false;

	private isLoud = false;

	/** @param sampleRate of the audio, in Hz */
	constructor(private readonly sampleRate: number) {}

	/** Passes a stream on; the last of several passes over the audio counts. */
	async *watch(audio: MonoStream): AsyncGenerator<Float32Array> {
		this.samples = 0;
		this.hasEnded = false;
		this.isLoud = false;
		for await (const block of audio) {
			this.samples += block.length;
			this.isLoud = this.isLoud || isLoud(block);
			yield block;
		}
		this.hasEnded = true;
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
	for (let i = 0; i < samples.length; i++) {
		if (samples[i] > SILENCE || samples[i] < -SILENCE) return true;
	}
	return false;
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
	const source = audio.decode({ mono: true });
	for await (const block of source.blocks()) {
		if (block.some(isLoud)) return true;
		budget.seconds -= block[0].length / source.sampleRate;
		if (budget.seconds <= 0) return true;
		if (slices.due) await slices.rest();
	}
	return false;
}
