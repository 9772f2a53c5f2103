import { createRandom } from '../random.cts';

/** A sine. */
export function tone(frequency: number, seconds: number, sampleRate: number, amplitude = 0.5): Float32Array {
	const step = (2 * Math.PI * frequency) / sampleRate;
	return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, n) => amplitude * Math.sin(step * n));
}

/** A sine whose frequency rises evenly in octaves. */
export function sweep(
	fromHz: number,
	toHz: number,
	seconds: number,
	sampleRate: number,
	amplitude = 0.5,
): Float32Array {
	const length = Math.round(seconds * sampleRate);
	const growth = Math.log(toHz / fromHz) / length;
	const scale = (2 * Math.PI * fromHz) / (growth * sampleRate);
	return Float32Array.from({ length }, (_, n) => amplitude * Math.sin(scale * (Math.exp(growth * n) - 1)));
}

/** White noise, evenly distributed between ±amplitude. */
export function noise(seconds: number, sampleRate: number, amplitude = 0.5, seed = 1): Float32Array {
	const random = createRandom(seed);
	return Float32Array.from({ length: Math.round(seconds * sampleRate) }, () => amplitude * (2 * random() - 1));
}

/** Digital silence. */
export function silence(seconds: number, sampleRate: number): Float32Array {
	return new Float32Array(Math.round(seconds * sampleRate));
}

/** Concatenates signals. */
export function concat(...parts: readonly Float32Array[]): Float32Array {
	const joined = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.length;
	}
	return joined;
}

/** The signal times a factor. */
export function scale(samples: Float32Array, factor: number): Float32Array {
	return samples.map((sample) => sample * factor);
}

/** The signal faded in and out, so that its ends make no click. */
export function fadeEnds(samples: Float32Array, length: number): Float32Array {
	return samples.map((sample, i) => {
		const distance = Math.min(length, i, samples.length - 1 - i);
		return sample * (0.5 - 0.5 * Math.cos((Math.PI * distance) / length));
	});
}

/** The signal in blocks whose lengths differ from one to the next (1 up to `longest`). */
export function splitUnevenly(samples: Float32Array, longest = 1500, seed = 7): Float32Array[] {
	const random = createRandom(seed);
	const blocks: Float32Array[] = [];
	for (let start = 0; start < samples.length; ) {
		const length = 1 + Math.floor(random() * longest);
		blocks.push(samples.subarray(start, start + length));
		start += length;
	}
	return blocks;
}
