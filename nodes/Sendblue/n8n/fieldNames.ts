import type { RefusedRequest } from '../sendblue/errors';

/** The names that fields of Sendblue's API have on the screen, by the path of the request; the first path that fits. */
const FIELD_NAMES: readonly [path: RegExp, names: Readonly<Record<string, string>>][] = [
	[
		/^\/api\/send-message$/,
		{
			number: 'To',
			from_number: 'From',
			content: 'Text',
			reply_to: 'Reply To',
			seat_id: 'Seat Name or ID',
			send_style: 'Effect',
			status_callback: 'Status Callback URL',
		},
	],
	[
		/^\/api\/send-group-message$/,
		{
			group_id: 'Group',
			numbers: 'Numbers',
			number: 'Numbers',
			from_number: 'From',
			content: 'Text',
			reply_to: 'Reply To',
			seat_id: 'Seat Name or ID',
			send_style: 'Effect',
			status_callback: 'Status Callback URL',
		},
	],
	[/^\/api\/create-group$/, { from_number: 'From', numbers: 'Numbers', number: 'Numbers', group_name: 'Group Name' }],
	[/^\/api\/modify-group$/, { group_id: 'Group', number: 'Phone Number', from_number: 'From' }],
	[
		/^\/api\/v2\/groups\//,
		{ group_id: 'Group', group_name: 'Group Name', photo_url: 'Photo URL', from_number: 'From' },
	],
	[
		/^\/api\/send-reaction$/,
		{ message_handle: 'Message Handle', reaction: 'Reaction', part_index: 'Part Index', from_number: 'From' },
	],
	[/^\/api\/mark-read$/, { number: 'To', from_number: 'From' }],
	[
		/^\/api\/send-typing-indicator$/,
		{ number: 'To', from_number: 'From', state: 'State', max_duration_ms: 'Maximum Duration (Seconds)' },
	],
	[/^\/api\/evaluate-service$/, { number: 'Phone Number' }],
	[/^\/api\/(v2\/messages\/.|message\/)/, { message_handle: 'Message Handle' }],
	[
		/^\/api\/v2\/messages$/,
		{
			number: 'Phone Number',
			sendblue_number: 'Line',
			group_id: 'Group',
			status: 'Status',
			service: 'Service',
			message_type: 'Message Type',
			sent_at_gte: 'Sent After',
			sent_at_lte: 'Sent Before',
			updated_at_gte: 'Updated After',
			order_by: 'Order By',
			order_direction: 'Order Direction',
		},
	],
	[/^\/api\/v2\/contacts\/bulk$/, { contacts: 'Contacts', number: 'Contacts' }],
	[
		/^\/api\/v2\/contacts/,
		{
			number: 'Contact',
			assigned_to_email: 'Assigned To Email',
			company_name: 'Company Name',
			custom_variables: 'Custom Variables',
			first_name: 'First Name',
			last_name: 'Last Name',
			sendblue_number: 'Line',
			tags: 'Tags',
			cid: 'Contact ID',
			created_at_gte: 'Created After',
			order_direction: 'Order Direction',
		},
	],
	[/^\/v3\/verified-contacts/, { phone_number: 'Contact', number: 'Contact' }],
	[
		/^\/api\/v2\/contact-sharing\//,
		{
			fromNumber: 'From',
			from_number: 'From',
			toNumber: 'To',
			number: 'To',
			firstName: 'First Name',
			lastName: 'Last Name',
			photoUrl: 'Photo URL',
		},
	],
	[/^\/api\/upload-media-object$/, { media_url: 'Media URL' }],
];

/** A field of a request in the words of the screen; undefined if nobody is asked for it. */
function fieldName(path: string, field: string): string | undefined {
	return FIELD_NAMES.find(([pattern]) => pattern.test(path))?.[1][field];
}

/** The names of a request's fields on the screen, each once. */
export function fieldNames({ path }: RefusedRequest, fields: readonly string[]): string[] {
	return [...new Set(fields.flatMap((field) => fieldName(path, field) ?? []))];
}

/** All names, for the test that each is on the screen. */
export const ALL_FIELD_NAMES: readonly string[] = FIELD_NAMES.flatMap(([, names]) => Object.values(names));
