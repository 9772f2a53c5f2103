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

/** A track behind the one that is taken, counted from 1. */
interface OtherTrack<T> {
	item: T;
	number: number;
	/** Throws where the codec is not read. */
	codecOf(): Codec;
}

/** No file has so many tracks but by damage; how long those behind them are is not told. */
const MOST_MEASURED_TRACKS = 8;

/**
 * What is to be said of the tracks that are not taken.
 *
 * @param secondsOf how long a track is, where that is known
 */
export async function otherTracks<T>(
	others: ReadonlyArray<OtherTrack<T>>,
	secondsOf: (track: T, codec: Codec | undefined) => Promise<number | undefined>,
): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const [index, { item, number, codecOf }] of others.entries()) {
		const seconds = index < MOST_MEASURED_TRACKS ? await secondsOf(item, codecIfRead(codecOf)) : undefined;
		findings.push({ kind: 'otherTrack', track: number, seconds: seconds || undefined });
	}
	return findings;
}

function codecIfRead(codecOf: () => Codec): Codec | undefined {
	try {
		return codecOf();
	} catch {
		return undefined;
	}
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
): { item: T; codec: Codec; findings: Finding[]; others: Array<OtherTrack<T>> } {
	const findings: Finding[] = [];
	let first: unknown;
	for (const [index, item] of tracks.entries()) {
		try {
			const codec = codecOf(item);
			const others = tracks.map((other, number) => ({
				item: other,
				number: number + 1,
				codecOf: () => codecOf(other),
			}));
			return { item, codec, findings, others: others.slice(index + 1) };
		} catch (error) {
			first ??= error;
			findings.push({ kind: 'unreadTrack', track: index + 1, codec: codecTitle(nameOf(item)) });
		}
	}
	throw first;
}
