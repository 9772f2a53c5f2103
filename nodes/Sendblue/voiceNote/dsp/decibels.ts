/** The amplitude ratio of a level in dB. */
export function decibelsToAmplitude(decibels: number): number {
	return 10 ** (decibels / 20);
}

/** The level of an amplitude ratio in dB; -Infinity for 0. */
export function amplitudeToDecibels(amplitude: number): number {
	return 20 * Math.log10(amplitude);
}

/** The level of a power (mean square) in dB; -Infinity for 0. */
export function powerToDecibels(power: number): number {
	return 10 * Math.log10(power);
}
