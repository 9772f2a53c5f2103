import { demux } from '../containers/probe';
import { fileItself } from '../containers/textInstead';
import type { AudioRequest, Demuxed, Finding } from '../containers/track';
import { WorkSlices } from '../workSlices';
import type { AudioInput } from './reconcile';
import { reconcile } from './reconcile';
import { isCertainlyTooLong } from './refusals';
import { hasSound } from './soundCheck';
import type { SearchBudget } from './soundCheck';
import { rethrow, VoiceNoteError } from '../errors';

/**
 * Probes a file and opens it: finds the audio and its valid range. Nothing is decoded, unless there are several tracks
 * and none was chosen: then they are decoded up to the first sound.
 *
 * @throws {VoiceNoteError} `notAudio` if no container's probe accepts the bytes, and whatever the container throws
 */
export async function openAudio(
	bytes: Uint8Array,
	request: AudioRequest,
	slices = new WorkSlices(),
): Promise<AudioInput> {
	const file = await fileItself(bytes, slices);
	const first = await demux(file, request, slices);
	const demuxTrack = async (audioTrack: number): Promise<Demuxed> =>
		await demux(file, { ...request, audioTrack }, slices);
	return await soundingTrack(first, demuxTrack, slices);
}

/** The most tracks that are searched for sound. */
const MAX_TRACKS_TRIED = 8;
/** The most audio that this search decodes, in all tracks together, in seconds: sound that starts later is rare. */
const MAX_SECONDS_SEARCHED = 600;

/**
 * The audio of the first track or, if that is completely silent, of the next one that is not. Audio that is certainly
 * too long is not searched, since it is refused or cut anyway.
 */
async function soundingTrack(
	first: Demuxed,
	demuxTrack: (audioTrack: number) => Promise<Demuxed>,
	slices: WorkSlices,
): Promise<AudioInput> {
	const audio = reconcile(first);
	const others = new Set(first.findings.flatMap((finding) => (finding.kind === 'otherTrack' ? [finding.track] : [])));
	const budget: SearchBudget = { seconds: MAX_SECONDS_SEARCHED };
	if (others.size === 0 || isCertainlyTooLong(audio) || (await hasSound(audio, slices, budget))) return audio;
	for (const track of [...others].slice(0, MAX_TRACKS_TRIED)) {
		const other = await trackWithSound(track, { demuxTrack, findings: first.findings, budget }, slices);
		if (other) return other;
	}
	return audio;
}

/**
 * The state of the search for a track with sound: the findings on the first track, and how much may still be decoded.
 */
interface TrackSearch {
	demuxTrack: (audioTrack: number) => Promise<Demuxed>;
	findings: readonly Finding[];
	budget: SearchBudget;
}

/** The findings about the tracks if this one is converted instead of the first. */
function findingsInstead(findings: readonly Finding[], converted: number): Finding[] {
	const unread = findings.flatMap((finding) =>
		finding.kind === 'unreadTrack' ? [{ ...finding, isNextSilent: true }] : [],
	);
	const others = findings.filter((finding) => finding.kind === 'otherTrack' && finding.track !== converted);
	return [...unread, { kind: 'silentTrack', converted, isFirstRead: unread.length > 0 }, ...others];
}

/** The audio of a track that has sound; undefined if it has none, is damaged or is not supported. */
async function trackWithSound(
	track: number,
	{ demuxTrack, findings, budget }: TrackSearch,
	slices: WorkSlices,
): Promise<AudioInput | undefined> {
	try {
		const demuxed = await demuxTrack(track);
		const audio = reconcile({
			...demuxed,
			findings: [...findingsInstead(findings, track), ...demuxed.findings],
		});
		return (await hasSound(audio, slices, budget)) ? audio : undefined;
	} catch (error) {
		return error instanceof VoiceNoteError && error.code !== 'cancelled' ? undefined : rethrow(error);
	}
}

/**
 * Container and codec of a file, probed from its bytes, for example `caf/opus`.
 *
 * @param pause lets other work run
 * @returns undefined if the bytes are not readable audio
 */
export async function sourceFormatOf(bytes: Uint8Array, pause?: () => Promise<void>): Promise<string | undefined> {
	const slices = new WorkSlices(pause);
	try {
		const demuxed = await demux(await fileItself(bytes, slices), {}, slices);
		reconcile(demuxed);
		return demuxed.sourceFormat;
	} catch (error) {
		return error instanceof VoiceNoteError ? undefined : rethrow(error);
	}
}
