/** Signals, random numbers and the reading of PCM sources for the tests of uncompressed audio. */
import type { PcmSource } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';

/** A repeatable random number generator (mulberry32): 0 … 1. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** Tones, a sweep of level and some noise: one array per channel, none alike. */
export function testSignal(channels: number, sampleRate: number, seconds: number, level = 0.5): Float32Array[] {
	const frames = Math.round(sampleRate * seconds);
	return Array.from({ length: channels }, (_, channel) => {
		const random = seededRandom(channel + 1);
		const frequency = 220 * (channel + 1);
		return Float32Array.from({ length: frames }, (__, i) => {
			const time = i / sampleRate;
			const envelope = 0.5 - 0.5 * Math.cos(2 * Math.PI * 3 * time);
			return level * (envelope * Math.sin(2 * Math.PI * frequency * time) + 0.05 * (random() - 0.5));
		});
	});
}

/** Reads a source to its end: one array per channel. */
export async function collect(source: PcmSource): Promise<Float32Array[]> {
	const parts: Float32Array[][] = Array.from({ length: source.channels }, () => []);
	for await (const block of source.blocks()) {
		expect(block).toHaveLength(source.channels);
		block.forEach((samples, channel) => {
			expect(samples).toHaveLength(block[0].length);
			parts[channel].push(samples.slice());
		});
	}
	return parts.map((blocks) => {
		const all = new Float32Array(blocks.reduce((sum, samples) => sum + samples.length, 0));
		let at = 0;
		for (const samples of blocks) {
			all.set(samples, at);
			at += samples.length;
		}
		return all;
	});
}

/** Largest difference of two recordings over the frames both have. */
export function largestDifference(left: Float32Array[], right: Float32Array[]): number {
	let largest = 0;
	left.forEach((samples, channel) => {
		const common = Math.min(samples.length, right[channel].length);
		for (let i = 0; i < common; i++) largest = Math.max(largest, Math.abs(samples[i] - right[channel][i]));
	});
	return largest;
}

/** Power of a recording over that of its difference from a reference, in dB, over the frames both have. */
export function signalToNoise(recording: Float32Array[], reference: Float32Array[]): number {
	let signal = 0;
	let noise = 0;
	recording.forEach((samples, channel) => {
		const common = Math.min(samples.length, reference[channel].length);
		for (let i = 0; i < common; i++) {
			signal += reference[channel][i] ** 2;
			noise += (samples[i] - reference[channel][i]) ** 2;
		}
	});
	return 10 * Math.log10(signal / noise);
}

/** Expects two recordings to be the same, sample by sample. */
export function expectSame(actual: Float32Array[], expected: Float32Array[]): void {
	expect(actual.map((samples) => samples.length)).toEqual(expected.map((samples) => samples.length));
	expect(expected[0].length).toBeGreaterThan(0);
	expect(largestDifference(actual, expected)).toBe(0);
}

/** A copy with a few bytes changed, and cut off in one of three cases. */
export function mutate(original: Uint8Array, random: () => number, headerBytes: number): Uint8Array {
	const mutated = Uint8Array.from(original);
	const changes = 1 + Math.floor(random() * 8);
	for (let i = 0; i < changes; i++) {
		const range = random() < 0.7 ? Math.min(headerBytes, mutated.length) : mutated.length;
		const value = random() < 0.3 ? [0, 0xff, 0x7f, 0x80][Math.floor(random() * 4)] : Math.floor(random() * 256);
		mutated[Math.floor(random() * range)] = value;
	}
	return random() < 0.33 ? mutated.subarray(0, Math.floor(random() * mutated.length)) : mutated;
}
