/** The largest audio file that is read, in bytes: ten minutes of 24-bit stereo at 96 kHz are about 330 MB of WAV. */
export const MAX_AUDIO_BYTES = 256 * 1024 * 1024;

/** A size in words, for messages. */
export function megabytes(bytes: number): string {
	return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}
