import type { AudioInput } from '../../pcm/pcmSource';
import { findWav } from './findWav';
import { isWav, openWav } from './readWav';
import type { PcmWav } from './readWav';
import { chainedSource } from '../../pcm/chainedSource';
import type { WorkSlices } from '../../workSlices';
import { joinedHint, noteTruncation, TRUNCATED_HINT } from '../../pipeline/reconcile';
import type { AudioFormat } from '../../pipeline/reconcile';
import { mpegAudioFormat } from '../mp3/demuxMp3';

/** More files than anybody puts one behind the other. */
const MAX_JOINED_FILES = 1_000;

/** WAV and its relatives RF64 and BW64, also several one behind the other, as parts of spoken text are joined. */
export const wavFormat: AudioFormat = {
	recognises: (bytes) => isWav(bytes),
	async open(bytes, request, slices): Promise<AudioInput> {
		const wav = openWav(bytes);
		if ('wrapped' in wav) {
			const input = await mpegAudioFormat.open(wav.payload, request, slices);
			if (wav.truncated) noteTruncation(input.hints);
			return input;
		}
		const files = await joinedFiles(bytes, wav, slices);
		const last = files[files.length - 1];
		const hints = last.truncated ? [TRUNCATED_HINT] : [];
		if (last.joinedAt !== undefined) hints.push(joinedHint(files.length));
		return { sourceFormat: wav.sourceFormat, hints, decode: () => chainedSource(files.map(({ source }) => source)) };
	},
};

/** The first file and those behind it that can be played on without a change. */
async function joinedFiles(bytes: Uint8Array, first: PcmWav, slices: WorkSlices): Promise<PcmWav[]> {
	const files: PcmWav[] = [];
	let rest = bytes;
	let next: PcmWav | undefined = first;
	while (next && files.length < MAX_JOINED_FILES) {
		const file = await endedByNext(rest, next, slices);
		files.push(file);
		if (file.joinedAt === undefined) break;
		rest = rest.subarray(file.joinedAt);
		next = openLike(first, rest);
		if (slices.due) await slices.rest();
	}
	return files;
}

/** Audio of open length, as text-to-speech services send it, ends where the next file begins. */
async function endedByNext(bytes: Uint8Array, file: PcmWav, slices: WorkSlices): Promise<PcmWav> {
	if (file.openFrom === undefined) return file;
	const joinedAt = await findWav(bytes, file.openFrom, slices);
	if (joinedAt === undefined) return file;
	const ended = openWav(bytes.subarray(0, joinedAt));
	return 'source' in ended ? { ...ended, joinedAt } : file;
}

function openLike({ source }: PcmWav, bytes: Uint8Array): PcmWav | undefined {
	try {
		const next = openWav(bytes);
		const isAlike =
			'source' in next && next.source.sampleRate === source.sampleRate && next.source.channels === source.channels;
		return isAlike ? next : undefined;
	} catch {
		// A damaged file behind the first does not take that away.
		return undefined;
	}
}
