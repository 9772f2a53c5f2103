import type { OutputForm } from '../../parameters/outputForm';
import type { SendblueMessage } from '../../sendblue/resources/messages';

/** What can be put out of a message that is read. */
export const MESSAGE_OUTPUT: OutputForm = {
	id: 'message_handle',
	fields: {
		content: 'Content',
		date_created: 'Date Created',
		date_sent: 'Date Sent',
		date_updated: 'Date Updated',
		error_code: 'Error Code',
		error_message: 'Error Message',
		from_number: 'From Number',
		group_display_name: 'Group Display Name',
		group_id: 'Group ID',
		is_outbound: 'Is Outbound',
		media_url: 'Media URL',
		message_handle: 'Message Handle',
		number: 'Number',
		participants: 'Participants',
		reply_to: 'Reply To',
		sendblue_number: 'Sendblue Number',
		service: 'Service',
		status: 'Status',
		was_downgraded: 'Was Downgraded',
	},
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
