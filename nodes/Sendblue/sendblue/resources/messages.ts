import { type Call, READ_LIST, READ_MESSAGE, SEND, WRITE } from '../http/call';
import { answerOf, isRecord, type SendblueAnswer } from '../http/envelope';
import { listIn, type ListedEntries } from '../http/lists';
import type { RetryLimits } from '../http/retry';
import { messageIn } from '../messageState';

/** How a message travels. */
export type SendblueService = 'iMessage' | 'SMS' | 'RCS';

/** Known states of a message; `messageState.ts` says what they mean. */
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

/** A message, as returned by sends, status requests, lists and webhooks. */
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

/** Marks a message as a reply to another one in the same conversation. */
export interface ReplyTo {
	message_handle: string;
	part_index?: number;
}

/** What the bodies of both sends have in common; `content` or `media_url` is needed. */
interface MessageBody {
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

/** Body of `POST /api/send-message`. */
export interface SendMessageBody extends MessageBody {
	/** Recipient, E.164. */
	number: string;
}

/** Body of `POST /api/send-group-message`; `group_id` or `numbers` is needed. */
export interface SendGroupMessageBody extends MessageBody {
	group_id?: string;
	/** Recipients, E.164, at most 25; the group is made if it does not exist. */
	numbers?: string[];
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
	/** At most 1000; 50 if it is left out. */
	limit?: number;
	offset?: number;
	order_by?: 'createdAt' | 'updatedAt' | 'sentAt';
	order_direction?: 'asc' | 'desc';
	worker_id?: string;
}

/** One page of messages. */
export interface MessagePage extends Omit<ListedEntries, 'entries'> {
	messages: SendblueMessage[];
	/** Whether every entry is a message; any other could hold one that is looked for. */
	areMessages: boolean;
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

/** Body of `POST /api/send-typing-indicator`. */
export interface TypingIndicatorBody {
	number: string;
	from_number?: string;
	state?: 'start' | 'stop';
	/** Milliseconds, 1 … 300000. */
	max_duration_ms?: number;
}

/** Path of {@link Messages.send}. */
export const SEND_MESSAGE_PATH = '/api/send-message';

/** Path of {@link Messages.sendToGroup}. */
export const SEND_GROUP_MESSAGE_PATH = '/api/send-group-message';

/** Path of {@link Messages.list}. */
export const LIST_MESSAGES_PATH = '/api/v2/messages';

/** The fields of which every message has at least one. */
const ANY_OF: readonly string[] = [
	'message_handle',
	'number',
	'to_number',
	'from_number',
	'group_id',
	'media_url',
	'content',
];

function isMessage(entry: Record<string, unknown>): boolean {
	return ANY_OF.some((field) => field in entry);
}

/** Messages, reactions, read receipts and the typing indicator. Every method may throw {@link SendblueApiError}. */
export class Messages {
	constructor(private readonly call: Call) {}

	/** `POST /api/send-message`; a success means accepted, not delivered. */
	async send(json: SendMessageBody): Promise<SendblueMessage> {
		return messageIn(answerOf(await this.call({ method: 'POST', path: SEND_MESSAGE_PATH, json }, SEND)));
	}

	/** `POST /api/send-group-message`; a success means accepted, not delivered. */
	async sendToGroup(json: SendGroupMessageBody): Promise<SendblueMessage> {
		return messageIn(answerOf(await this.call({ method: 'POST', path: SEND_GROUP_MESSAGE_PATH, json }, SEND)));
	}

	/**
	 * `GET /api/v2/messages/{message_handle}`: a message with what the answer to its send may lack: `service`,
	 * `was_downgraded`, `group_id`.
	 *
	 * @param needed false if the caller can do without the answer
	 */
	async get(handle: string, needed = true): Promise<SendblueMessage> {
		const path = `${LIST_MESSAGES_PATH}/${encodeURIComponent(handle)}`;
		const body = await this.call({ method: 'GET', path }, { ...READ_MESSAGE, needed });
		return (isRecord(body) && isRecord(body.data) ? body.data : body) as SendblueMessage;
	}

	/**
	 * `GET /api/v2/messages`: one page; 100 requests in 10 s are allowed per account. An answer without a list
	 * proves nothing, so `READ_LIST` makes it an error.
	 *
	 * @param limits fewer attempts or less time than a read has by default
	 */
	async list(query: ListMessagesQuery = {}, limits?: RetryLimits, timeoutMs?: number): Promise<MessagePage> {
		const timed = timeoutMs === undefined ? {} : { timeoutMs };
		const request = { method: 'GET' as const, path: LIST_MESSAGES_PATH, query: { ...query }, ...timed };
		const body = await this.call(request, { ...READ_LIST, limits });
		const { entries, ...page } = listIn(body) ?? { entries: [], received: 0 };
		return { ...page, messages: entries, areMessages: entries.filter(isMessage).length === page.received };
	}

	/** `DELETE /api/message/{handle}`: removes a message from Sendblue's records, not from the phones. */
	async delete(handle: string): Promise<SendblueAnswer> {
		const path = `/api/message/${encodeURIComponent(handle)}`;
		return answerOf(await this.call({ method: 'DELETE', path }, WRITE));
	}

	/** `POST /api/send-typing-indicator`: shows or hides the typing dots; one-to-one iMessage conversations only. */
	async showTyping(json: TypingIndicatorBody): Promise<SendblueAnswer> {
		return answerOf(await this.call({ method: 'POST', path: '/api/send-typing-indicator', json }, WRITE));
	}

	/** `POST /api/send-reaction`: a tapback; a minus sign in front, as in `-love`, takes it back. */
	async react(json: ReactionBody): Promise<SendblueAnswer> {
		return answerOf(await this.call({ method: 'POST', path: '/api/send-reaction', json }, WRITE));
	}

	/** `POST /api/mark-read`: a read receipt; Sendblue enables this account by account. */
	async markRead(json: MarkReadBody): Promise<SendblueAnswer> {
		return answerOf(await this.call({ method: 'POST', path: '/api/mark-read', json }, WRITE));
	}
}
