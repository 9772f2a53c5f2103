import type { INodeProperties } from 'n8n-workflow';

import { sendingLineFields } from '../../parameters/locators';
import { groupedOptions } from '../../parameters/optionGroups';
import { SENT_OUTPUT } from '../../parameters/messageOutput';
import { outputFormFields } from '../../parameters/outputForm';
import { shownFor } from '../../parameters/displayOptions';
import { contentField, messageOptions, recipientFields } from '../../parameters/message.fields';
import { audioSourceFields, outputField, voiceNoteOptions, whenLonger } from './audioSource.fields';

const playableCopy: INodeProperties = {
	...voiceNoteOptions.playableCopy,
	description: `${voiceNoteOptions.playableCopy.description} Used only with the option Include CAF.`,
};

const options = groupedOptions([
	...Object.values({ ...voiceNoteOptions, playableCopy }),
	...Object.values(messageOptions),
	whenLonger(false),
	{
		displayName: 'Include CAF',
		name: 'includeCaf',
		type: 'boolean',
		default: true,
		description:
			'Whether to put the voice note that was sent on the output item as a file (CAF, the format of Apple voice notes)',
	},
	{
		displayName: 'Re-Host',
		name: 'rehost',
		type: 'boolean',
		default: true,
		description:
			'Whether to upload to Sendblue even a valid voice note that is at a public URL ending in .caf. By default such a URL is checked and sent as it is.',
	},
	{ ...outputField, hint: 'Used with the option Include CAF' },
]);

/** The fields of Send Voice Note. */
export const sendFields: INodeProperties[] = shownFor('voiceNote', 'send', [
	...sendingLineFields,
	...recipientFields,
	...audioSourceFields,
	{
		...contentField,
		description: 'Text that goes along with the voice note, in a bubble of its own. May be left empty.',
	},
	...outputFormFields(SENT_OUTPUT),
	...options,
	// It stood here before it became an option, and is still read.
	{ ...outputField, type: 'hidden', default: '' },
]);
