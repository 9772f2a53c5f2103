/** The settings of a conversion: the options in the editor, and how they are read. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { DEFAULT_FILE_NAME } from '../../n8n/binaryOutput';
import { inItem, shownValue } from '../../n8n/wording';
import { DEFAULT_BITRATE, MAX_BITRATE, MIN_BITRATE } from '../../voiceNote/limits';
import type { RawSampleFormat, MaximumDuration, VoiceNoteOptions } from '../../voiceNote/types';

/** The sample formats in which services return raw PCM. */
const RAW_FORMATS = [
	{ name: '16-Bit, Little-Endian', value: 's16le', description: 'ElevenLabs pcm_*, OpenAI pcm, Gemini' },
	{ name: '16-Bit, Big-Endian', value: 's16be' },
	{ name: '24-Bit, Little-Endian', value: 's24le' },
	{ name: '32-Bit Float, Little-Endian', value: 'f32le' },
	{ name: '8-Bit, Unsigned', value: 'u8' },
	{ name: 'A-Law', value: 'alaw', description: 'Telephony in Europe' },
	{ name: 'µ-Law', value: 'mulaw', description: 'Telephony in North America, Twilio' },
];
/** The rate at which most text-to-speech services return PCM, in Hz. */
const DEFAULT_RAW_SAMPLE_RATE = 24_000;

/** The options that shape the voice note; the same for every operation that makes one. */
export const voiceNoteOptions = {
	alwaysReencode: {
		displayName: 'Always Re-Encode',
		name: 'alwaysReencode',
		type: 'boolean',
		default: true,
		description:
			'Whether to decode and encode even audio that is Opus already. By default such audio is moved into the voice note without loss.',
	},
	audioTrack: {
		displayName: 'Audio Track',
		name: 'audioTrack',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'Which audio track of a video to use if there are several, counted from 1',
	},
	bitrate: {
		displayName: 'Bitrate',
		hint: 'kb/s',
		name: 'bitrate',
		type: 'number',
		typeOptions: { minValue: MIN_BITRATE, maxValue: MAX_BITRATE },
		default: DEFAULT_BITRATE,
		description:
			'The bitrate of the encoded audio, in kilobits per second. 32 is good for speech, 24 makes smaller files.',
	},
	engine: {
		displayName: 'Engine',
		name: 'engine',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description: 'The built-in decoders; FFmpeg for other formats, if it is installed next to n8n',
			},
			{ name: 'Built-In', value: 'builtIn', description: 'Only the decoders that come with this node' },
			{ name: 'FFmpeg', value: 'ffmpeg', description: 'Only FFmpeg, which must be installed next to n8n' },
		],
		default: 'automatic',
		description: 'What decodes the audio. The built-in decoders read all common formats.',
	},
	fileName: {
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: DEFAULT_FILE_NAME,
		placeholder: 'e.g. AudioMessage.caf',
		description:
			'The name of the voice note. It ends in .caf, the extension of Apple voice notes, and spaces are replaced.',
	},
	leadingSilence: {
		displayName: 'Leading Silence',
		hint: 'ms',
		name: 'leadingSilence',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10_000 },
		default: 150,
		description:
			'How many milliseconds of silence to put in front of the audio. 150 helps if the first word is clipped.',
	},
	maximumDuration: {
		displayName: 'Maximum Duration (Seconds)',
		name: 'maximumDuration',
		type: 'number',
		typeOptions: { minValue: 0.1, numberPrecision: 1 },
		default: 60,
		description: 'The longest a voice note may be. The option When Longer says what happens to longer audio.',
	},
	normaliseLoudness: {
		displayName: 'Normalize Loudness',
		name: 'normaliseLoudness',
		type: 'boolean',
		default: true,
		description:
			'Whether to bring the audio to a standard loudness (−16 LUFS), so that quiet recordings are easy to hear',
	},
	playableCopy: {
		displayName: 'Add Playable Copy',
		name: 'playableCopy',
		type: 'boolean',
		default: true,
		description:
			'Whether to put the voice note on the output item as an MP3 too, in the field "playable". Unlike CAF, the format of Apple voice notes, it plays in n8n, in every browser and on every phone.',
	},
	rawFormat: {
		displayName: 'Raw PCM Format',
		name: 'rawFormat',
		type: 'options',
		options: RAW_FORMATS,
		default: 's16le',
		description:
			'The format of the samples, for raw PCM without a header as some text-to-speech services return it. Ignored for files that have a header.',
	},
	rawSampleRate: {
		displayName: 'Raw PCM Sample Rate (Hz)',
		name: 'rawSampleRate',
		type: 'number',
		default: DEFAULT_RAW_SAMPLE_RATE,
		description: 'How many samples per second raw PCM has; used with the option Raw PCM Format',
	},
	rawChannels: {
		displayName: 'Raw PCM Channels',
		name: 'rawChannels',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'How many channels raw PCM has; used with the option Raw PCM Format',
	},
	trimSilence: {
		displayName: 'Trim Silence',
		name: 'trimSilence',
		type: 'boolean',
		default: true,
		description: 'Whether to trim silence at the start and at the end. Pauses in between are kept.',
	},
} satisfies Record<string, INodeProperties>;

const FAIL_WHEN_LONGER = { name: 'Fail', value: 'fail', description: 'Fail with an error' };
const CUT_WHEN_LONGER = { name: 'Cut', value: 'cut', description: 'Cut it off with a short fade' };
const SPLIT_WHEN_LONGER = {
	name: 'Split',
	value: 'split',
	description: 'Make several voice notes, one item each; the last is at least 1 s long (or half the maximum)',
};

/**
 * The option for audio longer than *Maximum Duration*. A message carries one note, so only *Convert to CAF* offers to
 * split.
 */
export function whenLonger(maySplit: boolean): INodeProperties {
	return {
		displayName: 'When Longer',
		name: 'whenLonger',
		type: 'options',
		options: [CUT_WHEN_LONGER, FAIL_WHEN_LONGER, ...(maySplit ? [SPLIT_WHEN_LONGER] : [])],
		default: 'fail',
		description: 'What to do with audio that is longer than the option Maximum Duration allows',
	};
}

/** Where a finished voice note goes on the output item. */
export const outputField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputBinaryPropertyName',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	description: 'The field of the output item that the voice note is put in',
};

/** The user's settings for the conversion. */
export type ConversionSettings = Pick<
	VoiceNoteOptions,
	| 'alwaysReencode'
	| 'audioTrack'
	| 'bitrate'
	| 'engine'
	| 'leadingSilenceMs'
	| 'maximumDuration'
	| 'normaliseLoudness'
	| 'playableCopy'
	| 'rawFormat'
	| 'trimSilence'
>;

/** The values of *When Longer*. */
const WHEN_LONGER = ['cut', 'fail', 'split'] as const satisfies ReadonlyArray<MaximumDuration['onExceed']>;

/**
 * Reads the options that shape a voice note.
 *
 * @throws {NodeOperationError} if *Bitrate* is out of range, or *When Longer* has an unknown value
 */
export function conversionSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
): ConversionSettings {
	return {
		bitrate: bitrateOf(context, itemIndex, options.bitrate),
		alwaysReencode: options.alwaysReencode === true,
		audioTrack: options.audioTrack === undefined ? undefined : Number(options.audioTrack),
		engine: options.engine as ConversionSettings['engine'],
		leadingSilenceMs: Number(options.leadingSilence ?? 0),
		maximumDuration: maximumDurationOf(context, itemIndex, options),
		normaliseLoudness: options.normaliseLoudness === true,
		playableCopy: options.playableCopy === true,
		rawFormat: rawFormatOf(options),
		trimSilence: options.trimSilence === true,
	};
}

/** Whether the settings change the audio, so that a finished note cannot be used as it is. */
export function changesAudio({
	leadingSilenceMs,
	maximumDuration,
	normaliseLoudness,
	trimSilence,
}: ConversionSettings): boolean {
	return normaliseLoudness === true || trimSilence === true || maximumDuration !== undefined || leadingSilenceMs !== 0;
}

function bitrateOf(context: IExecuteFunctions, itemIndex: number, value: unknown): number {
	const bitrate = Number(value ?? DEFAULT_BITRATE);
	if (bitrate >= MIN_BITRATE && bitrate <= MAX_BITRATE) return bitrate;
	throw new NodeOperationError(
		context.getNode(),
		`'Bitrate' must be a number from ${MIN_BITRATE} to ${MAX_BITRATE}, but is ${shownValue(value)} ${inItem(itemIndex)}`,
		{
			itemIndex,
			description: `Enter kilobits per second, or leave the option out for ${DEFAULT_BITRATE}, which is good for speech.`,
		},
	);
}

/** An unknown value is refused, since a guess could cut off speech. */
function maximumDurationOf(
	context: IExecuteFunctions,
	itemIndex: number,
	{ maximumDuration, whenLonger = 'fail' }: IDataObject,
): MaximumDuration | undefined {
	const onExceed = WHEN_LONGER.find((choice) => choice === whenLonger);
	if (onExceed === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`'When Longer' has an unknown value: ${shownValue(whenLonger)} ${inItem(itemIndex)}`,
			{ itemIndex, description: `In an expression, return one of: ${WHEN_LONGER.join(', ')}.` },
		);
	}
	return maximumDuration === undefined ? undefined : { seconds: Number(maximumDuration), onExceed };
}

/**
 * The raw PCM format that the options describe. Options left out default to what most text-to-speech services return.
 */
function rawFormatOf({ rawChannels = 1, rawFormat, rawSampleRate }: IDataObject): ConversionSettings['rawFormat'] {
	if (rawFormat === undefined && rawSampleRate === undefined) return undefined;
	const sampleFormat = (rawFormat ?? 's16le') as RawSampleFormat;
	return { sampleFormat, sampleRate: Number(rawSampleRate ?? DEFAULT_RAW_SAMPLE_RATE), channels: Number(rawChannels) };
}
