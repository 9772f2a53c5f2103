/**
 * The shapes of the Sendblue API, as its SDK, its documentation and captured traffic show them.
 *
 * Where these disagree, both spellings stand. Unknown fields are allowed everywhere, and closed lists are open
 * strings: the API grows without notice.
 */

/** How a message travels. */
export type SendblueService = 'iMessage' | 'SMS' | 'RCS';

/** States a message is known to pass; `ERROR`, `DECLINED`, `DELIVERED` (and `SENT` for SMS) are final. */
export type SendblueMessageStatus =
	| 'REGISTERED'
	| 'PENDING'
	| 'QUEUED'
	| 'ACCEPTED'
	| 'SENT'
	| 'DELIVERED'
	| 'DECLINED'
	| 'ERROR'
	| 'RECEIVED'
	| 'SUCCESS'
	| (string & {});

/** A message, as sends, status calls, lists and webhooks return it. */
export interface SendblueMessage {
	accountEmail?: string;
	account_email?: string;
	message_handle?: string;
	status?: SendblueMessageStatus;
	content?: string | null;
	media_url?: string | null;
	is_outbound?: boolean;
	/** The other side; a list for groups in some answers. */
	number?: string | string[];
	to_number?: string | string[];
	from_number?: string;
	/** The account's line. */
	sendblue_number?: string | null;
	service?: SendblueService | (string & {}) | null;
	was_downgraded?: boolean | null;
	/** A number, a string, or nothing; `0` and `null` mean that all is well. */
	error_code?: number | string | null;
	error_message?: string | null;
	error_detail?: string | null;
	error_reason?: string | null;
	/** ISO 8601. */
	date_sent?: string;
	date_created?: string;
	date_updated?: string;
	message_type?: 'message' | 'group' | 'location' | (string & {});
	group_id?: string | null;
	group_display_name?: string | null;
	participants?: string[];
	send_style?: string | null;
	opted_out?: boolean;
	plan?: string;
	reply_to?: ReplyTo | null;
	thread_originator?: { message_handle?: string; part?: string } | null;
	seat_id?: string | null;
	sender_email?: string | null;
	[field: string]: unknown;
}

/** Marks a message as an answer to another one of the same conversation. */
export interface ReplyTo {
	message_handle: string;
	part_index?: number;
}

/** Body of `POST /api/send-message`; `content` or `media_url` is needed. */
export interface SendMessageBody {
	/** Recipient, E.164. */
	number: string;
	/** One of the account's lines, E.164; Sendblue refuses a send without it. */
	from_number: string;
	content?: string;
	media_url?: string;
	send_style?: string;
	status_callback?: string;
	reply_to?: ReplyTo;
	seat_id?: string;
	[field: string]: unknown;
}

/** Body of `POST /api/send-group-message`; `group_id` or `numbers`, and `content` or `media_url` are needed. */
export interface SendGroupMessageBody {
	from_number: string;
	group_id?: string;
	/** Recipients, E.164, at most 25; the group is made where it does not exist. */
	numbers?: string[];
	content?: string;
	media_url?: string;
	send_style?: string;
	status_callback?: string;
	reply_to?: ReplyTo;
	seat_id?: string;
	[field: string]: unknown;
}

/** Query of `GET /api/v2/messages`; times are ISO 8601. */
export interface ListMessagesQuery {
	account_email?: string;
	created_at_gte?: string;
	created_at_lte?: string;
	updated_at_gte?: string;
	updated_at_lte?: string;
	sent_at_gte?: string;
	sent_at_lte?: string;
	from_number?: string;
	to_number?: string;
	/** Either side of the conversation. */
	number?: string;
	sendblue_number?: string;
	group_id?: string;
	is_outbound?: 'true' | 'false';
	message_type?: 'message' | 'group';
	service?: SendblueService;
	status?: string;
	/** At most 1000; 50 where it is left out. */
	limit?: number;
	offset?: number;
	order_by?: 'createdAt' | 'updatedAt' | 'sentAt';
	order_direction?: 'asc' | 'desc';
	worker_id?: string;
}

/** One page of messages. */
export interface MessagePage {
	messages: SendblueMessage[];
	hasMore: boolean;
	total?: number;
}

/** A line's health, from `GET /api/v2/lines/state`. */
export interface LineState {
	sendblue_number: string;
	assignment?: 'assigned' | 'shared' | 'grace_period' | (string & {});
	status?: 'ONLINE' | 'OFFLINE' | 'DEGRADED' | 'UNKNOWN' | (string & {});
	worker_id?: string;
	degraded_since?: string | null;
	effective_until?: string | null;
	status_changed_at?: string | null;
	[field: string]: unknown;
}

/** A line of the account, merged from both lists of lines. */
export interface SendblueLine {
	/** E.164. */
	number: string;
	status?: LineState['status'];
	/** Shared with other accounts (free plan): recipients must write to it first. */
	shared: boolean;
}

/** How much of a window for new contacts is used. */
export interface UsageWindow {
	used?: number;
	limit?: number;
	remaining?: number;
	/** ISO 8601. */
	nextSlotAt?: string | null;
	resetsAt?: string | null;
	[field: string]: unknown;
}

/** A line's room for new contacts. */
export interface LineUsage {
	phone: string;
	state?: string;
	sampledAt?: string;
	newContactLookbackDays?: number;
	hourly?: UsageWindow;
	daily?: UsageWindow;
	availableAt?: string | null;
	[field: string]: unknown;
}

/** Answer of `GET /api/v2/lines/usage`. */
export interface LinesUsage {
	/** Whether the account's plan limits new contacts at all. */
	enabled: boolean;
	lines: LineUsage[];
	[field: string]: unknown;
}

/** A file to upload. */
export interface UploadFile {
	bytes: Uint8Array;
	/** With extension, without spaces: both end up in the public URL. */
	fileName: string;
	mimeType: string;
}

/** An uploaded file. */
export interface UploadedFile {
	/** Public to everyone who has it. */
	mediaUrl: string;
	/** The answer as it came. */
	response: SendblueAnswer;
}

/** An answer whose fields are passed on as they came. */
export interface SendblueAnswer {
	status?: string;
	message?: string;
	[field: string]: unknown;
}

/** Answer of `GET /api/evaluate-service`. */
export interface EvaluatedService {
	number?: string;
	/** `iMessage` or `SMS`; RCS is never named. */
	service?: SendblueService | (string & {});
	[field: string]: unknown;
}

/** Body of `POST /api/send-typing-indicator`. */
export interface TypingIndicatorBody {
	number: string;
	from_number?: string;
	state?: 'start' | 'stop';
	/** Milliseconds, 1 … 300000. */
	max_duration_ms?: number;
}

/** Body of `POST /api/send-reaction`. */
export interface ReactionBody {
	from_number: string;
	message_handle: string;
	reaction: 'love' | 'like' | 'dislike' | 'laugh' | 'emphasize' | 'question' | (string & {});
	part_index?: number;
}

/** Body of `POST /api/mark-read`. */
export interface MarkReadBody {
	number: string;
	from_number: string;
}

/** A contact; captured answers carry `phone`, and some fields in both spellings. */
export interface SendblueContact {
	phone?: string;
	number?: string;
	contact_id?: string;
	first_name?: string;
	last_name?: string;
	company_name?: string;
	sendblue_number?: string;
	assigned_to_email?: string;
	opt_out?: boolean;
	verified?: boolean;
	tags?: string[];
	custom_variables?: Record<string, string>;
	created_at?: string;
	[field: string]: unknown;
}

/** Query of `GET /api/v2/contacts`. */
export interface ListContactsQuery {
	/** At most 1000; 100 where it is left out. */
	limit?: number;
	/** At most 10000. */
	offset?: number;
	phone_number?: string;
	cid?: string;
	created_at_gte?: string;
	order_by?: string;
	order_direction?: 'asc' | 'desc';
}

/** A group, from `GET /api/v2/groups/{group_id}`. */
export interface SendblueGroup {
	group_id?: string;
	group_name?: string | null;
	participant_numbers?: string[];
	participants?: Array<Record<string, unknown>>;
	[field: string]: unknown;
}

/** Body of `POST /api/modify-group`; removing needs at least four members. */
export interface ModifyGroupBody {
	group_id: string;
	modify_type: 'add_recipient' | 'remove_recipient';
	number: string;
	from_number?: string;
}

/** What a webhook is called for. */
export type WebhookType =
	| 'receive'
	| 'outbound'
	| 'typing_indicator'
	| 'call_log'
	| 'inbound_call'
	| 'contact_profile'
	| 'line_blocked'
	| 'line_assigned'
	| 'contact_created';

/** One webhook; lists hold such objects or bare URLs. */
export interface WebhookEntry {
	url: string;
	/** Sent back literally in the header `sb-signing-secret`. */
	secret?: string;
	/** Lines the webhook is for; `receive` only. */
	sendblue_numbers?: string[];
	[field: string]: unknown;
}

/** All webhooks of the account by type, each entry an object. */
export type Webhooks = Partial<Record<WebhookType, WebhookEntry[]>> & Record<string, WebhookEntry[] | undefined>;
