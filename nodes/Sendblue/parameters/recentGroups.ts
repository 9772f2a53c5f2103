/** A group that was made or named by this n8n. */
export interface RecentGroup {
	id: string;
	/** Undefined if it has none, or it is not known. */
	name?: string;
	/** The people in it, if they are known. */
	numbers?: readonly string[];
}

/** How many groups of an account are remembered, and of how many accounts; the oldest go first. */
const MOST_GROUPS = 200;
const MOST_ACCOUNTS = 100;

/**
 * Groups by account and ID, the latest last. Sendblue has no list of groups, and shows a new one with its first message
 * only, so the process remembers what it made; n8n's workers in queue mode each have their own.
 */
const byAccount = new Map<string, Map<string, RecentGroup>>();

/** Remembers a group for the list to choose from; what is not told stays as it was. */
export function noteGroup(account: string, group: RecentGroup): void {
	const groups = byAccount.get(account) ?? new Map<string, RecentGroup>();
	const known = groups.get(group.id);
	groups.delete(group.id);
	groups.set(group.id, { ...known, ...group });
	dropOldest(groups, MOST_GROUPS);
	byAccount.delete(account);
	byAccount.set(account, groups);
	dropOldest(byAccount, MOST_ACCOUNTS);
}

/** The groups of an account that this process made or named, the latest first. */
export function recentGroups(account: string): RecentGroup[] {
	return [...(byAccount.get(account)?.values() ?? [])].reverse();
}

function dropOldest(map: Map<string, unknown>, most: number): void {
	if (map.size > most) map.delete(map.keys().next().value as string);
}
