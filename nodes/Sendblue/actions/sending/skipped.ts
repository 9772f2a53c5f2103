import { isToOne, type SendBody } from '../../sendblue/sameMessage';

/** A message that was left out on the user's wish; the fields stand on the output. */
export interface Skipped {
	skipped: true;
	reason: 'lineAllowance' | 'noIMessage';
	/** The reason in words. */
	message: string;
	/** When the line may meet new contacts again, ISO 8601, where known. */
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
