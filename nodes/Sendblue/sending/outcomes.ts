import type { SendblueMessage } from '../sendblue/resources/messages';
import type { SharedCard } from './contactCard';
import { isToOne, type SendBody } from './sameMessage';

/** The form in which a message goes out. */
export type MessageForm = 'planned' | 'mp3' | 'attachment' | 'text';

/** What is sent instead of the planned message, and why; stands on the output. */
export interface Fallback {
	reason: 'noIMessage' | 'neverReplied';
	/** What the person's phone takes, as Sendblue knows. */
	service?: string;
	sentAs: 'mp3' | 'attachment' | 'text';
}

/** A message that Sendblue has taken. */
export interface Sent<Prepared> {
	message: SendblueMessage;
	/** Missing if the message was sent before, by another execution. */
	prepared?: Prepared;
	/** What else is to be told on the output. */
	notes: { deduplicated?: true; fallback?: Fallback; contactCard?: SharedCard };
}

/** A message that was left out on the user's wish; the fields stand on the output. */
export interface Skipped {
	skipped: true;
	reason: 'lineAllowance' | 'neverReplied' | 'noIMessage';
	/** The reason in words. */
	message: string;
	/** When the line may meet new contacts again, ISO 8601, if known. */
	nextSlotAt?: string;
	/** What the recipient's phone takes. */
	service?: string;
	number?: string;
	from_number: string;
}

/** Says that a message was left out, and for whom. */
export function skipped(body: SendBody, why: Pick<Skipped, 'reason' | 'message' | 'nextSlotAt' | 'service'>): Skipped {
	return { skipped: true, ...why, ...(isToOne(body) ? { number: body.number } : {}), from_number: body.from_number };
}
