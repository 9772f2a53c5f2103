import type { INodeProperties } from 'n8n-workflow';

import * as convertFromCaf from './convertFromCaf.operation';
import * as convertToCaf from './convertToCaf.operation';
import * as send from './send.operation';

/** The operations on voice notes, by the value of *Operation*. */
export const operations = {
	convertFromCaf: convertFromCaf.execute,
	convertToCaf: convertToCaf.execute,
	send: send.execute,
};

/** The checks that run on every item before the first one has an effect. */
export const checks = { send: send.check };

/** The fields of the resource Voice Note. */
export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['voiceNote'] } },
		options: [
			{
				name: 'Send Voice Note',
				value: 'send',
				action: 'Send voice note',
				description: 'Turn any audio into an Apple voice note and send it over iMessage',
			},
			{
				name: 'Convert to CAF',
				value: 'convertToCaf',
				action: 'Convert audio to voice note file',
				description: 'Turn any audio into the file of an Apple voice note (CAF, with Opus in it) without sending it',
			},
			{
				name: 'Convert From CAF',
				value: 'convertFromCaf',
				action: 'Convert voice note to MP3 or other audio',
				description: 'Turn a received voice note (CAF) into Ogg, MP3 or WAV, for speech-to-text and other software',
			},
		],
		default: 'send',
	},
	...convertFromCaf.description,
	...convertToCaf.description,
	...send.description,
];
