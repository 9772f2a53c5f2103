import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_FILE_NAME } from '../../n8n/binaryOutput';
import { DEFAULT_BITRATE, MAX_BITRATE, MIN_BITRATE } from '../../voiceNote/limits';

/** The fields that say where the audio comes from; the same for every operation on voice notes. */
export const audioSourceFields: INodeProperties[] = [
	{
		displayName: 'Audio Source',
		name: 'audioSource',
		type: 'options',
		options: [
			{
				name: 'Binary File',
				value: 'binary',
				description: 'A file that comes with the input item, for example from a text-to-speech or chat node',
			},
			{
				name: 'URL',
				value: 'url',
				description: 'A file on the web, which n8n downloads',
			},
		],
		default: 'binary',
		description: 'Where the audio comes from',
	},
	{
		displayName: 'Input Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the input field that holds the audio, or an expression that returns the file',
		description:
			'The audio to use: MP3, WAV, Ogg, WebM, CAF and others are recognized by their content. A name of a field, or an expression that returns the file, such as {{ $binary.data }}.',
		displayOptions: { show: { audioSource: ['binary'] } },
	},
	{
		displayName: 'Audio URL',
		name: 'audioUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/Greeting.mp3',
		description: 'The address the audio is downloaded from, with http or https and without a login',
		displayOptions: { show: { audioSource: ['url'] } },
	},
];

/** The options that shape the voice note; the same for every operation that makes one. */
export const voiceNoteOptions = {
	alwaysReencode: {
		displayName: 'Always Re-Encode',
		name: 'alwaysReencode',
		type: 'boolean',
		default: false,
		description:
			'Whether to decode and encode even audio that is Opus already. By default such audio is moved into the voice note without loss.',
	},
	bitrate: {
		displayName: 'Bitrate (Kb/s)',
		name: 'bitrate',
		type: 'number',
		typeOptions: { minValue: MIN_BITRATE, maxValue: MAX_BITRATE },
		default: DEFAULT_BITRATE,
		description: 'How many kilobits per second the audio takes where it is encoded. 24 is good for speech.',
	},
	fileName: {
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: DEFAULT_FILE_NAME,
		placeholder: 'e.g. AudioMessage.caf',
		description: 'The name of the voice note. It ends in .caf, and spaces are replaced.',
	},
	leadingSilence: {
		displayName: 'Leading Silence (Ms)',
		name: 'leadingSilence',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10_000 },
		default: 150,
		description:
			'How many milliseconds of silence to put in front of the audio. 150 helps where the first word is clipped.',
	},
	maximumDuration: {
		displayName: 'Maximum Duration (Seconds)',
		name: 'maximumDuration',
		type: 'number',
		typeOptions: { minValue: 0.1, numberPrecision: 1 },
		default: 60,
		description: 'How long a voice note may be. What happens to longer audio, the option When Longer says.',
	},
	normaliseLoudness: {
		displayName: 'Normalise Loudness',
		name: 'normaliseLoudness',
		type: 'boolean',
		default: false,
		description: 'Whether to bring the audio to an even loudness (−16 LUFS), so that quiet recordings can be heard well',
	},
	trimSilence: {
		displayName: 'Trim Silence',
		name: 'trimSilence',
		type: 'boolean',
		default: false,
		description: 'Whether to cut off silence at the start and at the end. Pauses inside are kept.',
	},
} satisfies Record<string, INodeProperties>;

const FAIL_WHEN_LONGER = { name: 'Fail', value: 'fail', description: 'Stop with a message' };
const CUT_WHEN_LONGER = { name: 'Cut', value: 'cut', description: 'Cut it off with a short fade' };
const SPLIT_WHEN_LONGER = { name: 'Split', value: 'split', description: 'Make several voice notes, each an item of its own' };

/** What happens to audio longer than *Maximum Duration*. A message is one note, so only a conversion may split. */
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

/** Options in the order in which n8n shows them, by their names. */
export function orderedByName(options: INodeProperties[]): INodeProperties[] {
	return [...options].sort((a, b) => a.displayName.localeCompare(b.displayName));
}
