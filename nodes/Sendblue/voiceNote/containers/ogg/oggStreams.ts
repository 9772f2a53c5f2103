import { isOpusHead } from '../../codecs/opus/opusHead';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { lastPacketEnd, oggPackets } from './oggPackets';
import type { OggPacket } from './oggPackets';
import { oggPageAt, oggPages } from './oggPages';
import type { OggPage } from './oggPages';

/** The codecs that are told apart in Ogg; `other` is text, video or a codec we do not know. */
export type OggCodec = 'opus' | 'vorbis' | 'flac' | 'speex' | 'theora' | 'other';

/** One logical stream: a run of pages with the same serial number, from its first page on. */
export interface OggStream {
	codec: OggCodec;
	/** Bytes of the file from the stream's first page up to where a next chain of streams begins. */
	start: number;
	end: number;
	/** Where its intact pages begin, in bytes of the file: taking all their checksums again would be most of the work. */
	pages: number[];
}

/** The streams of a file and whether parts of it are damaged or missing. */
export interface OggIndex {
	/** In file order. Streams that begin together are multiplexed; later ones are chained. */
	streams: OggStream[];
	damaged: boolean;
	/** Whether pages follow behind what is damaged. */
	goesOnBehindDamage: boolean;
	/** Whether the last stream is closed by a page marked as its end. */
	ended: boolean;
}

/** Recordings of radio stations chain a stream for every song; more than this is no audio. */
const MAX_STREAMS = 10_000;

/**
 * Finds the logical streams of an Ogg file (RFC 3533, section 4).
 *
 * @throws {VoiceNoteError} `corrupt` where it has far too many.
 */
export async function indexOgg(bytes: Uint8Array, slices: WorkSlices): Promise<OggIndex> {
	const streams: OggStream[] = [];
	let damaged = false;
	let goesOnBehindDamage = false;
	let ended = false;
	let chainStart = 0;
	let inHeaders = false;
	/** The streams of the current chain by their serial numbers. */
	const current = new Map<number, OggStream>();
	for (const page of oggPages(bytes, () => (damaged = true))) {
		goesOnBehindDamage = damaged;
		if (page.first) {
			if (!inHeaders) {
				for (const stream of streams.slice(chainStart)) stream.end = page.offset;
				chainStart = streams.length;
				current.clear();
			}
			if (!current.has(page.serial)) {
				if (streams.length === MAX_STREAMS) throw tooManyStreams();
				const stream = { codec: codecOf(page.body), start: page.offset, end: bytes.length, pages: [] };
				streams.push(stream);
				current.set(page.serial, stream);
			}
		}
		current.get(page.serial)?.pages.push(page.offset);
		inHeaders = page.first;
		ended = page.last;
		if (slices.due) await slices.rest();
	}
	return { streams, damaged, goesOnBehindDamage, ended };
}

/** The packets of one stream, headers included. */
export function packetsOf(bytes: Uint8Array, stream: OggStream): Generator<OggPacket> {
	return oggPackets(pagesOf(bytes, stream));
}

/** The pages of one stream. */
function* pagesOf(bytes: Uint8Array, { pages }: OggStream): Generator<OggPage> {
	for (const offset of pages) yield oggPageAt(bytes, offset);
}

/**
 * The granule position at which a stream ends: that of the last page on which a packet ends, which may lie before the
 * page before it where much is cut off. Undefined where none tells one.
 */
export async function endPosition(
	bytes: Uint8Array,
	stream: OggStream,
	slices: WorkSlices,
): Promise<number | undefined> {
	let end: number | undefined;
	for (const page of pagesOf(bytes, stream)) {
		if (page.granulePosition > 0 && lastPacketEnd(page.segmentSizes) >= 0) end = page.granulePosition;
		if (slices.due) await slices.rest();
	}
	return end;
}

function tooManyStreams(): VoiceNoteError {
	return new VoiceNoteError('corrupt', 'The Ogg file is damaged: it consists of far too many streams');
}

function codecOf(firstPacket: Uint8Array): OggCodec {
	const startsWith = (text: string) =>
		firstPacket.length >= text.length && [...text].every((char, index) => firstPacket[index] === char.charCodeAt(0));
	if (isOpusHead(firstPacket)) return 'opus';
	if (startsWith('\x01vorbis')) return 'vorbis';
	if (startsWith('\x7fFLAC')) return 'flac';
	if (startsWith('Speex   ')) return 'speex';
	if (startsWith('\x80theora')) return 'theora';
	return 'other';
}
