/** AIFF and AIFC files (Apple, "Audio Interchange File Format: AIFF" 1.3 and "AIFF-C"). */
import { quickTimeIma } from '../../codecs/adpcm/imaAdpcm';
import { GSM_IN_33_BYTES, gsmBlocks } from '../../codecs/gsm/gsmDecoder';
import { formatOfCode } from '../../codecs/pcm/sampleFormat';
import type { SampleFormat } from '../../codecs/pcm/sampleFormat';
import { checkStreamShape } from '../../codecs/pcm/blockSource';
import { VoiceNoteError } from '../../errors';
import { fourCC } from '../../bits/fourCC';
import { audioExtent, CHUNK_HEADER_BYTES, furtherAudio, goesOnUncounted, readChunks, type Chunk } from '../iffChunks';
import { demuxFiles, splitFiles } from '../joinedFiles';
import { blockTrack, cutShort, pcmTrack } from '../pcmTrack';
import type { Container, Demuxed, Track } from '../track';

/** What an AIFF file says about itself. */
export interface AiffFile {
	readonly coding:
		| { readonly kind: 'samples'; readonly sampleFormat: SampleFormat }
		| { readonly kind: 'ima4' }
		| { readonly kind: 'gsm' };
	readonly channels: number;
	/** In Hz, rounded to a whole number. */
	readonly sampleRate: number;
	/** Start of the audio, in bytes. */
	readonly dataStart: number;
	/** Bytes of audio that are present from `dataStart` on. */
	readonly dataLength: number;
	/** Further pieces of the audio, in bytes. */
	readonly furtherPieces: ReadonlyArray<{ readonly start: number; readonly end: number }>;
	/** Whether the header announces more audio than the file holds, and how many bytes more. */
	readonly truncated: boolean;
	readonly missingBytes?: number;
	/** Number of sample frames that the header claims. */
	readonly statedFrames: number;
}

/** Bytes of `FORM`, the size and the form type. */
const FORM_HEADER_BYTES = 12;
/** Bytes of the COMM chunk in AIFF; AIFC adds the compression type and its name. */
const COMM_BYTES = 18;
/** Bytes of SSND's offset and block size, before the audio. */
const SSND_HEADER_BYTES = 8;
/** The chunks with audio; in those after the first one, the samples are taken to begin right after this header. */
const SOUND_CHUNKS = { id: 'SSND', headerBytes: SSND_HEADER_BYTES };

const EXTENDED_EXPONENT_BIAS = 16383;

/** Compression types of AIFF-C: QuickTime's IMA ADPCM, GSM 6.10 as libsndfile and QuickTime call it, plain samples. */
const COMPRESSION_IMA4 = 'ima4';
const COMPRESSION_GSM = ['GSM ', 'agsm', 'AGSM'];
const COMPRESSION_NONE = 'NONE';

/** Whether the bytes begin like an AIFF or AIFC file. */
export function isAiff(bytes: Uint8Array): boolean {
	const formType = fourCC(bytes, 8);
	return fourCC(bytes, 0) === 'FORM' && (formType === 'AIFF' || formType === 'AIFC');
}

/** An 80-bit extended precision number (IEEE 754), as sample rates are written; negative ones do not occur. */
function readExtended(view: DataView, offset: number): number {
	const exponent = view.getUint16(offset) - EXTENDED_EXPONENT_BIAS;
	const mantissa = view.getUint32(offset + 2) * 2 ** 32 + view.getUint32(offset + 6);
	return mantissa * 2 ** (exponent - 63);
}

interface CommonChunk {
	readonly channels: number;
	readonly sampleRate: number;
	readonly frames: number;
	readonly bits: number;
	readonly compressionType: string;
}

function parseCommonChunk(contents: Uint8Array): CommonChunk {
	if (contents.length < COMM_BYTES) {
		throw new VoiceNoteError('corrupt', 'The AIFF header is cut off or damaged', 'Export or download the file again.');
	}
	const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
	const channels = view.getUint16(0);
	const sampleRate = Math.round(readExtended(view, 8));
	checkStreamShape('AIFF', channels, sampleRate);
	const hasCompressionType = contents.length >= COMM_BYTES + 4;
	return {
		channels,
		sampleRate,
		frames: view.getUint32(2),
		bits: view.getUint16(6),
		compressionType: hasCompressionType ? fourCC(contents, COMM_BYTES) : COMPRESSION_NONE,
	};
}

function codingOf({ compressionType, bits, channels }: CommonChunk): AiffFile['coding'] {
	if (compressionType === COMPRESSION_IMA4) return { kind: 'ima4' };
	if (COMPRESSION_GSM.includes(compressionType) && channels === 1) return { kind: 'gsm' };
	const sampleFormat = formatOfCode(compressionType, bits);
	if (sampleFormat !== undefined) return { kind: 'samples', sampleFormat };
	throw new VoiceNoteError(
		'unsupported',
		`The AIFC file is compressed with '${compressionType.trim()}', which is not supported`,
		'Export the audio as plain AIFF, WAV, MP3, M4A or Ogg.',
	);
}

function findChunks(bytes: Uint8Array): Map<string, Chunk> {
	const wanted = new Map<string, Chunk>();
	for (const chunk of readChunks(bytes, FORM_HEADER_BYTES, false)) {
		if (!wanted.has(chunk.id)) wanted.set(chunk.id, chunk);
		if (wanted.has('COMM') && wanted.has('SSND')) break;
	}
	return wanted;
}

type SoundExtent = Pick<AiffFile, 'dataStart' | 'dataLength' | 'furtherPieces' | 'truncated' | 'missingBytes'>;

/** @param counted bytes of a second of audio, and of all that the header counts */
function soundExtent(bytes: Uint8Array, sound: Chunk, counted: { perSecond: number; all: number }): SoundExtent {
	if (sound.start + SSND_HEADER_BYTES > bytes.length) {
		return { dataStart: bytes.length, dataLength: 0, furtherPieces: [], truncated: true };
	}
	const stated = new DataView(bytes.buffer, bytes.byteOffset + sound.start, SSND_HEADER_BYTES).getUint32(0);
	const most = sound.size - SSND_HEADER_BYTES;
	// An offset beyond part of the samples that are counted, and are there, is a writer's fault.
	const offset = most >= counted.all && most - stated < counted.all ? 0 : stated;
	const dataStart = sound.start + SSND_HEADER_BYTES + offset;
	const statedLength = Math.max(0, sound.size - SSND_HEADER_BYTES - offset);
	const { length, truncated, missingBytes, open } = audioExtent(bytes, dataStart, statedLength, false);
	const countedEnd = dataStart + length;
	if (!open && goesOnUncounted(bytes, countedEnd, counted.perSecond, false)) {
		return { dataStart, dataLength: bytes.length - dataStart, furtherPieces: [], truncated: false };
	}
	if (open || truncated) return { dataStart, dataLength: length, furtherPieces: [], truncated, missingBytes };
	const further = furtherAudio(bytes, SOUND_CHUNKS, { start: sound.start, end: countedEnd }, false);
	return {
		dataStart,
		dataLength: length,
		furtherPieces: further.pieces,
		truncated: further.truncated,
		missingBytes: further.missingBytes,
	};
}

/** The start of another file that was joined to this one, if one begins where a chunk would. */
function joinedAt(bytes: Uint8Array): number | undefined {
	for (const { start } of readChunks(bytes, FORM_HEADER_BYTES, false)) {
		const at = start - CHUNK_HEADER_BYTES;
		if (isAiff(bytes.subarray(at, at + FORM_HEADER_BYTES))) return at;
	}
	return undefined;
}

/**
 * Reads an AIFF or AIFC file's header.
 *
 * @throws {VoiceNoteError} `notAudio` if it is not an AIFF file; `corrupt` if there is no format or no audio, or the
 *   format is impossible; `unsupported` for a compression that is not read.
 */
export function readAiff(bytes: Uint8Array): AiffFile {
	if (!isAiff(bytes)) throw new VoiceNoteError('notAudio', 'The file is not an AIFF file');
	const chunks = findChunks(bytes);
	const common = chunks.get('COMM');
	const sound = chunks.get('SSND');
	if (common === undefined || sound === undefined) {
		throw new VoiceNoteError(
			'corrupt',
			`The AIFF file has no ${common === undefined ? 'format header' : 'audio data'}`,
			'The file is cut off or damaged; export or download it again.',
		);
	}
	const format = parseCommonChunk(bytes.subarray(common.start, common.start + common.size));
	const frameBytes = (Math.ceil(format.bits / 8) || 1) * format.channels;
	const counted = { perSecond: frameBytes * format.sampleRate, all: frameBytes * format.frames };
	return {
		coding: codingOf(format),
		channels: format.channels,
		sampleRate: format.sampleRate,
		statedFrames: format.frames,
		...soundExtent(bytes, sound, counted),
	};
}

/** AIFF and AIFC. */
export const aiff: Container = {
	probe: isAiff,
	demux: async (bytes): Promise<Demuxed> => await demuxFiles(splitFiles(bytes, joinedAt), demuxAiff),
};

function demuxAiff(bytes: Uint8Array): Demuxed {
	const file = readAiff(bytes);
	const track = trackOf(bytes, file);
	const findings = file.truncated ? [cutShort(track, audioBytes(file), file.missingBytes)] : [];
	return { sourceFormat: 'aiff', tracks: [track], findings };
}

function audioBytes({ dataLength, furtherPieces }: AiffFile): number {
	return furtherPieces.reduce((sum, { start, end }) => sum + end - start, dataLength);
}

function trackOf(bytes: Uint8Array, file: AiffFile): Track {
	const { coding, channels, sampleRate, dataStart, dataLength, furtherPieces, statedFrames } = file;
	const audio = bytes.subarray(dataStart, dataStart + dataLength);
	const pieces = [audio, ...furtherPieces.map(({ start, end }) => bytes.subarray(start, end))];
	const shape = { channels, sampleRate };
	switch (coding.kind) {
		case 'samples':
			return pcmTrack({ name: 'pcm', sampleFormat: coding.sampleFormat, ...shape }, ...pieces);
		case 'ima4':
			// Some writers state packets here instead of frames: a number far too low to be believed as the length.
			return blockTrack({ name: 'ima4', ...shape }, pieces, quickTimeIma(channels), statedFrames);
		case 'gsm': {
			const codec = { name: 'gsm' as const, packing: GSM_IN_33_BYTES, ...shape };
			return blockTrack(codec, pieces, gsmBlocks(GSM_IN_33_BYTES), statedFrames);
		}
	}
}
