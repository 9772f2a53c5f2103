import type { Call } from '../call';
import { isRecord } from '../envelope';
import type { ListContactsQuery, SendblueAnswer, SendblueContact } from '../types';
import { answerOf } from './messages';
import { READ, WRITE } from './rules';

const PATH = '/api/v2/contacts';

/** `GET /api/v2/contacts`: one page. */
export async function listContacts(call: Call, query: ListContactsQuery = {}): Promise<SendblueContact[]> {
	const body = await call({ method: 'GET', path: PATH, query: { ...query } }, READ);
	const contacts = isRecord(body) ? (body.contacts ?? body.data) : body;
	return Array.isArray(contacts) ? contacts.filter((entry): entry is SendblueContact => isRecord(entry)) : [];
}

/** `GET /api/v2/contacts/count`. */
export async function countContacts(call: Call): Promise<number> {
	const body = await call({ method: 'GET', path: `${PATH}/count` }, READ);
	return isRecord(body) ? Number(body.count ?? 0) : 0;
}

/** `GET /api/v2/contacts/{number}`. */
export async function getContact(call: Call, number: string): Promise<SendblueContact> {
	return contactOf(await call({ method: 'GET', path: contactPath(number) }, READ));
}

/** `POST /api/v2/contacts`; with `update_if_exists` an existing contact is updated. */
export async function createContact(
	call: Call,
	contact: SendblueContact & { number: string; update_if_exists?: boolean },
): Promise<SendblueContact> {
	return contactOf(await call({ method: 'POST', path: PATH, json: contact }, WRITE));
}

/** `PUT /api/v2/contacts/{number}`: changes the fields given. */
export async function updateContact(call: Call, number: string, changes: SendblueContact): Promise<SendblueContact> {
	return contactOf(await call({ method: 'PUT', path: contactPath(number), json: changes }, WRITE));
}

/** `DELETE /api/v2/contacts/{number}`. */
export async function deleteContact(call: Call, number: string): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'DELETE', path: contactPath(number) }, WRITE));
}

/** `POST /api/v2/contacts/bulk`. */
export async function createContacts(
	call: Call,
	contacts: Array<SendblueContact & { phone: string }>,
): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'POST', path: `${PATH}/bulk`, json: { contacts } }, WRITE));
}

/** `DELETE /api/v2/contacts` for several numbers, E.164. */
export async function deleteContacts(call: Call, numbers: string[]): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'DELETE', path: PATH, json: { contact_ids: numbers } }, WRITE));
}

/** `POST /api/v2/contacts/opt-out`: sends to a number that has opted out are refused by Sendblue. */
export async function setOptOut(call: Call, number: string, optedOut: boolean): Promise<SendblueAnswer> {
	const json = { number, opted_out: optedOut };
	return answerOf(await call({ method: 'POST', path: `${PATH}/opt-out`, json }, WRITE));
}

/** `POST /api/v2/contacts/verify`. */
export async function verifyContact(call: Call, number: string): Promise<SendblueAnswer> {
	return answerOf(await call({ method: 'POST', path: `${PATH}/verify`, json: { number } }, WRITE));
}

function contactPath(number: string): string {
	return `${PATH}/${encodeURIComponent(number)}`;
}

function contactOf(body: unknown): SendblueContact {
	const contact = isRecord(body) ? (body.contact ?? body.data ?? body) : {};
	return isRecord(contact) ? contact : {};
}
