/** From this bitrate on, in kb/s, half the effort already sounds better than all of it at 24 kb/s. */
const PLENTY_KBPS = 32;

/** libopus' best quality: where bits are few, speech gains audibly from it. */
const COMPLEXITY_OF_FEW_BITS = 10;
/** Takes about 0.6 of the time. Below it speech gets clearly worse at any bitrate. */
const COMPLEXITY_OF_MANY_BITS = 5;

/**
 * How hard the encoder tries, 0 to 10, at a bitrate in kb/s. Chosen from measurements of time, size and quality
 * (bench/quality.md).
 */
export function encoderComplexity(bitrate: number): number {
	return bitrate < PLENTY_KBPS ? COMPLEXITY_OF_FEW_BITS : COMPLEXITY_OF_MANY_BITS;
}
