/** Whether there is anything to be heard: of the audio as it came, before options add silence to it or cut it. */
import type { WorkSlices } from '../workSlices';
import type { MonoStream } from './monoStream';
import { noSound } from './refusals';
import type { AudioInput } from './reconcile';

/** Shorter audio is no voice note: nobody hears it. */
const LEAST_SECONDS = 0.1;
/** −75 dBFS: below it lie silence and the noise of a converter, and nothing that is heard. */
const SILENCE = 10 ** (-75 / 20);

/** Watches audio go by. */
export class SoundCheck {
	private samples = 0;

	private hasEnded = false;

	private isLoud = false;

	/** @param sampleRate of the audio, in Hz */
	constructor(private readonly sampleRate: number) {}

	/** Passes a stream on; of several runs over the audio the last one counts. */
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
	 * Tells what is to be told once the audio went by.
	 *
	 * @throws {VoiceNoteError} `notAudio` or `corrupt` where it was too short to be heard
	 */
	conclude({ remarks }: AudioInput): void {
		if (this.hasEnded) assertAudible(this.samples / this.sampleRate, remarks.has('cutShort'));
		if (!this.isLoud) remarks.report({ kind: 'silent' });
	}
}

/** @throws {VoiceNoteError} `notAudio` or `corrupt` where audio is too short to be heard */
export function assertAudible(seconds: number, isCut: boolean): void {
	if (seconds < LEAST_SECONDS) throw noSound(seconds, isCut);
}

function isLoud(samples: Float32Array): boolean {
	for (let i = 0; i < samples.length; i++) {
		if (samples[i] > SILENCE || samples[i] < -SILENCE) return true;
	}
	return false;
}

/** Bytes of a packet on average, above which no encoder of variable rate codes silence. */
const MOST_BYTES_OF_SILENCE = 40;

/**
 * Looks whether packets that are moved as they are hold nothing but silence. Where they are large and differ in size,
 * they do not; else they are decoded, up to the first sound.
 *
 * @param sizes of the packets, in bytes
 */
export async function isSilent(audio: AudioInput, sizes: Uint16Array, slices: WorkSlices): Promise<boolean> {
	const bytes = sizes.reduce((sum, size) => sum + size, 0);
	const isConstant = sizes.every((size) => size === sizes[0]);
	if (!isConstant && bytes > MOST_BYTES_OF_SILENCE * sizes.length) return false;
	return !(await hasSound(audio, slices));
}

/** Whether anything is to be heard: decodes up to the first sound. */
export async function hasSound(audio: AudioInput, slices: WorkSlices): Promise<boolean> {
	for await (const block of audio.decode({ mono: true }).blocks()) {
		if (block.some(isLoud)) return true;
		if (slices.due) await slices.rest();
	}
	return false;
}
