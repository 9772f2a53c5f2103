/**
 * The `fmt ` chunk of a WAV file: WAVEFORMAT, WAVEFORMATEX and WAVEFORMATEXTENSIBLE (Microsoft, `mmreg.h`), with their
 * format tags (also RFC 2361) and channel masks.
 */
import type { Speaker } from '../../pcm/speakers';
import { WAVE_CHANNEL_ORDERS } from '../../pcm/speakers';
import { MS_ADPCM_COEFFICIENTS, type MsAdpcmCoefficients } from '../../codecs/adpcm/msAdpcm';
import { GSM_IN_65_BYTES } from '../../codecs/gsm/gsmDecoder';
import { PCM_CODINGS, pcmFormat } from '../../codecs/pcm/sampleFormat';
import type { SampleFormat } from '../../codecs/pcm/sampleFormat';
import { VoiceNoteError } from '../../errors';
import { checkStreamShape } from '../../codecs/pcm/blockSource';

const FORMAT_PCM = 0x0001;
const FORMAT_MS_ADPCM = 0x0002;
const FORMAT_IEEE_FLOAT = 0x0003;
const FORMAT_ALAW = 0x0006;
const FORMAT_MULAW = 0x0007;
const FORMAT_IMA_ADPCM = 0x0011;
const FORMAT_GSM = 0x0031;
const FORMAT_MPEG = 0x0050;
const FORMAT_MPEG_LAYER_3 = 0x0055;
const FORMAT_ADTS = 0x1600;
const FORMAT_EXTENSIBLE = 0xfffe;

/** Codecs that WAV files can have but that are not supported. */
const OTHER_CODECS = new Map<number, string>([
	[0x0000, 'an unnamed codec'],
	[0x0005, 'IBM CVSD'],
	[0x0010, 'OKI ADPCM'],
	[0x0016, 'G.723 ADPCM'],
	[0x0022, 'TrueSpeech'],
	[0x0042, 'G.723.1'],
	[0x0040, 'G.721 ADPCM'],
	[0x0045, 'G.726 ADPCM'],
	[0x0057, 'AMR-NB'],
	[0x0058, 'AMR-WB'],
	[0x0064, 'G.726 ADPCM'],
	[0x0065, 'G.722 ADPCM'],
	[0x0083, 'G.729'],
	[0x0092, 'Dolby AC-3 (S/PDIF)'],
	[0x00ff, 'AAC'],
	[0x0111, 'G.729'],
	[0x0130, 'ACELP.net'],
	[0x0160, 'Windows Media Audio'],
	[0x0161, 'Windows Media Audio'],
	[0x0162, 'Windows Media Audio Professional'],
	[0x0163, 'Windows Media Audio Lossless'],
	[0x0270, 'ATRAC3'],
	[0x1602, 'AAC (LATM)'],
	[0x1610, 'HE-AAC'],
	[0x2000, 'Dolby AC-3'],
	[0x2001, 'DTS'],
	[0x566f, 'Vorbis'],
	[0x674f, 'Vorbis'],
	[0x6770, 'Vorbis'],
	[0x704f, 'Opus'],
	[0xa109, 'Speex'],
	[0xf1ac, 'FLAC'],
]);

/** The codec's name for a message. */
function codecName(formatTag: number): string {
	return OTHER_CODECS.get(formatTag) ?? `an unknown codec (0x${formatTag.toString(16).padStart(4, '0')})`;
}

/** The bits of WAVEFORMATEXTENSIBLE's channel mask, from the lowest (Microsoft, `ksmedia.h`, SPEAKER_…). */
const SPEAKERS: readonly Speaker[] = [
	...(['L', 'R', 'C', 'LFE', 'Lb', 'Rb', 'Lc', 'Rc', 'Cs', 'Ls', 'Rs'] as const),
	...(['Ts', 'Lvh', 'Cvh', 'Rvh', 'Lvb', 'Cvb', 'Rvb'] as const),
];

/**
 * The speakers of a file's channels in their order.
 *
 * @param channelMask The channel mask, or 0 if the header has none, which stands for the usual order of WAVE.
 * @returns undefined for one channel or two, which need no names, and if the order is unknown
 */
function speakersOf(channels: number, channelMask: number): readonly Speaker[] | undefined {
	if (channels <= 2) return undefined;
	const masked = SPEAKERS.filter((_, bit) => (channelMask & (1 << bit)) !== 0);
	if (masked.length === channels) return masked;
	return channelMask === 0 ? WAVE_CHANNEL_ORDERS[channels] : undefined;
}

/** How the audio in a WAV file is coded. */
export type WavCoding =
	| { readonly kind: 'samples'; readonly sampleFormat: SampleFormat }
	| { readonly kind: 'imaAdpcm'; readonly blockBytes: number }
	| {
			readonly kind: 'msAdpcm';
			readonly blockBytes: number;
			readonly coefficients: readonly MsAdpcmCoefficients[];
	  }
	| { readonly kind: 'gsm' }
	/** A stream of frames that could be a file by itself. */
	| { readonly kind: 'framed'; readonly stream: 'adts' | 'mp3' };

/** What a `fmt ` chunk says. */
export interface WavFormat {
	readonly coding: WavCoding;
	readonly channels: number;
	/** In Hz. */
	readonly sampleRate: number;
	/** Bytes per second of audio. */
	readonly bytesPerSecond: number;
	/** Speaker of each channel, for more than two of them. */
	readonly layout?: readonly Speaker[];
}

/** Bytes of the oldest form (WAVEFORMAT), which has no bits per sample. */
const WAVEFORMAT_BYTES = 14;
const PCMWAVEFORMAT_BYTES = 16;
const WAVEFORMATEXTENSIBLE_BYTES = 40;

const CHANNEL_MASK_OFFSET = 20;
const SUB_FORMAT_OFFSET = 24;
/** Every sub-format that has a format tag is that tag followed by these bytes (KSDATAFORMAT_SUBTYPE_…). */
const SUB_FORMAT_TAIL = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];

const COEFFICIENT_COUNT_OFFSET = 20;
const COEFFICIENT_PAIR_BYTES = 4;

/** The fields all forms share. */
interface CommonFields {
	readonly channels: number;
	readonly sampleRate: number;
	readonly bytesPerSecond: number;
	readonly blockBytes: number;
	readonly bits: number;
}

/** The format tag; in the extensible form it is part of the sub-format's identifier. */
function formatTag(view: DataView, littleEndian: boolean): number {
	const tag = view.getUint16(0, littleEndian);
	if (tag !== FORMAT_EXTENSIBLE) return tag;
	// Some writers claim the extensible form and leave out its fields; what they write is plain PCM.
	if (view.byteLength < WAVEFORMATEXTENSIBLE_BYTES) return FORMAT_PCM;

	const hasTag = SUB_FORMAT_TAIL.every((byte, i) => view.getUint8(SUB_FORMAT_OFFSET + 2 + i) === byte);
	if (!hasTag) {
		throw new VoiceNoteError(
			'unsupported',
			'The WAV file uses a sub-format that is not supported',
			'Export the audio as plain PCM WAV, MP3, M4A or Ogg.',
		);
	}
	return view.getUint16(SUB_FORMAT_OFFSET, littleEndian);
}

/** The channel mask of the extensible form; 0 in the others. */
function channelMask(view: DataView, littleEndian: boolean): number {
	const isExtensible = view.getUint16(0, littleEndian) === FORMAT_EXTENSIBLE;
	return isExtensible && view.byteLength >= WAVEFORMATEXTENSIBLE_BYTES
		? view.getUint32(CHANNEL_MASK_OFFSET, littleEndian)
		: 0;
}

/**
 * Bytes of one sample. The block alignment may make it wider than its bits need (24 bits in 4 bytes), but that
 * field is often wrong: it is believed only if the byte rate agrees with it.
 */
function containerBytes(fields: CommonFields): number {
	const needed = Math.ceil(fields.bits / 8);
	const stated = fields.blockBytes / fields.channels;
	const agrees = fields.bytesPerSecond === fields.blockBytes * fields.sampleRate;
	return Number.isInteger(stated) && stated >= needed && agrees ? stated : needed;
}

function sampleFormat(tag: number, fields: CommonFields, littleEndian: boolean): SampleFormat {
	if (tag === FORMAT_ALAW || tag === FORMAT_MULAW) {
		return { ...(tag === FORMAT_ALAW ? PCM_CODINGS.alaw : PCM_CODINGS.mulaw), littleEndian };
	}
	const bytesPerSample = containerBytes(fields);
	const bits = fields.bits === 0 ? 8 * bytesPerSample : fields.bits;
	if (tag === FORMAT_IEEE_FLOAT) return pcmFormat('float', bits, littleEndian, bytesPerSample);
	// In WAVE, 8-bit samples are unsigned and all others are signed.
	return pcmFormat(bytesPerSample === 1 ? 'uint' : 'int', bits, littleEndian, bytesPerSample);
}

/** The predictors that an MS ADPCM header lists, or the standard ones if its list is too short or cut off. */
function msCoefficients(view: DataView, littleEndian: boolean): readonly MsAdpcmCoefficients[] {
	const tableStart = COEFFICIENT_COUNT_OFFSET + 2;
	if (view.byteLength < tableStart) return MS_ADPCM_COEFFICIENTS;
	const stated = view.getUint16(COEFFICIENT_COUNT_OFFSET, littleEndian);
	const present = Math.floor((view.byteLength - tableStart) / COEFFICIENT_PAIR_BYTES);
	if (stated > present || stated < MS_ADPCM_COEFFICIENTS.length) return MS_ADPCM_COEFFICIENTS;
	return Array.from({ length: stated }, (_, i): MsAdpcmCoefficients => {
		const at = tableStart + i * COEFFICIENT_PAIR_BYTES;
		return [view.getInt16(at, littleEndian), view.getInt16(at + 2, littleEndian)];
	});
}

function coding(tag: number, fields: CommonFields, view: DataView, littleEndian: boolean): WavCoding {
	const isAdpcm = tag === FORMAT_IMA_ADPCM || tag === FORMAT_MS_ADPCM;
	if (isAdpcm && (!littleEndian || fields.bits !== 4)) {
		throw new VoiceNoteError(
			'unsupported',
			`The WAV file holds ${fields.bits}-bit ADPCM${littleEndian ? '' : ' in big-endian order'}`,
			'Only 4-bit little-endian ADPCM can be read. Export the audio as PCM WAV, MP3, M4A or Ogg.',
		);
	}
	switch (tag) {
		case FORMAT_PCM:
		case FORMAT_IEEE_FLOAT:
		case FORMAT_ALAW:
		case FORMAT_MULAW:
			return { kind: 'samples', sampleFormat: sampleFormat(tag, fields, littleEndian) };
		case FORMAT_IMA_ADPCM:
			return { kind: 'imaAdpcm', blockBytes: fields.blockBytes };
		case FORMAT_MS_ADPCM:
			return {
				kind: 'msAdpcm',
				blockBytes: fields.blockBytes,
				coefficients: msCoefficients(view, littleEndian),
			};
		case FORMAT_GSM:
			return gsmCoding(fields);
		case FORMAT_MPEG:
		case FORMAT_MPEG_LAYER_3:
			return { kind: 'framed', stream: 'mp3' };
		case FORMAT_ADTS:
			return { kind: 'framed', stream: 'adts' };
		default:
			throw new VoiceNoteError(
				'unsupported',
				`The WAV file holds ${codecName(tag)}, which is not supported inside WAV`,
				'Export the audio as PCM WAV, MP3, M4A or Ogg.',
			);
	}
}

/** GSM 6.10, which is one channel in blocks of two frames. */
function gsmCoding({ channels, blockBytes }: CommonFields): WavCoding {
	if (channels === 1 && blockBytes === GSM_IN_65_BYTES.blockBytes) return { kind: 'gsm' };
	throw new VoiceNoteError(
		'unsupported',
		`The WAV file holds GSM 6.10 with ${channels} channels in blocks of ${blockBytes} bytes, which is not supported`,
		'Export the audio as PCM WAV, MP3, M4A or Ogg.',
	);
}

/**
 * Reads the contents of a `fmt ` chunk.
 *
 * @throws {VoiceNoteError} `corrupt` if it is too short or states impossible numbers, `unsupported` for a codec that is
 *   not read inside WAV.
 */
export function parseFormatChunk(contents: Uint8Array, littleEndian: boolean): WavFormat {
	if (contents.length < WAVEFORMAT_BYTES) {
		throw new VoiceNoteError('corrupt', 'The WAV header is cut off or damaged', 'Export or download the file again.');
	}
	const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
	const tag = formatTag(view, littleEndian);
	const fields: CommonFields = {
		channels: view.getUint16(2, littleEndian),
		sampleRate: view.getUint32(4, littleEndian),
		bytesPerSecond: view.getUint32(8, littleEndian),
		blockBytes: view.getUint16(12, littleEndian),
		bits: contents.length < PCMWAVEFORMAT_BYTES ? 0 : view.getUint16(14, littleEndian),
	};
	checkStreamShape('WAV', fields.channels, fields.sampleRate);
	const wavCoding = coding(tag, fields, view, littleEndian);
	return {
		coding: wavCoding,
		channels: fields.channels,
		sampleRate: fields.sampleRate,
		bytesPerSecond:
			wavCoding.kind === 'samples'
				? wavCoding.sampleFormat.bytesPerSample * fields.channels * fields.sampleRate
				: fields.bytesPerSecond,
		layout: speakersOf(fields.channels, channelMask(view, littleEndian)),
	};
}
