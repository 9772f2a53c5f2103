/** The largest audio file that is read, in bytes: 256 MiB, about 7 minutes of 24-bit stereo at 96 kHz as WAV. */
export const MAX_AUDIO_BYTES = 256 * 1024 * 1024;

/** A size in words, for messages; a megabyte has 1,000,000 bytes, as in Sendblue's documentation. */
export function megabytes(bytes: number): string {
	return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
