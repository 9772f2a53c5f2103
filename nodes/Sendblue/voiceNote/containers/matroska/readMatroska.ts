import { VoiceNoteError } from '../../errors';
import { ebmlChildren, ebmlFloat, EbmlId, ebmlString, ebmlUnsigned, isOfSegment } from './ebml';
import type { EbmlElement } from './ebml';

const AUDIO_TRACK = 2;
const EBML_MAGIC = [0x1a, 0x45, 0xdf, 0xa3];
/** The start of a later piece of a recording. */
const CLUSTER_MAGIC = [0x1f, 0x43, 0xb6, 0x75];
/** The type of the file is among the first bytes of its header. */
const DOC_TYPE_WITHIN_BYTES = 256;
const DOC_TYPES = /webm|matroska/;
/** ContentCompAlgo 3: bytes that every frame begins with are left out (RFC 9559, section 5.1.4.1.31.6). */
const HEADER_STRIPPING = 3;
/** More tracks, or fields of a track, than any real file has. */
const MAX_FIELDS = 1_000;

/** An audio track of a WebM or Matroska file. */
export interface MatroskaTrack {
	number: number;
	/** For example `A_OPUS`, `A_VORBIS`, `A_AAC`. */
	codecId: string;
	/** The codec private data. */
	codecPrivate?: Uint8Array;
	/** Hz. */
	sampleRate: number;
	channels: number;
	/** Bits per sample of PCM. */
	bitDepth: number;
	/** Priming, in nanoseconds. */
	codecDelay: number;
	/** Bytes to put before every frame. */
	strippedHeader: Uint8Array;
	encrypted: boolean;
}

/** A parsed file. */
export interface MatroskaFile {
	/** `webm` or `matroska`. */
	docType: string;
	audioTracks: MatroskaTrack[];
	/** How many tracks there are of any kind. */
	trackCount: number;
	segment: EbmlElement;
	/** How long the file says it is, in seconds. */
	statedSeconds?: number;
	/** The length of a tick, the unit of times, in seconds. */
	tickSeconds: number;
}

/** Whether the bytes begin like an EBML file, or like a later piece of one. */
export function isMatroska(bytes: Uint8Array): boolean {
	return beginsAt(bytes, 0, EBML_MAGIC) || beginsAt(bytes, 0, CLUSTER_MAGIC);
}

/** The start of another file that was joined to this one; undefined if there is none. */
export function nextFile(bytes: Uint8Array): number | undefined {
	for (let at = bytes.indexOf(EBML_MAGIC[0], 1); at >= 0; at = bytes.indexOf(EBML_MAGIC[0], at + 1)) {
		if (!beginsAt(bytes, at, EBML_MAGIC)) continue;
		if (DOC_TYPES.test(String.fromCharCode(...bytes.subarray(at, at + DOC_TYPE_WITHIN_BYTES)))) return at;
	}
	return undefined;
}

function beginsAt(bytes: Uint8Array, at: number, magic: readonly number[]): boolean {
	return magic.every((value, index) => bytes[at + index] === value);
}

/**
 * Reads the tracks of a WebM or Matroska file (RFC 9559).
 *
 * @throws {VoiceNoteError} `corrupt` if the file has no segment or no track list.
 */
export function readMatroska(bytes: Uint8Array): MatroskaFile {
	if (beginsAt(bytes, 0, CLUSTER_MAGIC)) throw withoutBeginning();
	let docType = 'matroska';
	for (const element of ebmlChildren(bytes, 0, bytes.length)) {
		if (element.id === EbmlId.Ebml) {
			const name = childOf(bytes, element, EbmlId.DocType);
			if (name) docType = ebmlString(bytes, name);
		}
		if (element.id !== EbmlId.Segment) continue;
		const list = childOf(bytes, element, EbmlId.Tracks);
		if (!list) throw damaged('it has no list of tracks');
		const entries = [...ebmlChildren(bytes, list.start, list.end, MAX_FIELDS)].filter(
			({ id }) => id === EbmlId.TrackEntry,
		);
		return {
			docType,
			audioTracks: entries.flatMap((entry) => readAudioTrack(bytes, entry) ?? []),
			trackCount: entries.length,
			segment: { ...element, end: segmentEnd(bytes, element) },
			...timesOf(bytes, childOf(bytes, element, EbmlId.Info)),
		};
	}
	throw damaged('it has no segment');
}

/** Nanoseconds per tick, if the file does not say (RFC 9559, section 5.1.2.9). */
const DEFAULT_TIMESTAMP_SCALE = 1_000_000;
const NANOSECONDS_PER_SECOND = 1_000_000_000;
/** The longest claim that is believed. */
const MAX_STATED_SECONDS = 100 * 3_600;

function timesOf(
	bytes: Uint8Array,
	info: EbmlElement | undefined,
): Pick<MatroskaFile, 'statedSeconds' | 'tickSeconds'> {
	const scale = info && childOf(bytes, info, EbmlId.TimestampScale);
	const tickSeconds = (scale ? ebmlUnsigned(bytes, scale) : DEFAULT_TIMESTAMP_SCALE) / NANOSECONDS_PER_SECOND;
	const duration = info && childOf(bytes, info, EbmlId.Duration);
	const seconds = duration ? ebmlFloat(bytes, duration) * tickSeconds : 0;
	return { statedSeconds: seconds > 0 && seconds <= MAX_STATED_SECONDS ? seconds : undefined, tickSeconds };
}

/** The end of the first segment in bytes; their length if there is none. */
export function endOfSegment(bytes: Uint8Array): number {
	for (const element of ebmlChildren(bytes, 0, bytes.length)) {
		if (element.id === EbmlId.Segment) return segmentEnd(bytes, element);
	}
	return bytes.length;
}

/** A segment's end: if the claimed one is too early, the end of its last element, or of the clusters that follow. */
function segmentEnd(bytes: Uint8Array, { start, end }: EbmlElement): number {
	let reached = end;
	for (const element of ebmlChildren(bytes, start, bytes.length)) {
		if (!isOfSegment(element.id) || (element.start > reached && element.id !== EbmlId.Cluster)) return reached;
		reached = Math.max(reached, element.end);
	}
	return reached;
}

function readAudioTrack(bytes: Uint8Array, entry: EbmlElement): MatroskaTrack | undefined {
	const fields = fieldsOf(bytes, entry);
	const unsigned = (id: number) => {
		const field = fields.get(id);
		return field ? ebmlUnsigned(bytes, field) : undefined;
	};
	if (unsigned(EbmlId.TrackType) !== AUDIO_TRACK) return undefined;
	const audio = fields.get(EbmlId.Audio);
	const audioFields = audio ? fieldsOf(bytes, audio) : new Map<number, EbmlElement>();
	const rate = audioFields.get(EbmlId.SamplingFrequency);
	const channels = audioFields.get(EbmlId.Channels);
	const bitDepth = audioFields.get(EbmlId.BitDepth);
	const codecId = fields.get(EbmlId.CodecId);
	const codecPrivate = fields.get(EbmlId.CodecPrivate);
	return {
		number: unsigned(EbmlId.TrackNumber) ?? 0,
		codecId: codecId ? ebmlString(bytes, codecId) : '',
		codecPrivate: codecPrivate && bytes.subarray(codecPrivate.start, codecPrivate.end),
		sampleRate: rate ? ebmlFloat(bytes, rate) : 8_000,
		channels: channels ? ebmlUnsigned(bytes, channels) : 1,
		bitDepth: bitDepth ? ebmlUnsigned(bytes, bitDepth) : 0,
		codecDelay: unsigned(EbmlId.CodecDelay) ?? 0,
		...readEncodings(bytes, fields.get(EbmlId.ContentEncodings)),
	};
}

function readEncodings(bytes: Uint8Array, encodings: EbmlElement | undefined) {
	let strippedHeader = new Uint8Array(0);
	let encrypted = false;
	for (const encoding of encodings ? ebmlChildren(bytes, encodings.start, encodings.end) : []) {
		if (encoding.id !== EbmlId.ContentEncoding) continue;
		if (childOf(bytes, encoding, EbmlId.ContentEncryption)) encrypted = true;
		const compression = childOf(bytes, encoding, EbmlId.ContentCompression);
		if (!compression) continue;
		const algorithm = childOf(bytes, compression, EbmlId.ContentCompAlgo);
		if (!algorithm || ebmlUnsigned(bytes, algorithm) !== HEADER_STRIPPING) {
			throw new VoiceNoteError(
				'unsupported',
				'The Matroska file compresses its audio packets',
				'Export it again as WebM or MP3.',
			);
		}
		const settings = childOf(bytes, compression, EbmlId.ContentCompSettings);
		if (settings) strippedHeader = bytes.slice(settings.start, settings.end);
	}
	return { strippedHeader, encrypted };
}

function fieldsOf(bytes: Uint8Array, { start, end }: EbmlElement): Map<number, EbmlElement> {
	return new Map([...ebmlChildren(bytes, start, end, MAX_FIELDS)].map((field) => [field.id, field]));
}

function childOf(bytes: Uint8Array, parent: EbmlElement, id: number): EbmlElement | undefined {
	for (const child of ebmlChildren(bytes, parent.start, parent.end)) {
		if (child.id === id) return child;
	}
	return undefined;
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The WebM or Matroska file is damaged: ${reason}`, 'Export or record it again.');
}

function withoutBeginning(): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		'This is a later piece of a WebM or Matroska recording: its beginning, which describes what it holds, is missing',
		'Convert the whole recording, or put its first piece before this one.',
	);
}
