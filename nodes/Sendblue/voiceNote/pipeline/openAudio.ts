import { demux } from '../containers/probe';
import { fileItself } from '../containers/textInstead';
import type { AudioRequest, Demuxed, Finding } from '../containers/track';
import { WorkSlices } from '../workSlices';
import type { AudioInput } from './reconcile';
import { reconcile } from './reconcile';
import { hasSound } from './soundCheck';
import { rethrow, VoiceNoteError } from '../errors';

/**
 * Recognises a file by its bytes, and opens it: finds the audio and what is to be heard of it, without decoding. Only where
 * there are several tracks and none is asked for, it is decoded up to the first sound.
 *
 * @throws {VoiceNoteError} `notAudio` where no container recognises the bytes, and whatever the container throws
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

/** Of more tracks than this nobody looks for the one that sounds. */
const MOST_TRACKS_TRIED = 8;

/** The audio of the first track; where that is silent from end to end, of the next one that is not. */
async function soundingTrack(
	first: Demuxed,
	demuxTrack: (audioTrack: number) => Promise<Demuxed>,
	slices: WorkSlices,
): Promise<AudioInput> {
	const audio = reconcile(first);
	const others = new Set(first.findings.flatMap((finding) => (finding.kind === 'otherTrack' ? [finding.track] : [])));
	if (others.size === 0 || (await hasSound(audio, slices))) return audio;
	for (const track of [...others].slice(0, MOST_TRACKS_TRIED)) {
		const other = await trackWithSound(track, demuxTrack, first.findings, slices);
		if (other) return other;
	}
	return audio;
}

/** A track that is not read, or is damaged, is none that sounds. */
async function trackWithSound(
	track: number,
	demuxTrack: (audioTrack: number) => Promise<Demuxed>,
	findings: readonly Finding[],
	slices: WorkSlices,
): Promise<AudioInput | undefined> {
	const others = findings.filter((finding) => finding.kind === 'otherTrack' && finding.track !== track);
	try {
		const demuxed = await demuxTrack(track);
		const audio = reconcile({
			...demuxed,
			findings: [{ kind: 'silentTrack', converted: track }, ...others, ...demuxed.findings],
		});
		return (await hasSound(audio, slices)) ? audio : undefined;
	} catch (error) {
		return error instanceof VoiceNoteError && error.code !== 'cancelled' ? undefined : rethrow(error);
	}
}

/**
 * Container and codec of a file by its bytes, for example `caf/opus`.
 *
 * @param pause lets others run
 * @returns undefined where the bytes are no audio that is read
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
