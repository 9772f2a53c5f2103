import type { INodeProperties } from 'n8n-workflow';

import { fromField } from '../../parameters/locators';
import { shownFor } from '../../parameters/shownFor';
import { contentField, messageOptions, recipientFields } from '../../parameters/message.fields';
import { audioSourceFields, orderedByName, outputField, voiceNoteOptions, whenLonger } from './audioSource.fields';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: orderedByName([
		...Object.values(voiceNoteOptions),
		...Object.values(messageOptions),
		whenLonger(false),
		{
			displayName: 'Include CAF',
			name: 'includeCaf',
			type: 'boolean',
			default: false,
			description: 'Whether to put the voice note that was sent on the output item as a file',
		},
		{
			displayName: 'Re-Host',
			name: 'rehost',
			type: 'boolean',
			default: false,
			description:
				'Whether to upload to Sendblue even a valid voice note that is at a public URL ending in .caf. By default such a URL is checked and sent as it is.',
		},
	]),
};

/** The fields of Send Voice Note. */
export const sendFields: INodeProperties[] = shownFor('voiceNote', 'send', [
	fromField,
	...recipientFields,
	...audioSourceFields,
	{
		...contentField,
		description: 'Text that goes along with the voice note, in a bubble of its own. May be left empty.',
	},
	options,
	// Always shown: n8n drops fields whose display depends on a value within a collection.
	{ ...outputField, hint: 'Used only with the option Include CAF' },
]);
