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
} satisfies Record<string, INodeProperties>;

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
