/** The frames of a stream: their number, their size in bytes, and how long each of them lasts. */
interface CountedFrames {
	frames: number;
	frameBytes: number;
	/** Seconds of each. */
	frameSeconds: number;
}

/** Bytes for fewer frames may be the rest of a single one; they do not show how many others are lost beside it. */
const MIN_TELLING_FRAMES = 2;

/**
 * The length of the audio that is lost where bytes hold no frames, assuming that it had frames as large as the others.
 *
 * @param passedOver the number of those bytes
 * @returns seconds; undefined if there are too few bytes to say
 */
export function secondsPassedOver(
	passedOver: number,
	{ frames, frameBytes, frameSeconds }: CountedFrames,
): number | undefined {
	const inFrames = passedOver / (frameBytes / frames);
	return inFrames >= MIN_TELLING_FRAMES ? inFrames * frameSeconds : undefined;
}
