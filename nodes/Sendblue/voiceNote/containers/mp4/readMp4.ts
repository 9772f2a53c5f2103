/** MP4, M4A, 3GP (ISO/IEC 14496-12) and QuickTime files. */
import { VoiceNoteError } from '../../errors';
import { fourCC } from '../../bits/fourCC';
import { cutBeforeSound } from '../notAudio';
import type { Box } from './boxes';
import { boxAt, boxesIn, boxIn, contentsOf, FULL_BOX_BYTES } from './boxes';
import { fragmentRuns, hasFragments, lostInFragments } from './fragments';
import { readEdits, readITunesGapless } from './editList';
import type { ITunesGapless, TrackTimes } from './editList';
import type { SampleEntry } from './sampleEntry';
import { readSampleEntry } from './sampleEntry';
import type { SampleRun } from './sampleTable';
import { readSampleTable } from './sampleTable';

/** An audio track. */
export interface Mp4Track {
	entry: SampleEntry;
	/** What the boxes claim about its length and its valid range. */
	times: TrackTimes;
	/** The samples, in order. */
	runs(): Iterable<SampleRun>;
	/** Seconds in fragments that are lost. */
	lostSeconds: number;
}

/** A parsed file. */
export interface Mp4File {
	/** The major brand, a four-character code: `M4A `, `isom`, `qt  `, `3gp4` … */
	brand: string;
	audioTracks: Mp4Track[];
	/** How many tracks there are of any kind. */
	trackCount: number;
	/** Whether the file ends within the index of a fragment, so that it is unknown what is missing. */
	truncated: boolean;
}

/** Every file begins with one of these boxes; `ftyp` came late to QuickTime. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'styp', 'pnot', 'moof', 'sidx'];
/**
 * Boxes whose types are English words. Text can contain them too, but then the letters before them make an impossible
 * size.
 */
const WORDS = ['wide', 'free', 'skip'];
/** Brands of still images, which have the same structure. */
const IMAGE_BRANDS: Readonly<Record<string, string>> = {
	heic: 'a HEIC image',
	heix: 'a HEIC image',
	mif1: 'a HEIF image',
	avif: 'an AVIF image',
};
const AUDIO_HANDLER = 'soun';
/** More tracks than any real file has. */
const MAX_TRACKS = 1_000;

/** Whether the bytes begin as an MP4 or QuickTime file does. */
export function isMp4(bytes: Uint8Array): boolean {
	const [first] = boxesIn(bytes, 0, bytes.length);
	if (first === undefined || !FIRST_BOXES.includes(first.type)) return false;
	return !(first.truncated && WORDS.includes(first.type));
}

/**
 * Reads the index of a file.
 *
 * @throws {VoiceNoteError} `corrupt` if there is no index, `notAudio` for a still image.
 */
export function readMp4(bytes: Uint8Array): Mp4File {
	const ftyp = boxIn(bytes, 0, bytes.length, 'ftyp');
	const brand = ftyp ? fourCC(bytes, ftyp.start) : 'qt  ';
	const moov = boxIn(bytes, 0, bytes.length, 'moov');
	if (!moov) throw Object.hasOwn(IMAGE_BRANDS, brand) ? stillImage(IMAGE_BRANDS[brand]) : withoutIndex(bytes);
	if (moov.truncated) throw cutBeforeSound('inside its index, in a picture or another tag');
	const tracks = tracksOf(bytes, moov);
	const movie = {
		movieTimeScale: timeScaleOf(bytes, boxAt(bytes, moov, 'mvhd')) ?? 1_000,
		fragmented: hasFragments(bytes),
		gapless: readITunesGapless(bytes, moov),
	};
	return {
		brand,
		audioTracks: tracks.flatMap((trak) => readTrack(bytes, moov, trak, movie) ?? []),
		trackCount: tracks.length,
		truncated: isCut(bytes, 'moof'),
	};
}

/** What applies to the whole movie and affects the times of its tracks. */
interface Movie {
	movieTimeScale: number;
	fragmented: boolean;
	gapless?: ITunesGapless;
}

function tracksOf(bytes: Uint8Array, moov: Box): Box[] {
	const tracks: Box[] = [];
	for (const box of boxesIn(bytes, moov.start, moov.end)) {
		if (box.type !== 'trak') continue;
		if (tracks.length === MAX_TRACKS) throw damaged('it has far too many tracks');
		tracks.push(box);
	}
	return tracks;
}

/** Whether the file ends within a box, or, if a type is given, within a box of that type. */
function isCut(bytes: Uint8Array, wanted?: string): boolean {
	for (const { type, truncated } of boxesIn(bytes, 0, bytes.length)) {
		if (truncated && (wanted === undefined || type === wanted)) return true;
	}
	return false;
}

function readTrack(bytes: Uint8Array, moov: Box, trak: Box, movie: Movie): Mp4Track | undefined {
	const media = boxAt(bytes, trak, 'mdia');
	const handler = media && boxAt(bytes, media, 'hdlr');
	if (!media || !handler || fourCC(bytes, handler.start + 8) !== AUDIO_HANDLER) return undefined;
	const stbl = boxAt(bytes, media, 'minf', 'stbl');
	const stsd = stbl && boxAt(bytes, stbl, 'stsd');
	const entry = stsd && readSampleEntry(bytes, stsd);
	if (!stbl || !entry) throw damaged('its audio track is not described');
	const table = readSampleTable(bytes, stbl);
	const timeScale = timeScaleOf(bytes, boxAt(bytes, media, 'mdhd')) ?? (entry.sampleRate || 1);
	const trackId = trackIdOf(bytes, boxAt(bytes, trak, 'tkhd'));
	return {
		entry,
		times: {
			timeScale,
			movieTimeScale: movie.movieTimeScale,
			mediaDuration: movie.fragmented || table.duration === 0 ? undefined : table.duration,
			edits: readEdits(bytes, trak),
			gapless: movie.gapless,
		},
		lostSeconds: movie.fragmented ? lostInFragments(bytes, moov, trackId) / timeScale : 0,
		*runs() {
			yield* table.runs();
			if (movie.fragmented) yield* fragmentRuns(bytes, moov, trackId);
		},
	};
}

/** The units per second in `mvhd` and `mdhd`, after two times of 32 or 64 bits. */
function timeScaleOf(bytes: Uint8Array, header: Box | undefined): number | undefined {
	if (!header) return undefined;
	const view = contentsOf(bytes, header);
	const offset = FULL_BOX_BYTES + (view.byteLength > 0 && view.getUint8(0) === 1 ? 16 : 8);
	const timeScale = offset + 4 <= view.byteLength ? view.getUint32(offset) : 0;
	return timeScale > 0 ? timeScale : undefined;
}

function trackIdOf(bytes: Uint8Array, header: Box | undefined): number {
	if (!header) return 0;
	const view = contentsOf(bytes, header);
	const offset = FULL_BOX_BYTES + (view.byteLength > 0 && view.getUint8(0) === 1 ? 16 : 8);
	return offset + 4 <= view.byteLength ? view.getUint32(offset) : 0;
}

function withoutIndex(bytes: Uint8Array): VoiceNoteError {
	if (hasFragments(bytes)) return withoutBeginning();
	const hasData = boxIn(bytes, 0, bytes.length, 'mdat') ?? boxIn(bytes, 0, bytes.length, 'moof');
	if (!hasData) return cutBeforeSound('after its first bytes');
	return damaged(
		isCut(bytes) ? 'it is cut short, and its index, which is at the end, is missing' : 'it has no index (moov)',
	);
}

function stillImage(what: string): VoiceNoteError {
	return new VoiceNoteError('notAudio', `This is ${what}, not audio`, 'Choose a file with audio.');
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The MP4 file is damaged: ${reason}`, 'Export or download it again.');
}

function withoutBeginning(): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		'This is one segment of an MP4 recording: its beginning, which describes what it holds, is missing',
		'Convert the whole recording, or put its first piece (the initialization segment) before this one.',
	);
}
