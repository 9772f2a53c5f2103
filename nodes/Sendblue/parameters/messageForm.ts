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

/** What can be put out of a message that was sent. */
export const SENT_OUTPUT: OutputForm = {
	id: 'message_handle',
	fields: [
		'audio',
		'contactCard',
		'content',
		'date_sent',
		'date_updated',
		'deduplicated',
		'delivery',
		'error_code',
		'error_message',
		'fallback',
		'from_number',
		'group_id',
		'media_url',
		'number',
		'participants',
		'sendblue_number',
		'service',
		'status',
		'voiceNote',
		'was_downgraded',
	],
	isSimplifiedByDefault: false,
	simplify: (json) => picked(dated(json), SENT_FIELDS),
};

/** The most useful fields of a message as a webhook brings it, with what went wrong with it or its voice note. */
export function simplifyReceived(json: IDataObject): IDataObject {
	const wrong = ['error_message', 'voiceNoteError'].filter((field) => json[field]);
	return picked(dated(json), [...RECEIVED_FIELDS, ...wrong]);
}

/** Some answers date a message by `date_created` alone. */
function dated(json: IDataObject): IDataObject {
	return { ...json, date_sent: json.date_sent ?? json.date_created };
}
