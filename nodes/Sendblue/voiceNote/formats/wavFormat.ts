import type { AudioInput } from '../audio';
import { isWav, openWav } from '../containers/wav/readWav';
import type { PcmWav } from '../containers/wav/readWav';
import { chainedSource } from '../pcmChain';
import type { WorkSlices } from '../workSlices';
import { JOINED_HINT, noteTruncation, TRUNCATED_HINT } from './audioFormat';
import type { AudioFormat } from './audioFormat';
import { mpegAudioFormat } from './mpegAudioFormat';

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
		if (last.joinedAt !== undefined) hints.push(JOINED_HINT);
		return { sourceFormat: wav.sourceFormat, hints, decode: () => chainedSource(files.map(({ source }) => source)) };
	},
};

/** The first file and those behind it that can be played on without a change. */
async function joinedFiles(bytes: Uint8Array, first: PcmWav, slices: WorkSlices): Promise<PcmWav[]> {
	const files = [first];
	let rest = bytes;
	let last = first;
	while (last.joinedAt !== undefined && files.length < MAX_JOINED_FILES) {
		rest = rest.subarray(last.joinedAt);
		const next = openLike(first, rest);
		if (!next) break;
		files.push(next);
		last = next;
		if (slices.due) await slices.rest();
	}
	return files;
}

function openLike({ source }: PcmWav, bytes: Uint8Array): PcmWav | undefined {
	try {
		const next = openWav(bytes);
		const isAlike = 'source' in next && next.source.sampleRate === source.sampleRate && next.source.channels === source.channels;
		return isAlike ? next : undefined;
	} catch {
		// A damaged file behind the first does not take that away.
		return undefined;
	}
}
