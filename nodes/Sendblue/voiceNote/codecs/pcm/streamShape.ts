/** The two numbers every header states, within what they can be. */
import { VoiceNoteError } from '../../errors';

/** Lowest sampling rate taken for true, in Hz. */
const MIN_SAMPLE_RATE = 1000;
/** Highest sampling rate taken for true, in Hz (768 kHz is the highest any converter offers). */
const MAX_SAMPLE_RATE = 768_000;
/** Most channels read; what claims more is a damaged header. */
const MAX_CHANNELS = 64;

/**
 * Checks the two numbers every header states.
 *
 * @param fileKind Name of the file format for the message, e.g. `WAV`.
 * @throws {VoiceNoteError} `corrupt` where no real file has such a rate or number of channels.
 */
export function checkStreamShape(fileKind: string, channels: number, sampleRate: number): void {
	if (!(channels >= 1 && channels <= MAX_CHANNELS)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header states ${channels} channels`,
			`Between 1 and ${MAX_CHANNELS} channels can be read. The file is probably damaged; export it again.`,
		);
	}
	if (!(sampleRate >= MIN_SAMPLE_RATE && sampleRate <= MAX_SAMPLE_RATE)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header states a sampling rate of ${sampleRate} Hz`,
			`Rates from ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} Hz can be read. ` +
				'The file is probably damaged; export it again.',
		);
	}
}
