/** Raw PCM: samples without a header, whose format the caller knows, by a mime type or by a service's name for it. */
import type { RawPcmFormat, RawSampleFormat } from '../../types';
import { PCM_CODINGS } from '../../codecs/pcm/sampleFormat';
import { checkStreamShape } from '../../codecs/pcm/blockSource';
import { VoiceNoteError } from '../../errors';
import { isAdts } from '../adts/demuxAdts';
import { isMpegAudio } from '../mp3/mpegAudioFrames';
import { pcmTrack } from '../pcmTrack';
import { endOfBlank } from '../tags';
import type { AudioRequest, Container, Demuxed, Track } from '../track';

/** The names under which sample formats are offered; those of ffmpeg and of most text-to-speech APIs. */
export const RAW_SAMPLE_FORMATS: readonly RawSampleFormat[] = [
	's16le',
	's16be',
	's24le',
	's24be',
	's32le',
	's32be',
	'f32le',
	'f32be',
	'f64le',
	'f64be',
	's8',
	'u8',
	'mulaw',
	'alaw',
];

/** Whether a text names a sample format. */
function isRawSampleFormat(name: string): name is RawSampleFormat {
	return RAW_SAMPLE_FORMATS.some((format) => format === name);
}

/** The sample rate of telephony, in Hz: the default for µ-law and A-law. */
const TELEPHONE_RATE = 8000;

/**
 * Subtypes of `audio/`, without a leading `x-`, that imply the sample format; a parameter can change the byte order
 * of `L16` and `L24`.
 */
const SUBTYPE_FORMATS: Readonly<Record<string, RawSampleFormat | undefined>> = {
	l8: 'u8',
	l16: 's16le',
	l24: 's24le',
	linear16: 's16le',
	basic: 'mulaw',
	mulaw: 'mulaw',
	ulaw: 'mulaw',
	pcmu: 'mulaw',
	alaw: 'alaw',
	pcma: 'alaw',
};

/** Names of the parameter for the rate, in Hz. */
const RATE_PARAMETERS = [
	'rate',
	'samplerate',
	'sample-rate',
	'sample_rate',
	'sampleratehertz',
	'sample_rate_hertz',
	'clock-rate',
];

/** Subtypes that say "raw samples" and leave the rest to the parameters. */
const OPEN_SUBTYPES = ['pcm', 'lpcm', 'raw'];

/** The parameters of a mime type, names and values in lower case and without quotes. */
function parseParameters(parts: string[]): Map<string, string> {
	const parameters = new Map<string, string>();
	for (const part of parts) {
		const [name, value = ''] = part.split('=');
		parameters.set(name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '').toLowerCase());
	}
	return parameters;
}

function firstOf(parameters: Map<string, string>, names: string[]): string | undefined {
	return names.map((name) => parameters.get(name)).find((value) => value !== undefined);
}

/** A whole number above 0, or undefined. */
function parseCount(text: string): number | undefined {
	return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function isBigEndian(parameters: Map<string, string>): boolean {
	const order = firstOf(parameters, ['endian', 'endianness', 'byte-order', 'byteorder']) ?? '';
	return order.startsWith('big') || order === 'be';
}

function withByteOrder(name: string, bigEndian: boolean): string {
	return bigEndian ? name.replace(/le$/, 'be') : name;
}

/** The sample format that the parameters of an open subtype describe; 16-bit signed by default. */
function formatFromParameters(parameters: Map<string, string>): string {
	const encoding = firstOf(parameters, ['encoding', 'format']) ?? 'signed-int';
	if (/^(x-)?(mu|u)-?law$/.test(encoding)) return 'mulaw';
	if (/^(x-)?a-?law$/.test(encoding)) return 'alaw';
	const named = encoding.replace(/^pcm[_-]/, '');
	if (isRawSampleFormat(named)) return named;

	const isFloat = encoding.startsWith('float');
	const bits = firstOf(parameters, ['bits', 'bit-depth', 'bitdepth', 'samplesize']) ?? (isFloat ? '32' : '16');
	if (isFloat) return `f${bits}le`;
	if (bits === '8') return encoding.startsWith('unsigned') ? 'u8' : 's8';
	return `s${bits}le`;
}

/**
 * The format of raw PCM by its mime type, e.g. `audio/L16;rate=24000`, `audio/pcm;rate=16000;bits=16`,
 * `audio/x-mulaw`.
 *
 * In RFC 2586 and RFC 3190, L16 and L24 are big-endian, but those are about RTP: the text-to-speech APIs
 * that send this type over HTTP (Gemini among them) send little-endian samples. So that is the default, unless a
 * parameter (`endian=big`) says otherwise, or the samples do. 8 bits are unsigned in `L8` (RFC 3551).
 *
 * @returns Undefined if the type is not raw PCM, or does not say enough to read it (no rate).
 */
export function parsePcmMimeType(mimeType: string): RawPcmFormat | undefined {
	const [type, ...rest] = mimeType.split(/[;,]/);
	const subtype = pcmSubtype(type);
	if (subtype === undefined) return undefined;
	const fixed = SUBTYPE_FORMATS[subtype];
	const parameters = parseParameters(rest);
	const sampleFormat = withByteOrder(fixed ?? formatFromParameters(parameters), isBigEndian(parameters));
	if (!isRawSampleFormat(sampleFormat)) return undefined;

	const isTelephone = sampleFormat === 'mulaw' || sampleFormat === 'alaw';
	const statedRate = firstOf(parameters, RATE_PARAMETERS);
	const sampleRate = parseCount(statedRate ?? (isTelephone ? String(TELEPHONE_RATE) : ''));
	const channels = parseCount(parameters.get('channels') ?? '1');
	if (sampleRate === undefined || channels === undefined) return undefined;
	return { sampleFormat, sampleRate, channels };
}

/** Whether a mime type means raw PCM, even if it does not say enough to read it. */
export function isPcmMimeType(mimeType: string): boolean {
	return pcmSubtype(mimeType.split(/[;,]/)[0]) !== undefined;
}

/** The subtype of a mime type of raw PCM in lower case, without `x-`; undefined for other types. */
function pcmSubtype(type: string): string | undefined {
	const [, subtype] = /^audio\/(?:x-)?([a-z0-9.+-]+)$/.exec(type.trim().toLowerCase()) ?? [];
	if (subtype === undefined) return undefined;
	return Object.hasOwn(SUBTYPE_FORMATS, subtype) || OPEN_SUBTYPES.includes(subtype) ? subtype : undefined;
}

/** ElevenLabs, Cartesia and others: `pcm_24000`, `ulaw_8000`, `pcm_s16le_16000`, `pcm_f32le_44100`. */
const UNDERSCORE_NAME = /^(pcm|mulaw|ulaw|alaw)(?:_([suf]\d+(?:le|be)?))?_(\d{4,6})$/;

/** Azure: `raw-24khz-16bit-mono-pcm`, `raw-22050hz-16bit-mono-pcm`, `raw-8khz-8bit-mono-mulaw`. */
const HYPHEN_NAME = /^raw-(\d+)(k?)hz-(?:8|16)bit-mono-(pcm|mulaw|alaw)$/;

function familyFormat(family: string): RawSampleFormat {
	if (family === 'pcm') return 's16le';
	return family === 'alaw' ? 'alaw' : 'mulaw';
}

/**
 * The format of raw PCM by the name a text-to-speech service gives it, e.g. ElevenLabs' `output_format`
 * `pcm_24000` (16-bit, little-endian, mono) or `ulaw_8000`.
 *
 * @returns undefined if the name is not that of a raw format
 */
export function parsePcmFormatName(name: string): RawPcmFormat | undefined {
	const text = name.trim().toLowerCase();
	const underscored = UNDERSCORE_NAME.exec(text);
	if (underscored !== null) {
		const [, family, samples, rate] = underscored;
		const sampleFormat = samples ?? familyFormat(family);
		if (!isRawSampleFormat(sampleFormat)) return undefined;
		return { sampleFormat, sampleRate: Number(rate), channels: 1 };
	}
	const hyphened = HYPHEN_NAME.exec(text);
	if (hyphened === null) return undefined;
	const [, rate, kilo, family] = hyphened;
	return { sampleFormat: familyFormat(family), sampleRate: Number(rate) * (kilo === 'k' ? 1000 : 1), channels: 1 };
}

/**
 * Raw PCM. Only the caller knows its format: an explicit one has priority over the mime type. Bytes that begin with
 * several AAC or MP3 frames are not raw PCM: played as such they would be loud noise.
 */
export const rawPcm: Container = {
	probe: (bytes, request) => formatOf(request) !== undefined && !beginsWithFrames(bytes),
	demux(bytes, request): Demuxed {
		const stated = formatOf(request);
		// A mime type leaves open in which byte order the service sends its samples.
		const format = request.rawFormat ?? (stated && inLikelierOrder(bytes, stated));
		if (!format) throw new VoiceNoteError('notAudio', 'The sample format of the raw audio is not known');
		return { sourceFormat: 'pcm', tracks: [rawPcmTrack(bytes, format)], findings: [] };
	},
};

/** Samples that are compared, from the middle of the audio. */
const COMPARED_SAMPLES = 65_536;
/**
 * In the wrong byte order samples are noise, whose steps from sample to sample are much larger than those of sound. The
 * other order is taken if its steps are below this share of them.
 */
const CLEARLY_SMOOTHER = 0.25;

/** The format, with the other byte order if 16-bit samples are sound in that one and noise in the stated one. */
function inLikelierOrder(bytes: Uint8Array, format: RawPcmFormat): RawPcmFormat {
	const other = OTHER_ORDERS[format.sampleFormat];
	if (!other) return format;
	const [littleEndian, bigEndian] = [true, false].map((order) => steps(bytes, order, format.channels));
	const isLittle = format.sampleFormat === 's16le';
	const [stated, swapped] = isLittle ? [littleEndian, bigEndian] : [bigEndian, littleEndian];
	return swapped < CLEARLY_SMOOTHER * stated ? { ...format, sampleFormat: other } : format;
}

const OTHER_ORDERS: Readonly<Partial<Record<RawSampleFormat, RawSampleFormat>>> = { s16le: 's16be', s16be: 's16le' };

/** The sum of the steps from sample to sample of a channel. */
function steps(bytes: Uint8Array, littleEndian: boolean, channels: number): number {
	const frameBytes = 2 * channels;
	const frames = Math.floor(bytes.length / frameBytes);
	const compared = Math.min(frames, COMPARED_SAMPLES);
	const start = Math.floor((frames - compared) / 2) * frameBytes;
	const view = new DataView(bytes.buffer, bytes.byteOffset + start, compared * frameBytes);
	let sum = 0;
	for (let at = frameBytes; at < view.byteLength; at += frameBytes) {
		sum += Math.abs(view.getInt16(at, littleEndian) - view.getInt16(at - frameBytes, littleEndian));
	}
	return sum;
}

/** Refuses bytes that the caller calls raw PCM without saying enough to read them. */
export const undescribedPcm: Container = {
	probe: (_, { mimeType }) => mimeType !== undefined && isPcmMimeType(mimeType),
	demux(_, { mimeType }): Demuxed {
		throw new VoiceNoteError(
			'pcmFormatMissing',
			`This is raw PCM according to its type, ${mimeType}, which does not state the sample rate`,
			'Give the sample format, the sample rate and the number of channels.',
			'pcmFormat',
		);
	},
};

function formatOf({ mimeType, rawFormat }: AudioRequest): RawPcmFormat | undefined {
	return rawFormat ?? (mimeType === undefined ? undefined : parsePcmMimeType(mimeType));
}

/** Whether AAC or MP3 begins here, or after blank lines; raw PCM does not look like that by chance. */
function beginsWithFrames(bytes: Uint8Array): boolean {
	const audio = bytes.subarray(endOfBlank(bytes));
	return [bytes, audio].some((part) => isAdts(part) || isMpegAudio(part));
}

/**
 * The samples of raw PCM.
 *
 * @throws {VoiceNoteError} `badOption` if there is no such sample format; `corrupt` if the rate or the number of
 *   channels is impossible.
 */
export function rawPcmTrack(bytes: Uint8Array, { sampleFormat, sampleRate, channels }: RawPcmFormat): Track {
	if (!isRawSampleFormat(sampleFormat)) {
		throw new VoiceNoteError(
			'badOption',
			`'${String(sampleFormat)}' is not a sample format`,
			`Use one of ${RAW_SAMPLE_FORMATS.join(', ')}.`,
		);
	}
	checkStreamShape('raw PCM', channels, sampleRate);
	return pcmTrack({ name: 'pcm', sampleFormat: PCM_CODINGS[sampleFormat], channels, sampleRate }, bytes);
}
