import type { INodeProperties } from 'n8n-workflow';

import { fileNameOption, mediaSourceFields } from '../media/mediaSource.fields';
import { sendingLineFields } from '../../parameters/locators';
import { groupedOptions } from '../../parameters/optionGroups';
import { SENT_OUTPUT } from '../../parameters/messageOutput';
import { outputFormFields } from '../../parameters/outputForm';
import { shownFor } from '../../parameters/displayOptions';
import { contentField, messageOptions, recipientFields } from '../../parameters/message.fields';

const effect: INodeProperties = {
	displayName: 'Effect',
	name: 'sendStyle',
	type: 'options',
	options: [
		{ name: 'Balloons', value: 'balloons' },
		{ name: 'Celebration', value: 'celebration' },
		{ name: 'Confetti', value: 'confetti' },
		{ name: 'Echo', value: 'echo' },
		{ name: 'Fireworks', value: 'fireworks' },
		{ name: 'Gentle', value: 'gentle' },
		{ name: 'Invisible Ink', value: 'invisible' },
		{ name: 'Lasers', value: 'lasers' },
		{ name: 'Loud', value: 'loud' },
		{ name: 'Love', value: 'love' },
		{ name: 'Shooting Star', value: 'shooting_star' },
		{ name: 'Slam', value: 'slam' },
		{ name: 'Spotlight', value: 'spotlight' },
	],
	default: 'celebration',
	description:
		'The effect the message arrives with. Shown in iMessage only; SMS messages arrive without it. Documented for single recipients.',
};

const options = groupedOptions([
	messageOptions.deduplicationKey,
	messageOptions.deduplicationWindowHours,
	messageOptions.defaultCountry,
	effect,
	fileNameOption,
	messageOptions.ifNeverReplied,
	messageOptions.messagesPerSecond,
	{
		displayName: 'Re-Host',
		name: 'rehost',
		type: 'boolean',
		default: true,
		description:
			'Whether to download a media URL and upload the file to Sendblue even if Sendblue could use the address as it is',
	},
	messageOptions.replyTo,
	messageOptions.seatId,
	messageOptions.shareContactCard,
	messageOptions.statusCallback,
	messageOptions.typingSeconds,
	messageOptions.waitForDelivery,
	messageOptions.allowance,
]);

/** The fields of Send Message. */
export const sendFields: INodeProperties[] = shownFor('message', 'send', [
	...sendingLineFields,
	...recipientFields,
	{
		...contentField,
		typeOptions: { rows: 4 },
		description: 'The text of the message. May be left empty if media is sent.',
	},
	...mediaSourceFields,
	...outputFormFields(SENT_OUTPUT),
	...options,
]);
