import type { Call } from '../call';
import { isRecord } from '../envelope';
import { CHECK, READ, READ_MESSAGE, SEND, WRITE } from './rules';
import type { RetryLimits } from '../retry';
import type {
	EvaluatedService,
	ListMessagesQuery,
	MarkReadBody,
	MessagePage,
	ReactionBody,
	SendblueAnswer,
	SendblueMessage,
	SendGroupMessageBody,
	SendMessageBody,
	TypingIndicatorBody,
} from '../types';

/** Path of {@link sendMessage}. */
export const SEND_MESSAGE_PATH = '/api/send-message';

/** Path of {@link sendGroupMessage}. */
export const SEND_GROUP_MESSAGE_PATH = '/api/send-group-message';

/** `POST /api/send-message`; a success means accepted, not delivered. */
export async function sendMessage(call: Call, json: SendMessageBody): Promise<SendblueMessage> {
	return (await call({ method: 'POST', path: SEND_MESSAGE_PATH, json }, SEND)) as SendblueMessage;
}

/** `POST /api/send-group-message`; a success means accepted, not delivered. */
export async function sendGroupMessage(call: Call, json: SendGroupMessageBody): Promise<SendblueMessage> {
	return (await call({ method: 'POST', path: SEND_GROUP_MESSAGE_PATH, json }, SEND)) as SendblueMessage;
}

/** `GET /api/v2/messages/{message_handle}`: a message with `service` and `was_downgraded`. */
export async function getMessage(call: Call, handle: string): Promise<SendblueMessage> {
	const path = `/api/v2/messages/${encodeURIComponent(handle)}`;
	const body = await call({ method: 'GET', path }, READ_MESSAGE);
	return (isRecord(body) && isRecord(body.data) ? body.data : body) as SendblueMessage;
}

/** `GET /api/status`: a message's state; {@link getMessage} tells more. */
export async function messageStatus(call: Call, handle: string): Promise<SendblueMessage> {
	const query = { handle };
	return (await call({ method: 'GET', path: '/api/status', query }, READ_MESSAGE)) as SendblueMessage;
}

/**
 * `GET /api/v2/messages`: one page; 100 requests in 10 s are allowed per account.
 *
 * @param limits fewer attempts or less time than a read has by itself
 */
export async function listMessages(
	call: Call,
	query: ListMessagesQuery,
	limits?: RetryLimits,
	timeoutMs?: number,
): Promise<MessagePage> {
	const timed = timeoutMs === undefined ? {} : { timeoutMs };
	const request = { method: 'GET' as const, path: '/api/v2/messages', query: { ...query }, ...timed };
	const body = await call(request, { ...READ, limits });
	const data = isRecord(body) ? (body.data ?? body.messages) : body;
	const messages = Array.isArray(data) ? data.filter((entry): entry is SendblueMessage => isRecord(entry)) : [];
	const pagination = isRecord(body) && isRecord(body.pagination) ? body.pagination : {};
	return {
		messages,
		hasMore: pagination.hasMore === true || pagination.has_more === true,
		total: typeof pagination.total === 'number' ? pagination.total : undefined,
	};
}

/** `DELETE /api/message/{handle}`: removes a message from Sendblue's records; it is not taken back from the phone. */
export async function deleteMessage(call: Call, handle: string): Promise<SendblueAnswer> {
	const path = `/api/message/${encodeURIComponent(handle)}`;
	return answerOf(await call({ method: 'DELETE', path }, WRITE));
}

/**
 * `GET /api/evaluate-service`: whether a number has iMessage, as far as Sendblue knows.
 *
 * @param needed false where whoever asks goes on without the answer
 */
export async function evaluateService(call: Call, number: string, needed = true): Promise<EvaluatedService> {
	const rule = needed ? READ : CHECK;
	const query = { number };
	return (await call({ method: 'GET', path: '/api/evaluate-service', query }, rule)) as EvaluatedService;
}

/** `POST /api/send-typing-indicator`: shows the dots; iMessage conversations between two only. */
export async function sendTypingIndicator(call: Call, json: TypingIndicatorBody): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'POST', path: '/api/send-typing-indicator', json }, WRITE));
}

/** `POST /api/send-reaction`: a tapback; it cannot be taken back. */
export async function sendReaction(call: Call, json: ReactionBody): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'POST', path: '/api/send-reaction', json }, WRITE));
}

/** `POST /api/mark-read`: a read receipt; Sendblue enables this account by account. */
export async function markRead(call: Call, json: MarkReadBody): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'POST', path: '/api/mark-read', json }, WRITE));
}

/** Some endpoints answer a success with nothing, or with bare text. */
export function answerOf(body: unknown): SendblueAnswer {
	if (isRecord(body)) return body;
	return typeof body === 'string' && body.trim() !== '' ? { message: body.trim() } : {};
}
