import type { SendblueClient } from '../sendblue/client';
import { handleOf } from '../sendblue/messageState';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { groupOf, isToOne, type SendBody } from './sameMessage';

/**
 * Adds the ID of its group to a message to several numbers. According to Sendblue's documentation, the answer to the
 * send has it; according to its SDK (npm `sendblue` 3.17.0, `MessageResponse`), only a message read later does.
 *
 * @returns the message unchanged if the ID cannot be read: it has gone out, so this must not fail
 */
export async function withGroupId(
	client: SendblueClient,
	body: SendBody,
	message: SendblueMessage,
): Promise<SendblueMessage> {
	const handle = handleOf(message);
	if (isToOne(body) || body.group_id || groupOf(message) || handle === undefined) return message;
	const read = await client.messages.get(handle, false).catch(() => undefined);
	const group = read && groupOf(read);
	return group ? { ...message, group_id: group } : message;
}
