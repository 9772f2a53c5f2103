/**
 * WAV files: RIFF (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0"), its
 * 64-bit forms RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), and big-endian RIFX.
 */
import { imaAdpcm } from '../../codecs/adpcm/imaAdpcm';
import { msAdpcm } from '../../codecs/adpcm/msAdpcm';
import { GSM_IN_65_BYTES, gsmBlocks } from '../../codecs/gsm/gsmDecoder';
import { VoiceNoteError } from '../../errors';
import { inOnePiece } from '../../bits/bytes';
import { fourCC } from '../../bits/fourCC';
import {
	audioExtent,
	CHUNK_HEADER_BYTES,
	endOfChunks,
	furtherAudio,
	goesOnUncounted,
	readChunks,
	type Chunk,
} from '../iffChunks';
import { blockTrack, cutShort, pcmTrack } from '../pcmTrack';
import type { AudioRequest, Container, Demuxed, Finding, Track } from '../track';
import { parseFormatChunk, type WavFormat } from './formatChunk';
import type { WorkSlices } from '../../workSlices';
import { adts } from '../adts/demuxAdts';
import { isFileAt } from '../fileStart';
import { demuxFiles, MAX_JOINED_FILES } from '../joinedFiles';
import { mp3 } from '../mp3/demuxMp3';
import { skipTags } from '../tags';

/** What a WAV file says about itself. */
export interface WavFile extends WavFormat {
	/** Start of the audio, in bytes. */
	readonly dataStart: number;
	/** Bytes of audio that are present from `dataStart` on. */
	readonly dataLength: number;
	/** Further pieces of the audio, in bytes: some recorders begin another data chunk after each pause. */
	readonly furtherPieces: ReadonlyArray<{ readonly start: number; readonly end: number }>;
	/** Whether the header announces more audio than the file holds, and how many bytes more. */
	readonly truncated: boolean;
	readonly missingBytes?: number;
	/** Length of the audio in sample frames by the `fact` chunk, if there is one. */
	readonly statedFrames?: number;
	/** Start of another WAV file that was joined to this one. */
	readonly joinedAt?: number;
	/** Where the chunks end, in bytes; undefined if the audio goes on to the end of the file. */
	readonly end?: number;
	/** Start of audio whose length the header leaves open, so that another joined file would seem to be part of it. */
	readonly openFrom?: number;
}

/** A WAV file, or a container around a compressed stream that another reader takes over. */
export type WavAudio =
	| { track: Track; wav: WavFile }
	/** `payload`: the stream without the container; a copy only if it is in several pieces. */
	| { wrapped: 'adts' | 'mp3'; payload: Uint8Array; wav: WavFile };

/** The readers of the compressed streams that a WAV file may hold. */
const STREAM_CONTAINERS = { adts, mp3 };

/** Bytes of `RIFF`, the size and `WAVE`. */
const RIFF_HEADER_BYTES = 12;
/** A 32-bit size that means "see the ds64 chunk". */
const SIZE_IN_DS64 = 0xffffffff;
/** Where a ds64 chunk has the 64-bit size of the data chunk. */
const DS64_DATA_SIZE_OFFSET = 8;

/** The chunks with audio. */
const DATA_CHUNKS = { id: 'data', headerBytes: 0 };

/** The most chunks between the audio and another file that was joined to this one. */
const MAX_CHUNKS_BEHIND_AUDIO = 100;

/** Whether a WAV file of any form starts at the offset. */
export function isWav(bytes: Uint8Array, offset = 0): boolean {
	const form = fourCC(bytes, offset);
	const isRiff = form === 'RIFF' || form === 'RIFX' || form === 'RF64' || form === 'BW64';
	return isRiff && fourCC(bytes, offset + 8) === 'WAVE';
}

/** The first chunk of each kind that matters. */
function findChunks(bytes: Uint8Array, littleEndian: boolean): Map<string, Chunk> {
	const wanted = new Map<string, Chunk>();
	for (const chunk of readChunks(bytes, RIFF_HEADER_BYTES, littleEndian)) {
		if (!wanted.has(chunk.id)) wanted.set(chunk.id, chunk);
		if (wanted.has('fmt ') && wanted.has('data')) break;
	}
	return wanted;
}

function contentsOf(bytes: Uint8Array, chunk: Chunk): Uint8Array {
	return bytes.subarray(chunk.start, chunk.start + chunk.size);
}

/** The size of the audio, in bytes, that its chunk or a ds64 chunk claims. */
function statedDataSize(bytes: Uint8Array, data: Chunk, ds64: Chunk | undefined): number {
	const hasLargeSize = data.size === SIZE_IN_DS64 && ds64 !== undefined;
	if (!hasLargeSize || ds64.start + DS64_DATA_SIZE_OFFSET + 8 > bytes.length) return data.size;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const size = view.getBigUint64(ds64.start + DS64_DATA_SIZE_OFFSET, true);
	// A 64-bit writer that could not seek back leaves all bits set here too.
	return size > BigInt(Number.MAX_SAFE_INTEGER) ? SIZE_IN_DS64 : Number(size);
}

function readFact(bytes: Uint8Array, fact: Chunk | undefined, littleEndian: boolean): number | undefined {
	if (fact === undefined || fact.size < 4 || fact.start + 4 > bytes.length) return undefined;
	return new DataView(bytes.buffer, bytes.byteOffset + fact.start, 4).getUint32(0, littleEndian);
}

function joinedFile(bytes: Uint8Array, data: Chunk, littleEndian: boolean): number | undefined {
	let count = 0;
	for (const chunk of readChunks(bytes, data.start - CHUNK_HEADER_BYTES, littleEndian)) {
		const start = chunk.start - CHUNK_HEADER_BYTES;
		if (isWav(bytes, start)) return start;
		if (++count > MAX_CHUNKS_BEHIND_AUDIO) return undefined;
	}
	return undefined;
}

/**
 * Reads a WAV file's header.
 *
 * If the header leaves the data size open (0 or the largest number, as text-to-speech services send it) or the size
 * goes beyond the file, the audio is read to the end of the file. Only the latter counts as truncated.
 *
 * @throws {VoiceNoteError} `notAudio` if it is not a WAV file; `corrupt` if there is no format or no audio, or the
 *   format is impossible; `unsupported` for a codec that is not read inside WAV.
 */
export function readWav(bytes: Uint8Array): WavFile {
	if (!isWav(bytes)) throw new VoiceNoteError('notAudio', 'The file is not a WAV file');
	const littleEndian = fourCC(bytes, 0) !== 'RIFX';
	const chunks = findChunks(bytes, littleEndian);
	const format = chunks.get('fmt ');
	const data = chunks.get('data');
	if (format === undefined || data === undefined) {
		throw new VoiceNoteError(
			'corrupt',
			`The WAV file has no ${format === undefined ? 'format header' : 'audio data'}`,
			'The file is cut off or damaged; export or download it again.',
		);
	}
	const stated = statedDataSize(bytes, data, chunks.get('ds64'));
	const joinedAt = joinedFile(bytes, data, littleEndian);
	// Without the next file: one of nothing but headers would take hours if each were searched to the end.
	const own = bytes.subarray(0, joinedAt);
	const { length, truncated, missingBytes, open } = audioExtent(own, data.start, stated, littleEndian);
	const wavFormat = parseFormatChunk(contentsOf(bytes, format), littleEndian);
	const countedEnd = data.start + length;
	const isUncounted =
		!open && joinedAt === undefined && goesOnUncounted(own, countedEnd, wavFormat.bytesPerSecond, littleEndian);
	const counted = { start: data.start, end: countedEnd };
	const further = open || truncated || isUncounted ? undefined : furtherAudio(own, DATA_CHUNKS, counted, littleEndian);
	const isComplete = joinedAt === undefined && further?.truncated === false && further.openFrom === undefined;
	return {
		...wavFormat,
		dataStart: data.start,
		dataLength: isUncounted ? own.length - data.start : length,
		furtherPieces: further?.pieces ?? [],
		truncated: truncated || further?.truncated === true,
		missingBytes: missingBytes ?? further?.missingBytes,
		statedFrames: readFact(bytes, chunks.get('fact'), littleEndian),
		joinedAt,
		end: isComplete ? endOfChunks(own, data.start - CHUNK_HEADER_BYTES, littleEndian) : undefined,
		openFrom: open ? data.start : further?.openFrom,
	};
}

/** The file that is there in place of samples; undefined if there is none, or the header cannot be read. */
export function fileInSamples(bytes: Uint8Array): Uint8Array | undefined {
	try {
		// Where audio of open length ends takes a search, so the beginning is looked at first.
		const data = findChunks(bytes, fourCC(bytes, 0) !== 'RIFX').get('data');
		if (!data || !beginsAsFile(bytes.subarray(data.start))) return undefined;
		const { coding, dataStart, dataLength } = readWav(bytes);
		const samples = bytes.subarray(dataStart, dataStart + dataLength);
		return coding.kind === 'samples' && beginsAsFile(samples) ? samples : undefined;
	} catch {
		// The reader says what is wrong.
		return undefined;
	}
}

function beginsAsFile(bytes: Uint8Array): boolean {
	return isFileAt(bytes, skipTags(bytes));
}

/**
 * Finds the audio of a WAV file.
 *
 * @throws {VoiceNoteError} As `readWav`.
 */
export function openWav(bytes: Uint8Array): WavAudio {
	const wav = readWav(bytes);
	const { coding, channels, sampleRate, layout, dataStart, dataLength, furtherPieces, statedFrames } = wav;
	// A view that ends with the audio, so that the last block of ADPCM does not run into the chunks after it.
	const audio = bytes.subarray(dataStart, dataStart + dataLength);
	const pieces = [audio, ...furtherPieces.map(({ start, end }) => bytes.subarray(start, end))];
	const shape = { channels, sampleRate, layout };
	switch (coding.kind) {
		case 'framed':
			return { wrapped: coding.stream, payload: inOnePiece(pieces), wav };
		case 'samples':
			return { track: pcmTrack({ name: 'pcm', sampleFormat: coding.sampleFormat, ...shape }, ...pieces), wav };
		case 'gsm': {
			const codec = { name: 'gsm' as const, packing: GSM_IN_65_BYTES, ...shape };
			return { track: blockTrack(codec, pieces, gsmBlocks(GSM_IN_65_BYTES), statedFrames), wav };
		}
		case 'imaAdpcm': {
			const blocks = imaAdpcm(coding.blockBytes, channels);
			const codec = { name: 'imaAdpcm' as const, blockBytes: coding.blockBytes, ...shape };
			return { track: blockTrack(codec, pieces, blocks, statedFrames), wav };
		}
		case 'msAdpcm': {
			const { blockBytes, coefficients } = coding;
			const codec = { name: 'msAdpcm' as const, blockBytes, coefficients, ...shape };
			return { track: blockTrack(codec, pieces, msAdpcm(blockBytes, channels, coefficients), statedFrames), wav };
		}
	}
}

/** Bytes that are searched between pauses. */
const SLICE_BYTES = 65_536;
const FIRST_LETTER = 'R'.charCodeAt(0);

/**
 * Finds a WAV file inside other bytes, by letters that audio would not have by chance: `RIFF`, `WAVE` and `fmt `.
 *
 * @returns its offset, or undefined
 */
async function findWav(bytes: Uint8Array, from: number, slices: WorkSlices): Promise<number | undefined> {
	for (let start = from; start < bytes.length; start += SLICE_BYTES) {
		const end = Math.min(bytes.length, start + SLICE_BYTES);
		for (let at = start; at < end; at++) {
			if (bytes[at] === FIRST_LETTER && isWavHeader(bytes, at)) return at;
		}
		if (slices.due) await slices.rest();
	}
	return undefined;
}

function isWavHeader(bytes: Uint8Array, offset: number): boolean {
	return isWav(bytes, offset) && fourCC(bytes, offset + RIFF_HEADER_BYTES) === 'fmt ';
}

/** WAV and its relatives RF64 and BW64; several may be joined, such as the parts of a long text that was spoken. */
export const wav: Container = {
	probe: (bytes) => isWav(bytes),
	async demux(bytes, request, slices): Promise<Demuxed> {
		const files = await joinedFiles(bytes, openWav(bytes), slices);
		const whole = await demuxFiles(files, async (file) => await demuxed(file, request, slices));
		const hasMore = files[files.length - 1].wav.joinedAt !== undefined;
		const isReported = whole.findings.some(({ kind }) => kind === 'joined');
		if (hasMore && !isReported) whole.findings.push({ kind: 'joined', converted: files.length });
		return { ...whole, end: endOfFiles(files) };
	},
};

function endOfFiles(files: readonly WavAudio[]): number | undefined {
	const start = files.slice(0, -1).reduce((sum, { wav: { joinedAt = 0 } }) => sum + joinedAt, 0);
	const { end } = files[files.length - 1].wav;
	return end === undefined ? undefined : start + end;
}

async function demuxed(file: WavAudio, request: AudioRequest, slices: WorkSlices): Promise<Demuxed> {
	const { truncated, missingBytes } = file.wav;
	if ('track' in file) {
		const { track, wav: header } = file;
		const findings: Finding[] = truncated ? [cutShort(track, audioBytes(header), missingBytes)] : [];
		return { sourceFormat: 'wav', tracks: [track], findings };
	}
	const { sourceFormat, tracks, findings } = await STREAM_CONTAINERS[file.wrapped].demux(file.payload, request, slices);
	return { sourceFormat, tracks, findings: truncated ? [...findings, { kind: 'cutShort' }] : findings };
}

function audioBytes({ dataLength, furtherPieces }: WavFile): number {
	return furtherPieces.reduce((sum, { start, end }) => sum + end - start, dataLength);
}

/** The first file and those after it. */
async function joinedFiles(bytes: Uint8Array, first: WavAudio, slices: WorkSlices): Promise<WavAudio[]> {
	const files: WavAudio[] = [];
	let rest = bytes;
	let next: WavAudio | undefined = first;
	while (next && files.length <= MAX_JOINED_FILES) {
		const file = await endedByNext(rest, next, slices);
		files.push(file);
		if (file.wav.joinedAt === undefined) break;
		rest = rest.subarray(file.wav.joinedAt);
		next = openNext(rest);
		if (slices.due) await slices.rest();
	}
	return files;
}

/** Ends audio of open length, as text-to-speech services send it, at the start of the next file. */
async function endedByNext(bytes: Uint8Array, file: WavAudio, slices: WorkSlices): Promise<WavAudio> {
	if (file.wav.openFrom === undefined) return file;
	const joinedAt = await findWav(bytes, file.wav.openFrom, slices);
	if (joinedAt === undefined) return file;
	const ended = openWav(bytes.subarray(0, joinedAt));
	return { ...ended, wav: { ...ended.wav, joinedAt } };
}

function openNext(bytes: Uint8Array): WavAudio | undefined {
	try {
		return openWav(bytes);
	} catch {
		// If a later file is damaged, the first is still converted.
		return undefined;
	}
}
