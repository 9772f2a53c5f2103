import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { SendblueInputError } from '../sendblue/errors';
import { MAX_TEXT_LENGTH } from '../sendblue/limits';
import { checkPublicUrl } from '../sendblue/mediaUrl';
import type { SendGroupMessageBody, SendMessageBody } from '../sendblue/resources/messages';
import { fromLine, groupNumbers, phoneNumber, type DefaultLine } from './phoneNumbers';
import { groupId, plainText, textOf } from './values';

/** A message that lacks only its media. */
export type MessageDraft = SendMessageBody | SendGroupMessageBody;

/**
 * Reads who gets what from whom, and checks all of it, before anything is converted or uploaded.
 *
 * @param baseUrl of the API; if it is loopback, loopback callbacks are allowed.
 * @throws {SendblueInputError} if a value cannot be right.
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
	if (callback !== '') checkPublicUrl(callback, 'Status Callback URL', { baseUrl });
	const replyTo = textOf(options.replyTo);
	const seat = textOf(options.seatId);

	const common = {
		from_number: fromNumber,
		...(text === '' ? {} : { content: text }),
		...(callback === '' ? {} : { status_callback: callback }),
		...(seat === '' ? {} : { seat_id: seat }),
		...(replyTo === '' ? {} : { reply_to: { message_handle: replyTo } }),
	};
	// Sendblue's SDK demands the field of group messages, which may be empty.
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
