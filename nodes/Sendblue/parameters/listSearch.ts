/** What the editor's lists offer: lines, contacts, groups and seats. */
import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { SendblueContact } from '../sendblue/resources/contacts';
import type { SendblueLine } from '../sendblue/resources/lines';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { openAccount } from './account';

/** A group that this n8n created or renamed. */
export interface RecentGroup {
	id: string;
	/** Undefined if it has none, or its name is unknown. */
	name?: string;
	/** The people in it, if they are known. */
	numbers?: readonly string[];
}

/** The most groups remembered per account, and the most accounts; the oldest are dropped first. */
const MAX_GROUPS = 200;
const MAX_ACCOUNTS = 100;

/**
 * Groups by account and ID, the latest last. Sendblue has no list of groups, and a new one shows up only with its first
 * message, so the process remembers those it created. In queue mode each worker has its own.
 */
const byAccount = new Map<string, Map<string, RecentGroup>>();

/** Remembers a group for the editor's list; fields that are left out keep their values. */
export function rememberGroup(account: string, group: RecentGroup): void {
	const groups = byAccount.get(account) ?? new Map<string, RecentGroup>();
	const known = groups.get(group.id);
	groups.delete(group.id);
	groups.set(group.id, { ...known, ...group });
	dropOldest(groups, MAX_GROUPS);
	byAccount.delete(account);
	byAccount.set(account, groups);
	dropOldest(byAccount, MAX_ACCOUNTS);
}

/** The groups of an account that this process created or renamed, the latest first. */
function recentGroups(account: string): RecentGroup[] {
	return [...(byAccount.get(account)?.values() ?? [])].reverse();
}

function dropOldest(map: Map<string, unknown>, most: number): void {
	if (map.size > most) map.delete(map.keys().next().value as string);
}

/** The entry that leaves the field empty. */
const DEFAULT_LINE = "The Credential's Default Line, or the Only One";

/** Contacts per page of the list; Sendblue gives up to 1000. */
const CONTACT_PAGE_SIZE = 200;

/** The largest offset Sendblue takes in its list of contacts. */
const MAX_CONTACT_OFFSET = 10_000;

/** The number of recent messages that are searched for groups. */
const MESSAGES_LOOKED_AT = 500;

/** The most members shown in place of a missing group name. */
const MEMBERS_SHOWN = 3;

/** The account's lines for the list of *From*, with the status of each and whether it is shared. */
export async function searchLines(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const client = await openAccount(this);
	const lines = await client.lines.all();
	return {
		results: matching(
			lines.map((line) => ({ name: lineName(line), value: line.number })),
			filter,
		),
	};
}

/** The same lines for *From Name or ID*, which may stay empty. */
export async function getLines(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const client = await openAccount(this);
	const lines = (await client.lines.all()).map((line) => ({ name: lineName(line), value: line.number }));
	return [{ name: DEFAULT_LINE, value: '' }, ...lines];
}

/** The account's contacts, page by page; Sendblue itself cannot search them by name. */
export async function searchContacts(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: unknown,
): Promise<INodeListSearchResult> {
	const client = await openAccount(this);
	let offset = Number(paginationToken ?? 0);
	let results: INodeListSearchItems[] = [];
	let isLast = false;
	// Pages without a match are skipped, since the editor stops at an empty page.
	while (results.length === 0 && !isLast) {
		const contacts = await client.contacts.list({ limit: CONTACT_PAGE_SIZE, offset });
		results = matching(contacts.flatMap(contactEntry), filter);
		offset += contacts.length;
		isLast = contacts.length < CONTACT_PAGE_SIZE || offset > MAX_CONTACT_OFFSET;
	}
	return { results, ...(isLast ? {} : { paginationToken: String(offset) }) };
}

/** Groups that this process created, and those in the latest messages; Sendblue has no list of groups. */
export async function searchGroups(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const client = await openAccount(this);
	const query = {
		message_type: 'group',
		limit: MESSAGES_LOOKED_AT,
		order_by: 'createdAt',
		order_direction: 'desc',
	} as const;
	const { messages } = await client.messages.list(query);
	const groups = new Map<string, INodeListSearchItems>();
	for (const { id, name, numbers = [] } of recentGroups(client.account)) {
		if (name || numbers.length > 0) groups.set(id, { name: name || membersOf(numbers), value: id });
	}
	for (const message of messages) {
		const id = message.group_id;
		if (id && !groups.has(id)) groups.set(id, { name: groupName(message), value: id });
	}
	return { results: matching([...groups.values()], filter) };
}

/** The seats of the account, for the list of *Seat Name or ID*. */
export async function getSeats(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const client = await openAccount(this);
	return (await client.seats.list()).map((seat) => {
		const name = [seat.first_name, seat.last_name].filter(Boolean).join(' ');
		return { name: name === '' ? (seat.email ?? seat.seat_id) : name, value: seat.seat_id };
	});
}

function matching(entries: INodeListSearchItems[], filter: string | undefined): INodeListSearchItems[] {
	const wanted = (filter ?? '').trim().toLowerCase();
	return entries.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted));
}

function lineName(line: SendblueLine): string {
	const notes = [
		...(line.shared ? ['shared'] : []),
		...(line.status && line.status !== 'ONLINE' ? [line.status.toLowerCase()] : []),
	];
	return notes.length === 0 ? line.number : `${line.number} (${notes.join(', ')})`;
}

function contactEntry(contact: SendblueContact): INodeListSearchItems[] {
	const number = contact.phone ?? contact.number;
	if (!number) return [];
	const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ');
	return [{ name: name === '' ? number : `${name} (${number})`, value: number }];
}

function groupName(message: SendblueMessage): string {
	if (message.group_display_name) return message.group_display_name;
	const line = message.sendblue_number ?? message.from_number;
	const members = (message.participants ?? []).filter((number) => number !== line);
	return members.length === 0 ? String(message.group_id) : membersOf(members);
}

/** Names a group by its members. */
function membersOf(members: readonly string[]): string {
	const others = members.length - MEMBERS_SHOWN;
	return `${members.slice(0, MEMBERS_SHOWN).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
