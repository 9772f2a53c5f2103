import { type Call, type CallRule, CHECK, READ } from '../http/call';
import { isRecord } from '../http/envelope';

/** A line's health, from `GET /api/v2/lines/state`. */
export interface LineState {
	sendblue_number: string;
	assignment?: 'assigned' | 'shared' | 'grace_period' | (string & {});
	status?: 'ONLINE' | 'OFFLINE' | 'DEGRADED' | 'UNKNOWN' | (string & {});
	worker_id?: string;
	degraded_since?: string | null;
	effective_until?: string | null;
	status_changed_at?: string | null;
	[field: string]: unknown;
}

/** A line of the account, merged from both lists of lines. */
export interface SendblueLine {
	/** E.164. */
	number: string;
	status?: LineState['status'];
	/** Shared with other accounts (free plan): recipients must write to it first. */
	shared: boolean;
}

/** How much of the allowance for new contacts within an hour or a day is used. */
export interface UsageWindow {
	used?: number;
	limit?: number;
	remaining?: number;
	/** ISO 8601. */
	nextSlotAt?: string | null;
	resetsAt?: string | null;
	[field: string]: unknown;
}

/** A line's room for new contacts. */
export interface LineUsage {
	phone: string;
	state?: string;
	sampledAt?: string;
	newContactLookbackDays?: number;
	hourly?: UsageWindow;
	daily?: UsageWindow;
	availableAt?: string | null;
	[field: string]: unknown;
}

/** Answer of `GET /api/v2/lines/usage`. */
export interface LinesUsage {
	/** Whether the account's plan limits new contacts at all. */
	enabled: boolean;
	lines: LineUsage[];
	[field: string]: unknown;
}

/** The account's lines. Methods may throw {@link SendblueApiError} unless they say otherwise. */
export class Lines {
	constructor(private readonly call: Call) {}

	/** `GET /api/lines`: the account's own numbers, E.164; may be empty on a plan with a shared line. */
	async list(rule: CallRule = READ): Promise<string[]> {
		const body = await this.call({ method: 'GET', path: '/api/lines' }, rule);
		const numbers = isRecord(body) ? (body.numbers ?? body.data) : body;
		if (!Array.isArray(numbers)) return [];
		return numbers.flatMap((entry: unknown) => {
			const number = isRecord(entry) ? (entry.sendblue_number ?? entry.number ?? entry.phone) : entry;
			return typeof number === 'string' && number !== '' ? [number] : [];
		});
	}

	/** `GET /api/v2/lines/state`: health of every line, shared ones included. */
	async states(rule: CallRule = READ): Promise<LineState[]> {
		const body = await this.call({ method: 'GET', path: '/api/v2/lines/state' }, rule);
		const states = isRecord(body) ? body.data : body;
		if (!Array.isArray(states)) return [];
		return states.filter((state): state is LineState => isRecord(state) && typeof state.sendblue_number === 'string');
	}

	/**
	 * `GET /api/v2/lines/usage`: room for new contacts, line by line.
	 *
	 * @param needed false if the caller can do without the answer
	 */
	async usage(needed = true): Promise<LinesUsage> {
		const body = await this.call({ method: 'GET', path: '/api/v2/lines/usage' }, needed ? READ : CHECK);
		const answer = isRecord(body) ? body : {};
		const lines = Array.isArray(answer.lines) ? (answer.lines as unknown[]) : [];
		return {
			...answer,
			enabled: answer.enabled === true,
			lines: lines.filter((line): line is LineUsage => isRecord(line) && typeof line.phone === 'string'),
		};
	}

	/** Both lists of lines as one; either list alone is enough, since some plans have only one. */
	async all(): Promise<SendblueLine[]> {
		const [numbers, states] = await Promise.allSettled([this.list(), this.states()]);
		if (numbers.status === 'rejected' && states.status === 'rejected') throw numbers.reason;

		const lines = new Map<string, SendblueLine>();
		for (const number of numbers.status === 'fulfilled' ? numbers.value : []) {
			lines.set(number, { number, shared: false });
		}
		for (const state of states.status === 'fulfilled' ? states.value : []) {
			lines.set(state.sendblue_number, {
				number: state.sendblue_number,
				status: state.status,
				shared: state.assignment === 'shared',
			});
		}
		return [...lines.values()];
	}

	/**
	 * The numbers of all lines, by both lists. Does not throw.
	 *
	 * @returns undefined if a list could not be read or both are empty, so that no line can be called missing
	 */
	async completeList(): Promise<ReadonlySet<string> | undefined> {
		try {
			const [numbers, states] = await Promise.all([this.list(CHECK), this.states(CHECK)]);
			const all = new Set([...numbers, ...states.map((state) => state.sendblue_number)]);
			return all.size === 0 ? undefined : all;
		} catch {
			return undefined;
		}
	}
}
