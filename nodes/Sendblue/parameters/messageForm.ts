import type { IDataObject } from 'n8n-workflow';

import { picked, type OutputForm } from './outputForm';

/** What *Simplify* leaves of a message that was sent. */
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

/** What it leaves of one that came in, or whose status changed: also what an answer to it needs. */
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

/** What an option was switched on for, or went wrong, stays as well if it is there. */
const SENT_IF_THERE = ['delivery', 'contactCard', 'group_id', 'error_message'] as const;

/** What can be put out of a message that was sent. */
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

/** The most useful fields of a message as a webhook brings it, with what went wrong with it or its voice note. */
export function simplifyReceived(json: IDataObject): IDataObject {
	const wrong = ['error_code', 'error_message', 'was_downgraded', 'voiceNoteError'].filter((field) => json[field]);
	return picked(dated(json), [...RECEIVED_FIELDS, ...wrong]);
}

/** Some answers date a message by `date_created` alone. */
function dated(json: IDataObject): IDataObject {
	return { ...json, date_sent: json.date_sent ?? json.date_created };
}
