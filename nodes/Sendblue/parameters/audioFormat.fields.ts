import type { INodeProperties } from 'n8n-workflow';

/** The formats a voice note is turned into. */
export const FORMAT_OPTIONS = [
	{
		name: 'MP3',
		value: 'mp3',
		description: 'Small, mono, 24 kHz: played everywhere',
	},
	{
		name: 'Ogg Opus',
		value: 'ogg',
		description: 'Small, and without loss if the voice note is Opus, as those of iPhones are',
	},
	{
		name: 'WAV',
		value: 'wav',
		description: 'Uncompressed, mono, 16 bit: read by every service',
	},
];

/** The sampling rate of a WAV file. */
export const sampleRateField: INodeProperties = {
	displayName: 'Sample Rate',
	name: 'sampleRate',
	type: 'options',
	options: [
		{ name: '16 kHz', value: 16_000, description: 'What speech-to-text services work with' },
		{ name: '24 kHz', value: 24_000, description: 'All that the voice notes of iPhones hold' },
	],
	default: 16_000,
	description: 'How many samples per second the WAV file has',
};
