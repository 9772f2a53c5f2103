import type { SendblueClient } from '../sendblue/client';
import type { LineAllowance } from './allowance';
import type { SharedCard } from './contactCard';
import { Deliveries } from './delivery';
import { accountLedger, SendLedger } from './ledger';
import { sentMemory, type SentMemory } from './memories';
import { LinePacer } from './pacing';
import { PromiseCache } from './promiseCache';
import { SentByTag } from './sentByTag';

/** The execution that messages are sent for, as far as this room has to know it. */
export interface SendingHost {
	/** The client of the execution's account. */
	client(): Promise<SendblueClient>;
	/** What tells the present run of the node from all others, the same for all its tries; undefined: nothing does. */
	scope?: string;
	/** Whether an AI agent calls, whose tries cannot be told from its further calls. */
	isToolCall: boolean;
	/** When the execution is ended from outside, in milliseconds since 1970. */
	endsAt: number;
	/** Aborted when the execution is stopped. */
	signal?: AbortSignal;
	sleep(ms: number): Promise<void>;
	/** Has a function called when the execution ends. */
	onFinish?(forget: () => void): void;
	/** Writes a line to the host's log. */
	log(message: string, fields: Record<string, unknown>): void;
}

/** From when on waiting for a line is written to the log, and shown beside the output; in milliseconds. */
const LOGGED_FROM_MS = 5_000;
const HINTED_FROM_MS = 30_000;

/** Of how many skipped items a remark says why. */
const SKIPS_NAMED = 3;

/** A message that is with Sendblue. */
export interface SentNote {
	/** In words: a number, a group's ID, or its numbers. */
	recipient: string;
	handle?: string;
}

/** What the sends of one execution of a node know together. */
export class SendingRun {
	/** Remarks for the user, each once. */
	readonly hints = new Set<string>();

	/** What the phones of numbers take, as far as Sendblue could tell. */
	readonly services = new PromiseCache<string | undefined>();

	/** Whether numbers are new to lines, by line and number. */
	readonly newContacts = new PromiseCache<boolean>();

	/** Whether numbers have ever written to lines, by line and number. */
	readonly replied = new PromiseCache<boolean>();

	/** What became of contact cards that were shared along, by line and number. */
	readonly sharedCards = new PromiseCache<SharedCard>();

	/** The account's lines, as read by this execution; undefined if they are not known for sure. */
	readonly lines = new PromiseCache<ReadonlySet<string> | undefined>();

	/** Room for new contacts; undefined if it could not be read. */
	readonly allowance = new PromiseCache<LineAllowance | undefined>();

	/** Whether {@link allowance} has been read. */
	knowsAllowance = false;

	readonly sentByTag = new SentByTag();

	readonly deliveries: Deliveries;

	/** Spaces the messages of each line. */
	readonly pacer: LinePacer;

	/** The messages Sendblue accepted, by item. */
	private readonly sent = new Map<number, SentNote>();

	/** Recipients of messages that may have gone out, by item. */
	private readonly unknown = new Map<number, string>();

	/** Why items were left out, in words, by item. */
	private readonly skipped = new Map<number, string>();

	/** How long messages that were ready waited for their lines, in milliseconds, by line. */
	private readonly waited = new Map<string, number>();

	/** What is said of it, by line. */
	private readonly waitHints = new Map<string, string>();

	private remembered?: SentMemory;

	constructor(readonly host: SendingHost) {
		this.deliveries = new Deliveries(host.endsAt);
		this.pacer = new LinePacer({
			sleep: host.sleep,
			now: () => Date.now(),
			signal: host.signal,
			onWaited: (line, ms) => this.noteWaiting(line, ms),
		});
	}

	/** The client of the execution's account. */
	async client(): Promise<SendblueClient> {
		return await this.host.client();
	}

	/** What earlier tries of the same execution sent. */
	get memory(): SentMemory {
		if (!this.remembered) {
			this.remembered = sentMemory(this.host.scope, this.host.onFinish);
			this.remembered.atWork += 1;
		}
		return this.remembered;
	}

	/** What the sends of this run know of each other, and of all others of the account. */
	ledgerOf(client: SendblueClient): SendLedger {
		this.memory.ledger ??= new SendLedger(accountLedger(client.account));
		return this.memory.ledger;
	}

	/** Notes that an item's message is with Sendblue. */
	noteSent(itemIndex: number, recipient: string, handle: string | undefined): void {
		this.sent.set(itemIndex, { recipient, ...(handle === undefined ? {} : { handle }) });
	}

	/** Notes that an item's message may be with Sendblue. */
	noteUnknown(itemIndex: number, recipient: string): void {
		this.unknown.set(itemIndex, recipient);
	}

	/** Notes that an item was left out on the user's wish, and why. */
	noteSkipped(itemIndex: number, message: string): void {
		this.skipped.set(itemIndex, message);
	}

	/** An item's message, if it is with Sendblue. */
	sentNote(itemIndex: number): SentNote | undefined {
		return this.sent.get(itemIndex);
	}

	/** The accepted messages in the items' order. */
	sentInOrder(): SentNote[] {
		return [...this.sent].sort(([a], [b]) => a - b).map(([, note]) => note);
	}

	/**
	 * To whom messages may have gone out, in the items' order.
	 *
	 * @param exceptItem the item that says so itself
	 */
	unknownInOrder(exceptItem?: number): string[] {
		const others = [...this.unknown].filter(([itemIndex]) => itemIndex !== exceptItem);
		return others.sort(([a], [b]) => a - b).map(([, recipient]) => recipient);
	}

	/** Writes to the log what went out before the execution was stopped, as its output is lost. */
	logStop(): void {
		const notes = this.sentInOrder();
		const handles = notes.map(({ handle, recipient }) => handle ?? `without a handle, to ${recipient}`);
		const sent =
			handles.length === 0
				? 'nothing'
				: `${handles.length} ${handles.length === 1 ? 'message' : 'messages'}: ${handles.join(', ')}`;
		const unknown = this.unknownInOrder();
		const open = unknown.length === 0 ? '' : `; unknown whether it went out: to ${unknown.join(', ')}`;
		this.host.log(`Sendblue: the execution was stopped; accepted before: ${sent}${open}`, {
			messageHandles: notes.flatMap(({ handle }) => handle ?? []),
		});
	}

	/** Makes long waiting for a line seen. */
	private noteWaiting(line: string, ms: number): void {
		const before = this.waited.get(line) ?? 0;
		const waited = before + ms;
		this.waited.set(line, waited);
		const text = `messages of the line ${line} wait for their turn: a line sends so many per second and no more, those of other executions included`;
		if (before < LOGGED_FROM_MS && waited >= LOGGED_FROM_MS) this.host.log(`Sendblue: ${text}`, { waitedMs: waited });
		if (waited < HINTED_FROM_MS) return;
		this.waitHints.set(line, `In all ${Math.round(waited / 1000)} s were waited: ${text}.`);
	}

	/**
	 * Remarks for the user: how many items were left out, each other remark once, and how long was waited.
	 *
	 * @param items how many there were
	 */
	remarks(items: number): string[] {
		return [...this.skipHint(items), ...this.hints, ...this.waitHints.values()];
	}

	private skipHint(items: number): string[] {
		const reasons = [...this.skipped].sort(([a], [b]) => a - b).map(([, message]) => message);
		if (reasons.length === 0) return [];
		const were = reasons.length === 1 ? 'was' : 'were';
		const others = reasons.length - SKIPS_NAMED;
		const more = others > 0 ? ` The output says it of ${others} more.` : '';
		const named = reasons.slice(0, SKIPS_NAMED).join(' ');
		return [`${reasons.length} of ${items} ${items === 1 ? 'item' : 'items'} ${were} skipped: ${named}${more}`];
	}

	/** To be called when the node is done, whatever came of it. */
	finish(): void {
		if (!this.remembered) return;
		this.remembered.atWork -= 1;
		this.remembered.lastUsed = Date.now();
	}
}
