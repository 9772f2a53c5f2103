import type { WorkSlices } from '../../workSlices';
import { mp3 } from '../mp3/demuxMp3';
import { cutShort } from '../pcmTrack';
import type { AudioRequest, Container, Demuxed, Finding, Track } from '../track';
import { findWav } from './findWav';
import { isWav, openWav } from './readWav';
import type { WavAudio } from './readWav';

/** More files than anybody puts one behind the other. */
const MAX_JOINED_FILES = 1_000;

/** A WAV file whose samples are read here. */
type WavTrack = Extract<WavAudio, { track: Track }>;

/** WAV and its relatives RF64 and BW64, also several one behind the other, as parts of spoken text are joined. */
export const wav: Container = {
	probe: (bytes) => isWav(bytes),
	async demux(bytes, request, slices): Promise<Demuxed> {
		const first = openWav(bytes);
		if ('wrapped' in first) return await unwrapped(first, request, slices);
		const files = await joinedFiles(bytes, first, slices);
		const { wav: last, track } = files[files.length - 1];
		const findings: Finding[] = last.truncated ? [cutShort(track, last.dataLength, last.missingBytes)] : [];
		if (last.joinedAt !== undefined) findings.push({ kind: 'joined', converted: files.length });
		return { sourceFormat: 'wav', tracks: files.map((file) => file.track), findings };
	},
};

async function unwrapped(
	{ payload, wav: { truncated } }: Exclude<WavAudio, WavTrack>,
	request: AudioRequest,
	slices: WorkSlices,
): Promise<Demuxed> {
	const demuxed = await mp3.demux(payload, request, slices);
	return truncated ? { ...demuxed, findings: [...demuxed.findings, { kind: 'cutShort' }] } : demuxed;
}

/** The first file and those behind it. */
async function joinedFiles(bytes: Uint8Array, first: WavTrack, slices: WorkSlices): Promise<WavTrack[]> {
	const files: WavTrack[] = [];
	let rest = bytes;
	let next: WavTrack | undefined = first;
	while (next && files.length < MAX_JOINED_FILES) {
		const file = await endedByNext(rest, next, slices);
		files.push(file);
		if (file.wav.joinedAt === undefined) break;
		rest = rest.subarray(file.wav.joinedAt);
		next = openNext(rest);
		if (slices.due) await slices.rest();
	}
	return files;
}

/** Audio of open length, as text-to-speech services send it, ends where the next file begins. */
async function endedByNext(bytes: Uint8Array, file: WavTrack, slices: WorkSlices): Promise<WavTrack> {
	if (file.wav.openFrom === undefined) return file;
	const joinedAt = await findWav(bytes, file.wav.openFrom, slices);
	if (joinedAt === undefined) return file;
	const ended = openWav(bytes.subarray(0, joinedAt));
	return 'track' in ended ? { track: ended.track, wav: { ...ended.wav, joinedAt } } : file;
}

function openNext(bytes: Uint8Array): WavTrack | undefined {
	try {
		const next = openWav(bytes);
		return 'track' in next ? next : undefined;
	} catch {
		// A damaged file behind the first does not take that away.
		return undefined;
	}
}
