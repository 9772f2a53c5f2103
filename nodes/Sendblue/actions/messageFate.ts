import type { OtherMessages, ShownError } from '../n8n/itemErrors';
import { SendblueApiError } from '../sendblue/errors';
import type { SendingRun } from '../sending/run';

/** The item whose message an error is about. */
interface FailedItem {
	index: number;
	/** How many items the execution has. */
	count: number;
}

/**
 * Whether the message of an item that failed went out, as a sentence; undefined if the error itself says enough: that
 * the outcome is unknown, or that the execution was stopped first.
 *
 * @param cause what the item failed with
 */
export function messageFate(run: SendingRun, cause: unknown, { index, count }: FailedItem): string | undefined {
	const sent = run.acceptedMessage(index);
	if (sent) return `The message was sent nevertheless, to ${sent.recipient}${inParentheses(sent.handle)}.`;
	if (cause instanceof SendblueApiError && (cause.outcome === 'unknown' || cause.cancelled)) return undefined;
	return count === 1 ? 'No message was sent.' : 'This message was not sent.';
}

/** The sentence that says that nothing was sent apart from the messages listed. */
export function noFurtherMessage({ sent, unknown }: OtherMessages): string {
	return sent.length + unknown.length === 0 ? 'No message was sent.' : 'No further message was sent.';
}

function inParentheses(handle: string | undefined): string {
	return handle === undefined ? '' : ` (${handle})`;
}

/** Adds a sentence to an error's description. */
export function withSentence<T extends ShownError>(shown: T, sentence: string | undefined): T {
	if (sentence !== undefined) shown.description = [shown.description, sentence].filter(Boolean).join(' ');
	return shown;
}
