import type { SendblueClient } from '../sendblue/client';
import { handleOf } from '../sendblue/messageState';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { groupOf, isToOne, type SendBody } from './sameMessage';

/**
 * A message to a group of numbers with the ID of its group: Sendblue's documentation has it in the answer to the send, its
 * SDK (npm `sendblue` 3.17.0, `MessageResponse`) in the message as it is read alone.
 *
 * @returns the message as it was if the ID cannot be had; it is out, so nothing here fails
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
