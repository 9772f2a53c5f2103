import { codeOf, isRecord } from './http/envelope';
import type { SendblueMessage } from './resources/messages';

/**
 * What the states of messages mean, in one place: for the answer to a send, for the list of messages, and for the
 * delivery that is waited for.
 */

/** States in which Sendblue has taken a message. */
const TAKEN_STATES: ReadonlySet<string> = new Set(['REGISTERED', 'PENDING', 'QUEUED', 'ACCEPTED', 'SENT', 'DELIVERED']);

/** States that say that a request or a message was refused. */
const REFUSED_STATES: ReadonlySet<string> = new Set(['ERROR', 'FAILED', 'DECLINED']);

/** States in which the phone has the message. */
const DELIVERED_STATES: ReadonlySet<string> = new Set(['DELIVERED', 'READ']);

/** Codes after which the message may have gone out although the answer says otherwise. */
const UNCERTAIN_CODES: ReadonlySet<string> = new Set(['5000', '10002']);

/** A message's state in capitals; undefined where it names none. */
export function stateOf(message: { status?: unknown }): string | undefined {
	return typeof message.status === 'string' && message.status.trim() !== ''
		? message.status.trim().toUpperCase()
		: undefined;
}

/** Whether Sendblue says that it has taken a message. */
export function isTaken(message: SendblueMessage): boolean {
	return TAKEN_STATES.has(stateOf(message) ?? '');
}

/**
 * Whether a message, or the body of a 2xx answer, says that it was refused.
 *
 * `error_message` alone decides nothing: the documentation's own sample of a good answer fills it.
 */
export function reportsRefusal(body: unknown): boolean {
	if (!isRecord(body)) return false;
	if (REFUSED_STATES.has(stateOf(body) ?? '')) return true;
	if (codeOf(body) !== undefined) return true;
	return isRecord(body.error) || (typeof body.error === 'string' && body.error.trim() !== '');
}

/** Whether a code leaves open what became of a message. */
export function isUncertainCode(code: string | undefined): boolean {
	return code !== undefined && UNCERTAIN_CODES.has(code);
}

/** Whether the phone has a message. */
export function isDelivered(message: SendblueMessage): boolean {
	return DELIVERED_STATES.has(stateOf(message) ?? '');
}

/** Whether a message's state will not change any more: SENT is the last one for SMS, which tells nothing of arrival. */
export function isSettled(message: SendblueMessage): boolean {
	const state = stateOf(message) ?? '';
	if (DELIVERED_STATES.has(state) || REFUSED_STATES.has(state)) return true;
	return state === 'SENT' && message.service === 'SMS';
}
