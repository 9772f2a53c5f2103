import type { Codec } from '../codecs/registry';
import { VoiceNoteError } from '../errors';
import type { Finding } from './track';
import { codecTitle } from './unsupportedCodec';

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

/**
 * The first of several tracks whose codec is read, and what is to be said of the others.
 *
 * @param tracks at least one, in the order of the file
 * @param codecOf throws where the codec is not read
 * @param nameOf the container's name of a track's codec
 * @throws {VoiceNoteError} of the first track, where none is read
 */
export function firstReadable<T>(
	tracks: readonly T[],
	codecOf: (track: T) => Codec,
	nameOf: (track: T) => string,
): { item: T; codec: Codec; findings: Finding[] } {
	const findings: Finding[] = [];
	let first: unknown;
	for (const [index, item] of tracks.entries()) {
		try {
			const codec = codecOf(item);
			for (let other = index + 1; other < tracks.length; other++)
				findings.push({ kind: 'otherTrack', track: other + 1 });
			return { item, codec, findings };
		} catch (error) {
			first ??= error;
			findings.push({ kind: 'unreadTrack', track: index + 1, codec: codecTitle(nameOf(item)) });
		}
	}
	throw first;
}
