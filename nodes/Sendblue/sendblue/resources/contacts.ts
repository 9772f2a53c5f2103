import { type Call, CHECK, READ, WRITE } from '../http/call';
import { answerOf, isRecord, type SendblueAnswer } from '../http/envelope';
import type { SendblueService } from './messages';

/** A contact; captured answers have `phone`, and some fields both in snake case and in camel case. */
export interface SendblueContact {
	phone?: string;
	number?: string;
	contact_id?: string;
	first_name?: string;
	last_name?: string;
	company_name?: string;
	sendblue_number?: string;
	assigned_to_email?: string;
	opt_out?: boolean;
	verified?: boolean;
	tags?: string[];
	custom_variables?: Record<string, string>;
	created_at?: string;
	[field: string]: unknown;
}

/** A contact of `POST /api/v2/contacts/bulk`. */
export interface BulkContact {
	/** E.164. */
	phone: string;
	first_name?: string;
	last_name?: string;
	company_name?: string;
	tags?: string[];
	custom_variables?: Record<string, unknown>;
}

/** Query of `GET /api/v2/contacts`; times are ISO 8601. */
export interface ListContactsQuery {
	/** At most 1000; 100 if it is left out. */
	limit?: number;
	/** At most 10000. */
	offset?: number;
	phone_number?: string;
	cid?: string;
	created_at_gte?: string;
	order_by?: string;
	order_direction?: 'asc' | 'desc';
}

const PATH = '/api/v2/contacts';

/** The account's contacts. Every method may throw {@link SendblueApiError}. */
export class Contacts {
	constructor(private readonly call: Call) {}

	/** `GET /api/v2/contacts`: one page. */
	async list(query: ListContactsQuery = {}): Promise<SendblueContact[]> {
		const body = await this.call({ method: 'GET', path: PATH, query: { ...query } }, READ);
		const contacts = isRecord(body) ? (body.contacts ?? body.data) : body;
		return Array.isArray(contacts) ? contacts.filter((entry): entry is SendblueContact => isRecord(entry)) : [];
	}

	/** `GET /api/v2/contacts/{number}`. */
	async get(number: string): Promise<SendblueContact> {
		return contactOf(await this.call({ method: 'GET', path: contactPath(number) }, READ));
	}

	/** `POST /api/v2/contacts`; with `update_if_exists` an existing contact is updated. */
	async create(contact: SendblueContact & { number: string; update_if_exists?: boolean }): Promise<SendblueContact> {
		return contactOf(await this.call({ method: 'POST', path: PATH, json: contact }, WRITE));
	}

	/** `PUT /api/v2/contacts/{number}`: changes the fields given. */
	async update(number: string, changes: SendblueContact): Promise<SendblueContact> {
		return contactOf(await this.call({ method: 'PUT', path: contactPath(number), json: changes }, WRITE));
	}

	/** `DELETE /api/v2/contacts/{number}`. */
	async delete(number: string): Promise<SendblueAnswer> {
		return answerOf(await this.call({ method: 'DELETE', path: contactPath(number) }, WRITE));
	}

	/** `POST /api/v2/contacts/opt-out`: sends to a number that has opted out are refused by Sendblue. */
	async setOptOut(number: string, optedOut: boolean): Promise<SendblueAnswer> {
		const json = { number, opted_out: optedOut };
		return answerOf(await this.call({ method: 'POST', path: `${PATH}/opt-out`, json }, WRITE));
	}

	/** `POST /api/v2/contacts/bulk`: all of them with one request. */
	async createMany(contacts: BulkContact[]): Promise<SendblueContact[]> {
		const body = await this.call({ method: 'POST', path: `${PATH}/bulk`, json: { contacts } }, WRITE);
		const created = isRecord(body) ? (body.contacts ?? body.data) : body;
		return Array.isArray(created) ? created.filter((entry): entry is SendblueContact => isRecord(entry)) : [];
	}

	/**
	 * `POST /v3/verified-contacts`: lets the shared line of a free plan write to a person, once they have written to
	 * it. The answer names the line and says whether they have.
	 */
	async verify(number: string): Promise<SendblueAnswer> {
		const json = { phone_number: number };
		const body = await this.call({ method: 'POST', path: '/v3/verified-contacts', json }, WRITE);
		return answerOf(isRecord(body) ? (body.data ?? body) : body);
	}
}

function contactPath(number: string): string {
	return `${PATH}/${encodeURIComponent(number)}`;
}

function contactOf(body: unknown): SendblueContact {
	const contact = isRecord(body) ? (body.contact ?? body.data ?? body) : {};
	return isRecord(contact) ? contact : {};
}

/** Answer of `GET /api/evaluate-service`. */
export interface EvaluatedService {
	number?: string;
	/** `iMessage` or `SMS`; RCS is never named. */
	service?: SendblueService | (string & {});
	[field: string]: unknown;
}

/** Phone numbers of other people. */
export class Numbers {
	constructor(private readonly call: Call) {}

	/**
	 * `GET /api/evaluate-service`: whether a number has iMessage, as far as Sendblue knows.
	 *
	 * @param needed false if the caller can do without the answer
	 * @throws {SendblueApiError}
	 */
	async evaluateService(number: string, needed = true): Promise<EvaluatedService> {
		const rule = needed ? READ : CHECK;
		const query = { number };
		return (await this.call({ method: 'GET', path: '/api/evaluate-service', query }, rule)) as EvaluatedService;
	}
}
