/** The largest input in bytes; anything larger is refused before it is read. */
export const MAX_INPUT_BYTES = 512 * 1_024 * 1_024;

/** The longest audio in seconds; anything longer is refused as soon as that is known. */
export const MAX_DURATION_SECONDS = 4 * 3_600;

/** Range of the encoder's target bitrate in kb/s. */
export const MIN_BITRATE = 6;
export const MAX_BITRATE = 128;
/**
 * In kb/s. Higher than usual for speech: the encoder can work half as hard and still sound better (bench/quality.md).
 */
export const DEFAULT_BITRATE = 32;
