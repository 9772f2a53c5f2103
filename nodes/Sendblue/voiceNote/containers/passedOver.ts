/** Frames of a stream: how many they are, their bytes in total, and how long each lasts. */
interface CountedFrames {
	frames: number;
	frameBytes: number;
	/** Seconds of each. */
	frameSeconds: number;
}

/** Bytes worth fewer frames may be the rest of a single one, next to which any number of frames is lost. */
const MIN_TELLING_FRAMES = 2;

/**
 * The length of the audio that bytes without frames stand in for, if frames there were as large as elsewhere.
 *
 * @returns seconds; undefined if there are too few bytes to say
 */
export function secondsPassedOver(
	passedOver: number,
	{ frames, frameBytes, frameSeconds }: CountedFrames,
): number | undefined {
	const inFrames = passedOver / (frameBytes / frames);
	return inFrames >= MIN_TELLING_FRAMES ? inFrames * frameSeconds : undefined;
}
