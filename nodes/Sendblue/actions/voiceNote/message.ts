import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { SendblueInputError } from '../../sendblue/errors';
import { checkPublicUrl } from '../../sendblue/mediaUrl';
import { toE164 } from '../../sendblue/phoneNumbers';
import type { SendGroupMessageBody, SendMessageBody } from '../../sendblue/types';

/** The longest text Sendblue takes, in characters. */
const MAX_TEXT_LENGTH = 18_996;

/** A message that lacks only its voice note. */
export type MessageDraft = SendMessageBody | SendGroupMessageBody;

/**
 * Reads who gets what from whom, and checks all of it, before anything is converted or uploaded.
 *
 * @param baseUrl of the API; where it is loopback, loopback callbacks are allowed.
 * @throws {SendblueInputError} where a value cannot be right.
 */
export async function messageDraft(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	baseUrl: string,
): Promise<MessageDraft> {
	const country = textOf(options.defaultCountry);
	const fromNumber = await named('From', lineNumber(context, itemIndex), country);
	const text = textOf(context.getNodeParameter('content', itemIndex, ''));
	if (text.length > MAX_TEXT_LENGTH) {
		throw new SendblueInputError(
			`'Text' has ${text.length} characters; Sendblue takes up to ${MAX_TEXT_LENGTH}.`,
			'Shorten the text or send it in several messages.',
		);
	}
	const callback = textOf(options.statusCallback);
	if (callback !== '') checkPublicUrl(callback, 'Status Callback URL', { baseUrl });
	const replyTo = textOf(options.replyTo);

	const common = {
		from_number: fromNumber,
		...(text === '' ? {} : { content: text }),
		...(callback === '' ? {} : { status_callback: callback }),
		...(replyTo === '' ? {} : { reply_to: { message_handle: replyTo } }),
	};
	if (context.getNodeParameter('recipientType', itemIndex, 'number') === 'group') {
		return { ...common, group_id: groupId(context, itemIndex) };
	}
	const to: unknown = context.getNodeParameter('to', itemIndex);
	return { ...common, number: await named('To', to, country) };
}

/** The number chosen or typed in *From*, as it stands there. */
export function lineNumber(context: IExecuteFunctions, itemIndex: number): unknown {
	return context.getNodeParameter('from', itemIndex, '', { extractValue: true });
}

function groupId(context: IExecuteFunctions, itemIndex: number): string {
	const id = textOf(context.getNodeParameter('groupId', itemIndex));
	if (id !== '') return id;
	throw new SendblueInputError(
		"'Group ID' is empty.",
		'Enter the group_id that the trigger or the response to a group message carries.',
	);
}

/** A phone number in E.164; the message of a wrong one names the parameter. */
async function named(parameter: string, value: unknown, country: string): Promise<string> {
	try {
		return await toE164(value, country === '' ? undefined : country);
	} catch (error) {
		if (!(error instanceof SendblueInputError)) return await Promise.reject(error);
		return await Promise.reject(new SendblueInputError(`'${parameter}': ${error.message}`, error.advice));
	}
}

function textOf(value: unknown): string {
	return value === undefined || value === null ? '' : String(value).trim();
}
