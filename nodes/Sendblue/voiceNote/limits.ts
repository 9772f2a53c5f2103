/** Larger inputs are refused before anything is read. */
export const MAX_INPUT_BYTES = 512 * 1_024 * 1_024;

/** Longer audio is refused as soon as it is known to be longer. */
export const MAX_DURATION_SECONDS = 4 * 3_600;

/** Range of the encoder's target bitrate in kb/s. */
export const MIN_BITRATE = 6;
export const MAX_BITRATE = 128;
/** Above what is usual for speech: it lets the encoder work half as hard and still sound better (bench/quality.md). */
export const DEFAULT_BITRATE = 32;
