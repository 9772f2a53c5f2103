/** The user's input for a message: sender, recipients, text, and how it is sent. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { shownValue } from '../n8n/wording';
import { SendblueInputError } from '../sendblue/errors';
import { DEFAULT_PER_SECOND, MAX_TEXT_LENGTH } from '../sendblue/limits';
import { checkPublicUrl } from '../sendblue/urls';
import type { SendGroupMessageBody, SendMessageBody } from '../sendblue/resources/messages';
import { type DefaultLine, fromLine, groupId, groupNumbers, phoneNumber, plainText, textOf } from './values';

/** The request body of a message, complete except for its media. */
export type MessageDraft = SendMessageBody | SendGroupMessageBody;

/**
 * Reads and checks sender, recipients and text, before anything is converted or uploaded.
 *
 * @param baseUrl of the API; if it is loopback, loopback callbacks are allowed.
 * @throws {SendblueInputError} if a value is invalid
 */
export async function messageDraft(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	baseUrl: string,
	account: DefaultLine,
): Promise<MessageDraft> {
	const fromNumber = await fromLine(context, itemIndex, options, account);
	const text = plainText('Text', context.getNodeParameter('content', itemIndex, ''));
	if (text.length > MAX_TEXT_LENGTH) {
		throw new SendblueInputError(
			`'Text' has ${text.length} characters; Sendblue takes up to ${MAX_TEXT_LENGTH}.`,
			'Shorten the text or send it in several messages.',
		);
	}
	const callback = textOf(options.statusCallback);
	if (callback !== '') checkPublicUrl(callback, "'Status Callback URL'", { baseUrl });
	const replyTo = textOf(options.replyTo);
	const seat = textOf(options.seatId);

	const common = {
		from_number: fromNumber,
		...(text === '' ? {} : { content: text }),
		...(callback === '' ? {} : { status_callback: callback }),
		...(seat === '' ? {} : { seat_id: seat }),
		...(replyTo === '' ? {} : { reply_to: { message_handle: replyTo } }),
	};
	// Sendblue's SDK requires `content` in group messages; it may be empty.
	const toGroup = { ...common, content: text };
	const parameter = (name: string): unknown => context.getNodeParameter(name, itemIndex, '');
	switch (context.getNodeParameter('recipientType', itemIndex, 'number')) {
		case 'group':
			return { ...toGroup, group_id: groupId(parameter('groupId')) };
		case 'numbers':
			return { ...toGroup, numbers: await groupNumbers(parameter('numbers'), options) };
		default:
			return { ...common, number: await phoneNumber('To', parameter('to'), options) };
	}
}

/** The default of *Avoid Duplicates Within*: how long an untagged message counts as sent, in hours. */
export const DEFAULT_WINDOW_HOURS = 24;

/** The longest wait for a delivery, in seconds. */
export const MAX_WAIT_SECONDS = 600;

/** The longest that the typing indicator is shown before a message, in seconds. */
export const MAX_TYPING_SECONDS = 60;

const HOUR_MS = 3_600_000;

const ALLOWANCE_CHOICES = ['send', 'skip', 'fail'] as const;

const NEVER_REPLIED_CHOICES = ['send', 'text', 'skip', 'fail'] as const;

const NO_IMESSAGE_CHOICES = ['send', 'mp3', 'attachment', 'text', 'skip', 'fail'] as const;

/** The user's settings for a send: duplicates, limits, and the forms in which it goes out. */
export interface SendSettings {
	/** Undefined if duplicates are not avoided. */
	deduplicationKey?: string;
	deduplicationWindowMs: number;
	allowance: (typeof ALLOWANCE_CHOICES)[number];
	ifNoIMessage: (typeof NO_IMESSAGE_CHOICES)[number];
	ifNeverReplied: (typeof NEVER_REPLIED_CHOICES)[number];
	/** Whether the line's contact card is shared with the message. */
	shareContactCard: boolean;
	/** How long the typing indicator is shown before the message, in milliseconds. */
	typingMs: number;
}

/**
 * Reads the options that all sending operations share.
 *
 * @throws {SendblueInputError} if a value is not one of those offered, since guessing could send too much
 */
export function sendSettings(options: IDataObject): SendSettings {
	const key = plainText('Avoid Duplicates', options.deduplicationKey);
	// An expression that found nothing must not make all messages count as one.
	if ('deduplicationKey' in options && (key === '' || key === 'undefined' || key === 'null')) {
		throw new SendblueInputError(
			"'Avoid Duplicates' is empty for this item.",
			'The expression must give a value of its own for each message. Remove the option to send without it.',
			'emptyValue',
		);
	}
	const hours = Number(options.deduplicationWindowHours ?? DEFAULT_WINDOW_HOURS);
	if (!(hours >= 0)) {
		throw new SendblueInputError(
			`'Avoid Duplicates Within' is “${shownValue(options.deduplicationWindowHours)}”, which is not a number of hours.`,
			'Enter a number such as 24.',
		);
	}
	return {
		...(key === '' ? {} : { deduplicationKey: key }),
		deduplicationWindowMs: hours * HOUR_MS,
		allowance: oneOf("When the Line's Allowance Is Used Up", options.allowance, ALLOWANCE_CHOICES),
		ifNoIMessage: oneOf('If Recipient Has No iMessage', options.ifNoIMessage, NO_IMESSAGE_CHOICES),
		ifNeverReplied: oneOf('If Never Replied', options.ifNeverReplied, NEVER_REPLIED_CHOICES),
		shareContactCard: options.shareContactCard === true,
		typingMs: typingMs(options.typingSeconds),
	};
}

/** Messages per second and line. An invalid value counts as the default, which is a safe rate. */
export function messagesPerSecond(options: IDataObject): number {
	const rate = Number(options.messagesPerSecond);
	return rate > 0 ? rate : DEFAULT_PER_SECOND;
}

function typingMs(value: unknown): number {
	const seconds = Math.min(Number(value ?? 0), MAX_TYPING_SECONDS);
	return seconds > 0 ? seconds * 1000 : 0;
}

/** Milliseconds to wait for the delivery of a message; 0 not to wait. */
export function deliveryWaitMs(options: IDataObject): number {
	const seconds = Number(options.waitForDelivery ?? 0);
	return seconds > 0 ? Math.min(seconds, MAX_WAIT_SECONDS) * 1000 : 0;
}

/** The chosen value; the first choice is the default. */
function oneOf<T extends string>(parameter: string, value: unknown, choices: readonly [T, ...T[]]): T {
	const text = textOf(value);
	if (text === '') return choices[0];
	const choice = choices.find((candidate) => candidate === text);
	if (choice !== undefined) return choice;
	throw new SendblueInputError(`'${parameter}' is “${shownValue(text)}”.`, `Use one of: ${choices.join(', ')}.`);
}
