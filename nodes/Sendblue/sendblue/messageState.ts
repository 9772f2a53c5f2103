import { codeOf, isRecord, wordsOf } from './http/envelope';
import type { SendblueMessage } from './resources/messages';

/**
 * The one place that knows what the states of messages mean: in the answer to a send, in the list of messages, and
 * while waiting for delivery.
 */

/** States in which Sendblue has accepted a message. */
const TAKEN_STATES: ReadonlySet<string> = new Set([
	'REGISTERED',
	'PENDING',
	'QUEUED',
	'ACCEPTED',
	'SENT',
	'DELIVERED',
	'READ',
	'SUCCESS',
]);

/** States of a refused request or message. */
const REFUSED_STATES: ReadonlySet<string> = new Set(['ERROR', 'FAILED', 'DECLINED']);

/** States of a message that is on the phone. */
const DELIVERED_STATES: ReadonlySet<string> = new Set(['DELIVERED', 'READ']);

/** Codes after which the message may have gone out although the answer says otherwise. */
const UNCERTAIN_CODES: ReadonlySet<string> = new Set(['5000', '10002']);

/**
 * What an answer or a list entry means for its message.
 *
 * `taken`: Sendblue has it. `refused`: it certainly did not go out. `unclear`: look it up.
 */
export type Verdict = 'taken' | 'refused' | 'unclear';

/** Values that stand for a missing handle. */
const NO_HANDLES: ReadonlySet<string> = new Set(['', '0', 'null', 'undefined']);

/** The handle of a message as text; undefined if there is none. */
export function handleOf(message: { message_handle?: unknown } | undefined): string | undefined {
	const handle = message?.message_handle;
	if (typeof handle !== 'string' && typeof handle !== 'number') return undefined;
	const text = String(handle).trim();
	return NO_HANDLES.has(text.toLowerCase()) ? undefined : text;
}

/** A message's state in capitals; undefined if it names none. */
export function stateOf(message: { status?: unknown }): string | undefined {
	return typeof message.status === 'string' && message.status.trim() !== ''
		? message.status.trim().toUpperCase()
		: undefined;
}

/**
 * The deciding table. A handle proves that there is a message, and its state shows the outcome. A code next to a taken
 * state means nothing: real answers contain such codes.
 *
 * | state | with a handle | without |
 * |---|---|---|
 * | taken | taken | unclear |
 * | refused | refused, or unclear by its code | the same |
 * | any other, or none | unclear | refused (or unclear by its code) if it reports an error, else unclear |
 *
 * A refusal that holds a message which was not refused contradicts itself, and is unclear.
 */
export function verdictOf(message: unknown): Verdict {
	if (!isRecord(message)) return 'unclear';
	const state = stateOf(message) ?? '';
	const hasHandle = handleOf(message) !== undefined;
	if (TAKEN_STATES.has(state)) return hasHandle ? 'taken' : 'unclear';
	const isRefused = REFUSED_STATES.has(state) || (!hasHandle && reportsError(message));
	return isRefused && !isUncertainCode(codeOf(message)) && !holdsMessageWithin(message) ? 'refused' : 'unclear';
}

/** How deep an answer is searched for a message: `data`, `{ data: [ … ] }`, `{ error: { … } }`. */
const DEEPEST_MESSAGE = 3;

/** Fields with the handle of another message, the one being replied to. */
const ANSWERED_MESSAGES: ReadonlySet<string> = new Set(['reply_to', 'thread_originator']);

/**
 * Whether an answer is, or contains, a message with a handle that was neither refused nor received, and so may have
 * gone out. Then even an HTTP status or a state of failure is not believed.
 */
export function holdsMessage(answer: unknown, depth = 0): boolean {
	if (typeof answer !== 'object' || answer === null || depth > DEEPEST_MESSAGE) return false;
	const state = isRecord(answer) && handleOf(answer) !== undefined ? (stateOf(answer) ?? '') : 'ERROR';
	return (!REFUSED_STATES.has(state) && state !== 'RECEIVED') || holdsMessageWithin(answer, depth);
}

function holdsMessageWithin(answer: object, depth = 0): boolean {
	return Object.entries(answer).some(([name, field]) => !ANSWERED_MESSAGES.has(name) && holdsMessage(field, depth + 1));
}

/**
 * The message in the answer to a send: the answer itself, or its `data` if only that has a handle and the answer is not
 * a refusal.
 */
export function messageIn(answer: Record<string, unknown>): SendblueMessage {
	const data: unknown = Array.isArray(answer.data) && answer.data.length === 1 ? answer.data[0] : answer.data;
	const isWrapped = isRecord(data) && handleOf(data) !== undefined && handleOf(answer) === undefined;
	return isWrapped && !REFUSED_STATES.has(stateOf(answer) ?? '') ? data : answer;
}

/** Whether a message's state says that it was received. */
export function isReceived(message: SendblueMessage): boolean {
	return stateOf(message) === 'RECEIVED';
}

/** Whether a message's state is a failure, even if its code leaves the outcome open. */
export function isInFailure(message: SendblueMessage): boolean {
	return REFUSED_STATES.has(stateOf(message) ?? '');
}

/** The error text or code that an accepted message carries anyway; undefined if there is none. */
export function remarkOn(message: SendblueMessage): string | undefined {
	const code = codeOf(message);
	if (!reportsError(message) || code?.toUpperCase() === 'OK' || /^2\d\d$/.test(code ?? '')) return undefined;
	const words = wordsOf(message);
	const quoted = words === undefined ? '' : `“${words}”`;
	if (code === undefined) return quoted;
	return quoted === '' ? `code ${code}` : `${quoted} (code ${code})`;
}

/**
 * Whether the body of a 2xx answer says that the request was refused; for requests other than sends, which
 * {@link verdictOf} judges.
 *
 * `error_message` alone decides nothing: the documentation's sample of a successful answer has one.
 */
export function reportsRefusal(body: unknown): boolean {
	return isRecord(body) && (REFUSED_STATES.has(stateOf(body) ?? '') || reportsError(body));
}

function reportsError(body: Record<string, unknown>): boolean {
	if (codeOf(body) !== undefined) return true;
	return isRecord(body.error) || (typeof body.error === 'string' && body.error.trim() !== '');
}

/** Whether a code leaves the outcome of a message open. */
export function isUncertainCode(code: string | undefined): boolean {
	return code !== undefined && UNCERTAIN_CODES.has(code);
}

/** Whether a message is on the phone. */
export function isDelivered(message: SendblueMessage): boolean {
	return DELIVERED_STATES.has(stateOf(message) ?? '');
}

/** Whether a message's state is final. SENT is final for SMS, which reports no delivery. */
export function isSettled(message: SendblueMessage): boolean {
	const state = stateOf(message) ?? '';
	if (DELIVERED_STATES.has(state) || REFUSED_STATES.has(state)) return true;
	return state === 'SENT' && message.service === 'SMS';
}
