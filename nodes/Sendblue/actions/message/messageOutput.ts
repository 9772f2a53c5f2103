import type { OutputForm } from '../../parameters/outputForm';
import type { SendblueMessage } from '../../sendblue/resources/messages';

/** What can be put out of a message that is read. */
export const MESSAGE_OUTPUT: OutputForm = {
	id: 'message_handle',
	fields: [
		'content',
		'date_created',
		'date_sent',
		'date_updated',
		'error_code',
		'error_message',
		'from_number',
		'group_display_name',
		'group_id',
		'is_outbound',
		'media_url',
		'number',
		'participants',
		'reply_to',
		'sendblue_number',
		'service',
		'status',
		'was_downgraded',
	],
	isSimplifiedByDefault: true,
	simplify: simplifyMessage,
};

/** The fields of a message that workflows use, the same for both directions. */
function simplifyMessage(message: SendblueMessage): object {
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
