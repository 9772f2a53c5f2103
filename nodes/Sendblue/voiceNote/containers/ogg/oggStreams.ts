import { isOpusHead } from '../../codecs/opus/opusHead';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import type { Finding, Track } from '../track';
import { fileBehind } from '../fileStart';
import { isCutPage, oggPackets, oggPageAt, oggPages } from './oggPages';
import type { OggPacket, OggPage } from './oggPages';

/** The codecs that are distinguished in Ogg; `other` is text, video or an unknown codec. */
export type OggCodec = 'opus' | 'vorbis' | 'flac' | 'speex' | 'theora' | 'other';

/** One logical stream: a run of pages with the same serial number, from its first page on. */
export interface OggStream {
	codec: OggCodec;
	/** Where the stream is in the file, in bytes: from its first page up to the streams chained after it, if any. */
	start: number;
	end: number;
	/**
	 * Starts of its intact pages, in bytes from the start of the file. Kept because verifying the checksums again would
	 * be most of the work.
	 */
	pages: number[];
}

/** The audio of a stream, and the findings on the way. */
export interface OggTrack extends Track {
	findings: Finding[];
}

/** The streams of a file, and its damage. */
export interface OggIndex {
	/** In file order. Streams that begin together are multiplexed; later ones are chained. */
	streams: OggStream[];
	/** Pages of streams whose beginning, with their headers, is missing. */
	headless: OggStream[];
	/** Whether the file ends within a page. */
	cut: boolean;
	/** The end of the last page, in bytes. */
	end: number;
	/** Whether no checksum is right, so that they are not checked. */
	wrongChecksums: boolean;
}

/** Radio recordings chain a stream per song; no audio has more streams than this. */
const MAX_STREAMS = 10_000;

/**
 * Finds the logical streams of an Ogg file (RFC 3533, section 4).
 *
 * @throws {VoiceNoteError} `corrupt` if it has far too many
 */
export async function indexOgg(bytes: Uint8Array, slices: WorkSlices): Promise<OggIndex> {
	const index = await indexPages(bytes, true, slices);
	if (index.streams.length + index.headless.length > 0) return index;
	return { ...(await indexPages(bytes, false, slices)), wrongChecksums: true };
}

async function indexPages(bytes: Uint8Array, checked: boolean, slices: WorkSlices): Promise<OggIndex> {
	const streams: OggStream[] = [];
	const headless: OggStream[] = [];
	/** Start of bytes that are not a page, until another page follows. */
	let damageStart: number | undefined;
	let ended = false;
	let firstMultiplexed = 0;
	let inHeaders = false;
	/** The streams multiplexed at this point of the file, by their serial numbers. */
	const current = new Map<number, OggStream>();
	for (const page of oggPages(bytes, (offset) => (damageStart = offset), checked)) {
		damageStart = undefined;
		if (page.first && !inHeaders) {
			for (const stream of [...streams.slice(firstMultiplexed), ...current.values()]) stream.end = page.offset;
			firstMultiplexed = streams.length;
			current.clear();
		}
		if (!current.has(page.serial)) {
			if (streams.length + headless.length === MAX_STREAMS) throw tooManyStreams();
			const codec = page.first ? codecOf(page.body) : 'other';
			const stream: OggStream = { codec, start: page.offset, end: bytes.length, pages: [] };
			(page.first ? streams : headless).push(stream);
			current.set(page.serial, stream);
		}
		current.get(page.serial)?.pages.push(page.offset);
		inHeaders = page.first;
		ended = page.last;
		if (slices.due) await slices.rest();
	}
	// Bytes after the end of a stream may be something else. If the stream has not ended, they are damaged pages of it.
	const end = damageStart ?? bytes.length;
	const isOtherFile = damageStart !== undefined && fileBehind(bytes, damageStart) !== undefined;
	const cut = damageStart !== undefined && !isOtherFile && (!ended || isCutPage(bytes, damageStart));
	return {
		streams,
		headless: headless.filter((rest) => !addToItsStream(streams, rest)),
		cut,
		end,
		wrongChecksums: false,
	};
}

/**
 * Some writers change the serial number within a stream. Pages without a beginning are added to the stream that ends
 * before them, if that is unambiguous.
 *
 * @returns whether they were added
 */
function addToItsStream(streams: OggStream[], rest: OggStream): boolean {
	const candidates = streams.filter(({ start, end }) => start < rest.start && end === rest.end);
	const [stream] = candidates;
	if (candidates.length !== 1 || (stream.pages.at(-1) ?? 0) > rest.pages[0]) return false;
	for (const page of rest.pages) stream.pages.push(page);
	return true;
}

/** The packets of one stream, headers included. */
export function packetsOf(bytes: Uint8Array, stream: OggStream): Generator<OggPacket> {
	return oggPackets(pagesOf(bytes, stream));
}

/** A page that comes too late is looked for among this many pages after the gap. */
const MAX_TOO_EARLY = 32;

/** The pages of one stream, in their order: some writers swap pages, as their numbers and positions show. */
function* pagesOf(bytes: Uint8Array, { pages }: OggStream): Generator<OggPage> {
	const taken = new Set<number>();
	let previous: OggPage | undefined;
	for (const [index, offset] of pages.entries()) {
		if (taken.delete(index)) continue;
		const page = oggPageAt(bytes, offset);
		while (previous && page.serial === previous.serial && page.sequence > previous.sequence + 1) {
			const late = latePage(bytes, pages.slice(index + 1, index + 1 + MAX_TOO_EARLY), { previous, next: page });
			if (!late) break;
			taken.add(index + 1 + late.index);
			previous = late.page;
			yield previous;
		}
		previous = page;
		yield page;
	}
}

/** The page that follows the previous one and belongs before the next. */
function latePage(
	bytes: Uint8Array,
	candidates: readonly number[],
	{ previous, next }: { previous: OggPage; next: OggPage },
): { page: OggPage; index: number } | undefined {
	for (const [index, offset] of candidates.entries()) {
		const page = oggPageAt(bytes, offset);
		const isNext = page.serial === previous.serial && page.sequence === previous.sequence + 1;
		if (isNext && page.granulePosition <= next.granulePosition) return { page, index };
	}
	return undefined;
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
