import type { SendblueMessage } from '../sendblue/resources/messages';
import type { SharedCard } from './contactCard';
import { isToOne, type SendBody } from './sameMessage';

/** The form in which a message goes out. */
export type MessageForm = 'planned' | 'mp3' | 'attachment' | 'text';

/** What was sent instead of the planned message, and why; a field of the output. */
export interface Fallback {
	reason: 'noIMessage' | 'neverReplied';
	/** The service of the person's phone, according to Sendblue. */
	service?: string;
	sentAs: 'mp3' | 'attachment' | 'text';
}

/** A message that Sendblue has accepted. */
export interface Sent<Prepared> {
	message: SendblueMessage;
	/** Missing if the message was found as a duplicate before anything was prepared. */
	prepared?: Prepared;
	/** More fields for the output. */
	notes: { deduplicated?: true; fallback?: Fallback; contactCard?: SharedCard };
}

/** A message that was skipped as the user wanted; these are the fields of the output. */
export interface Skipped {
	skipped: true;
	reason: 'lineAllowance' | 'neverReplied' | 'noIMessage';
	/** The reason in words. */
	message: string;
	/** When the line may meet new contacts again, ISO 8601, if known. */
	nextSlotAt?: string;
	/** The service of the recipient's phone. */
	service?: string;
	number?: string;
	from_number: string;
}

/** The output for a message that was skipped: why, and to whom it would have gone. */
export function skipped(body: SendBody, why: Pick<Skipped, 'reason' | 'message' | 'nextSlotAt' | 'service'>): Skipped {
	return { skipped: true, ...why, ...(isToOne(body) ? { number: body.number } : {}), from_number: body.from_number };
}
