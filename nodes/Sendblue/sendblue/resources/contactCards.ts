import { type Call, READ, WRITE } from '../http/call';
import { answerOf, isRecord, type SendblueAnswer } from '../http/envelope';

/** Name and photo that a line shows to the people it writes with. */
export interface ContactCard {
	hasProfile?: boolean;
	firstName?: string;
	lastName?: string;
	displayName?: string;
	[field: string]: unknown;
}

/**
 * Body of `POST /api/v2/contact-sharing/profile`; the photo is a public JPEG or PNG, and is either set or cleared, not
 * both.
 */
export interface ContactCardBody {
	/** The line, E.164. */
	fromNumber: string;
	firstName: string;
	lastName: string;
	photoUrl?: string;
	clearPhoto?: true;
}

const PATH = '/api/v2/contact-sharing';

/**
 * The contact cards of the account's lines (docs: Contact Sharing). Every method may throw {@link SendblueApiError}.
 */
export class ContactCards {
	constructor(private readonly call: Call) {}

	/** `GET /api/v2/contact-sharing/state`. */
	async get(line: string): Promise<ContactCard> {
		return cardOf(await this.call({ method: 'GET', path: `${PATH}/state`, query: { fromNumber: line } }, READ));
	}

	/** `POST /api/v2/contact-sharing/profile`. */
	async set(json: ContactCardBody): Promise<ContactCard> {
		return cardOf(await this.call({ method: 'POST', path: `${PATH}/profile`, json }, WRITE));
	}

	/** `DELETE /api/v2/contact-sharing/profile`. */
	async remove(line: string): Promise<ContactCard> {
		const json = { fromNumber: line };
		return cardOf(await this.call({ method: 'DELETE', path: `${PATH}/profile`, json }, WRITE));
	}

	/**
	 * `POST /api/v2/contact-sharing/share`: shows the card to a person in an existing iMessage conversation. Sendblue
	 * does nothing if this person was shown it within the last 24 hours.
	 *
	 * @param needed false if the caller can do without it: then there are fewer attempts and less time
	 */
	async share(line: string, number: string, needed = true): Promise<SendblueAnswer> {
		const json = { fromNumber: line, toNumber: number };
		return answerOf(await this.call({ method: 'POST', path: `${PATH}/share`, json }, { ...WRITE, needed }));
	}
}

function cardOf(body: unknown): ContactCard {
	const card = isRecord(body) ? (body.data ?? body) : {};
	return isRecord(card) ? card : {};
}
