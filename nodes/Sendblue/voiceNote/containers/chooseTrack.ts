import { VoiceNoteError } from '../errors';

/** What a file says of its tracks. */
interface Tracks<T> {
	audioTracks: readonly T[];
	/** How many tracks there are of any kind. */
	trackCount: number;
}

/**
 * The audio track to convert.
 *
 * @param container as it follows "This is": `an MP4 file`
 * @param audioTrack counted from 1; the first by default
 * @throws {VoiceNoteError} `notAudio` where there is no audio track, `badOption` where there is no such one
 */
export function chooseTrack<T>({ audioTracks, trackCount }: Tracks<T>, container: string, audioTrack = 1): T {
	if (audioTracks.length === 0) {
		const what = trackCount > 0 ? 'with a video track only' : 'without tracks';
		throw new VoiceNoteError('notAudio', `This is ${container} ${what}`, 'Choose a file with audio.');
	}
	if (Number.isInteger(audioTrack) && audioTrack >= 1 && audioTrack <= audioTracks.length) {
		return audioTracks[audioTrack - 1];
	}
	const count = audioTracks.length === 1 ? 'one audio track' : `${audioTracks.length} audio tracks`;
	throw new VoiceNoteError(
		'badOption',
		`There is no audio track ${audioTrack}: this is ${container} with ${count}`,
		'Audio tracks are counted from 1.',
	);
}
