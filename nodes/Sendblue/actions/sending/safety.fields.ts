import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_WINDOW_HOURS, MAX_WAIT_SECONDS } from './safety';

/** The options that keep sends from being repeated, wasted or lost sight of. */
export const safetyOptions = {
	allowance: {
		displayName: "When the Line's Allowance Is Used Up",
		name: 'allowance',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'fail', description: 'The item fails with the time the next slot opens' },
			{ name: 'Send Anyway', value: 'send', description: 'The allowance is not looked at' },
			{
				name: 'Skip',
				value: 'skip',
				description: 'The item is not sent; its output says why and when the next slot opens',
			},
		],
		default: 'send',
		description:
			'What to do with a person the line has not talked with lately, when Sendblue allows the line no more new contacts for now. Groups are not counted.',
	},
	deduplicationKey: {
		displayName: 'Avoid Duplicates',
		name: 'deduplicationKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.eventId }}',
		description:
			'What stands for this message to this recipient, such as the ID of the CRM event. A message with the same key is not sent a second time, not in this execution and not in a later one: the one sent before is returned.',
	},
	deduplicationWindowHours: {
		displayName: 'Avoid Duplicates Within (Hours)',
		name: 'deduplicationWindowHours',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: DEFAULT_WINDOW_HOURS,
		description:
			'Used with Avoid Duplicates, for what carries no key at Sendblue: a URL that is sent as it is, or text alone. The same URL or text to the same recipient counts as sent for so long.',
	},
	ifNoIMessage: {
		displayName: 'If Recipient Has No iMessage',
		name: 'ifNoIMessage',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'fail', description: 'The item fails' },
			{
				name: 'Send Audio as Attachment',
				value: 'attachment',
				description: 'The audio goes out as the file it is, which other phones can play',
			},
			{ name: 'Send Text Only', value: 'text', description: 'The text goes out without the voice note' },
			{ name: 'Send Voice Note Anyway', value: 'send', description: 'Whether the person has iMessage is not asked' },
			{ name: 'Skip', value: 'skip', description: 'The item is not sent; its output says why' },
		],
		default: 'send',
		description:
			'What to do for a person without iMessage, whose phone may not play a voice note. Sendblue is asked once per number; where it cannot tell, the voice note is sent. Groups are not checked.',
	},
	waitForDelivery: {
		displayName: 'Wait for Delivery (Seconds)',
		name: 'waitForDelivery',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_WAIT_SECONDS },
		default: 60,
		description:
			'How long to wait until the message is delivered or has failed. The output holds the last status seen, which may still be on its way.',
	},
} satisfies Record<string, INodeProperties>;
