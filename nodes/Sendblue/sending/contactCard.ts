import { SendblueApiError } from '../sendblue/errors';
import type { SendingRun } from './run';
import { isToOne, type SendBody } from './sameMessage';

/** Whether the line's contact card was shared with a message; a field of the output. */
export interface SharedCard {
	/** Null if unknown. */
	shared: boolean | null;
	/** Set if the person was already shown it within the last 24 hours, so that Sendblue did nothing. */
	deduplicated?: true;
	/** Why it was not shared, in complete sentences. */
	message?: string;
}

/**
 * Shares the line's contact card with a person who was just sent a message, once per person and execution. The message
 * has gone out, so errors are reported in the result and never thrown.
 *
 * @param service the service of the person's phone, if known
 */
export async function shareCard(run: SendingRun, body: SendBody, service?: string): Promise<SharedCard> {
	if (!isToOne(body))
		return { shared: false, message: 'A contact card can be shared with one person at a time, not with a group.' };
	const { from_number: line, number } = body;
	if (service !== undefined && service.toLowerCase() !== 'imessage') {
		return { shared: false, message: `${number} has no iMessage, which contact cards need.` };
	}
	return await run.sharedCards.get(`${line} ${number}`, async () => {
		const card = await askToShare(run, line, number);
		if (card.message !== undefined) {
			const what = card.shared === null ? 'may not have been shared' : 'was not shared';
			run.hints.add(`The contact card ${what} with everybody; the messages went out. ${card.message}`);
		}
		return card;
	});
}

async function askToShare(run: SendingRun, line: string, number: string): Promise<SharedCard> {
	try {
		const client = await run.client();
		const { requested, deduplicated, status } = await client.contactCards.share(line, number, false);
		if (deduplicated === true) return { shared: true, deduplicated };
		if (requested === false) return { shared: false, message: 'Sendblue did not share it.' };
		return requested === true || status === 'OK' ? { shared: true } : unknown("Sendblue's answer does not say.");
	} catch (error) {
		const isUnknown = error instanceof SendblueApiError && error.outcome === 'unknown';
		const words = error instanceof SendblueApiError ? error.explanation : String(error);
		return isUnknown ? unknown(words) : { shared: false, message: words };
	}
}

function unknown(why: string): SharedCard {
	return { shared: null, message: `It is unknown whether the card was shared. ${why}` };
}
