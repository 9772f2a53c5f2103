/** The signal that the files in test/fixtures/formats hold; the same formula as in test/fixtures/make.sh. */

/** The first channel at time `t` in seconds: a rising tone, and one that swells. */
const main = (t: number): number =>
	0.35 * Math.sin(2 * Math.PI * (250 * t + 500 * t * t)) +
	0.15 * Math.sin(2 * Math.PI * 1200 * t) * (0.5 + 0.5 * Math.sin(2 * Math.PI * 4 * t));

/** The second channel. */
const second = (t: number): number => 0.3 * Math.sin(2 * Math.PI * (400 * t + 300 * t * t));

/** The signal's channels at a rate, one or two. */
export function fixtureSignal(channels: 1 | 2, sampleRate: number, seconds: number): Float32Array[] {
	const length = Math.round(seconds * sampleRate);
	return [main, second]
		.slice(0, channels)
		.map((formula) => Float32Array.from({ length }, (_, i) => formula(i / sampleRate)));
}
