/** The output for messages: sent, received, and read by *Get* or *Get Many*. */
import type { IDataObject } from 'n8n-workflow';

import type { SendblueMessage } from '../sendblue/resources/messages';
import { type OutputForm, picked } from './outputForm';

/** The fields that *Simplify* keeps of a sent message. */
const SENT_FIELDS = [
	'message_handle',
	'status',
	'number',
	'from_number',
	'media_url',
	'date_sent',
	'service',
	'voiceNote',
	'deduplicated',
	'fallback',
] as const;

/** The fields that it keeps of a received message or a status change; a reply needs some of them. */
const RECEIVED_FIELDS = [
	'message_handle',
	'status',
	'number',
	'from_number',
	'content',
	'media_url',
	'date_sent',
	'service',
	'sendblue_number',
	'group_id',
] as const;

/** Fields that it also keeps if present: results of options, and what went wrong. */
const SENT_IF_THERE = ['delivery', 'contactCard', 'group_id', 'error_message'] as const;

/** The output for a sent message. */
export const SENT_OUTPUT: OutputForm = {
	id: 'message_handle',
	fields: {
		audio: 'Audio',
		contactCard: 'Contact Card',
		content: 'Content',
		date_sent: 'Date Sent',
		date_updated: 'Date Updated',
		deduplicated: 'Deduplicated',
		delivery: 'Delivery',
		error_code: 'Error Code',
		error_message: 'Error Message',
		fallback: 'Fallback',
		from_number: 'From Number',
		group_id: 'Group ID',
		media_url: 'Media URL',
		message_handle: 'Message Handle',
		number: 'Number',
		participants: 'Participants',
		sendblue_number: 'Sendblue Number',
		service: 'Service',
		status: 'Status',
		voiceNote: 'Voice Note',
		was_downgraded: 'Was Downgraded',
	},
	isSimplifiedByDefault: false,
	simplify: (json) => picked(dated(json), [...SENT_FIELDS, ...SENT_IF_THERE.filter((field) => json[field])]),
};

/** The most useful fields of a webhook's message, with what went wrong with it or its voice note. */
export function simplifyReceived(json: IDataObject): IDataObject {
	const wrong = ['error_code', 'error_message', 'was_downgraded', 'voiceNoteError'].filter((field) => json[field]);
	return picked(dated(json), [...RECEIVED_FIELDS, ...wrong]);
}

/** Fills in `date_sent`: some answers have only `date_created`. */
function dated(json: IDataObject): IDataObject {
	return { ...json, date_sent: json.date_sent ?? json.date_created };
}

/** The output for a message that *Get* or *Get Many* read. */
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
		// Null in messages that got through.
		...(message.error_message ? { error_message: message.error_message } : {}),
	};
}
