import { VoiceNoteError } from '../errors';
import type { Codec } from '../codecs/registry';
import type { Finding } from './track';

/** Familiar names of codecs, by their names in containers (case does not matter). */
const CODEC_NAMES: Readonly<Record<string, string>> = {
	'ac-3': 'AC-3 (Dolby Digital)',
	'ec-3': 'E-AC-3 (Dolby Digital Plus)',
	'ac-4': 'AC-4 (Dolby)',
	'aac-latm': 'AAC in LATM',
	a_ac3: 'AC-3 (Dolby Digital)',
	a_eac3: 'E-AC-3 (Dolby Digital Plus)',
	a_dts: 'DTS',
	a_truehd: 'Dolby TrueHD',
	a_mlp: 'MLP',
	a_wavpack4: 'WavPack',
	a_tta1: 'TTA',
	dtsc: 'DTS',
	dtse: 'DTS Express',
	dtsh: 'DTS-HD',
	dtsl: 'DTS-HD Lossless',
	mlpa: 'Dolby TrueHD',
	mha1: 'MPEG-H 3D Audio',
	mhm1: 'MPEG-H 3D Audio',
	qdm2: 'QDesign Music 2',
	qdmc: 'QDesign Music',
	mac3: 'MACE 3:1',
	mac6: 'MACE 6:1',
	agsm: 'GSM',
	sqcp: 'QCELP',
	sevc: 'EVRC',
	usac: 'xHE-AAC (USAC)',
	opus: 'Opus',
	speex: 'Speex',
	wma: 'Windows Media (WMA)',
};

/** The familiar name of a codec. */
export function codecTitle(codec: string): string {
	const key = codec.trim().toLowerCase();
	return Object.hasOwn(CODEC_NAMES, key) ? CODEC_NAMES[key] : `"${codec.trim()}"`;
}

/**
 * The error for audio in an unsupported codec.
 *
 * @param container completes "The … holds": `MP4 file`, `Matroska file`
 * @param codec the container's name of the codec
 */
export function unsupportedCodec(container: string, codec: string): VoiceNoteError {
	const name = codecTitle(codec);
	return new VoiceNoteError(
		'unsupported',
		`The ${container} holds ${name} audio, which is not supported`,
		'Export it as MP3, M4A, WAV or Ogg.',
		'ffmpegReads',
	);
}

/** The error for encrypted (copy-protected) audio. */
export function encryptedAudio(container: string): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		`The ${container} is encrypted (copy-protected)`,
		'Use a file without copy protection.',
	);
}

/** The tracks that a file claims to have. */
interface Tracks<T> {
	audioTracks: readonly T[];
	/** How many tracks there are of any kind. */
	trackCount: number;
}

/**
 * The audio track to convert.
 *
 * @param container completes "This is …": `an MP4 file`
 * @param audioTrack counted from 1; the first by default
 * @throws {VoiceNoteError} `notAudio` if there is no audio track, `badOption` if there is none of that number
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

/** A track after the one that is converted. */
interface OtherTrack<T> {
	item: T;
	/** Counted from 1. */
	number: number;
	/** Opens the codec, or throws if it is unsupported; absent if that does not give the length. */
	codecOf?(): Codec;
}

/** The most tracks whose lengths are reported; only damaged files have more. */
const MAX_MEASURED_TRACKS = 8;

/**
 * The findings about tracks that are not converted.
 *
 * @param secondsOf the length of a track, if known
 */
export async function otherTracks<T>(
	others: ReadonlyArray<OtherTrack<T>>,
	secondsOf: (track: T, codec: Codec | undefined) => Promise<number | undefined>,
): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const [index, { item, number, codecOf }] of others.entries()) {
		const seconds = index < MAX_MEASURED_TRACKS ? await secondsOf(item, codecIfRead(codecOf)) : undefined;
		findings.push({ kind: 'otherTrack', track: number, seconds: seconds || undefined });
	}
	return findings;
}

function codecIfRead(codecOf: (() => Codec) | undefined): Codec | undefined {
	try {
		return codecOf?.();
	} catch {
		return undefined;
	}
}

/**
 * The first of several tracks whose codec is supported, and the findings about the others.
 *
 * @param tracks at least one, in the order of the file
 * @param codecOf throws if the codec is not read
 * @param nameOf the container's name of a track's codec
 * @throws {VoiceNoteError} what `codecOf` throws for the first track, if no codec is read
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
