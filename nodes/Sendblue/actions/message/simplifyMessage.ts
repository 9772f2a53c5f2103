import type { SendblueMessage } from '../../sendblue/resources/messages';

/** The fields of a message that workflows use, the same for both directions. */
export function simplifyMessage(message: SendblueMessage): object {
	const line = message.is_outbound === false ? message.to_number : message.from_number;
	return {
		message_handle: message.message_handle,
		status: message.status,
		is_outbound: message.is_outbound,
		number: message.number,
		sendblue_number: message.sendblue_number ?? line,
		group_id: message.group_id,
		content: message.content,
		media_url: message.media_url,
		service: message.service,
		date_sent: message.date_sent ?? message.date_created,
		// Only messages that did not get through say why.
		...(message.error_message ? { error_message: message.error_message } : {}),
	};
}
