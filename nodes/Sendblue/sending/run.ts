import type { SendblueClient } from '../sendblue/client';
import type { LineAllowance } from './allowance';
import type { SharedCard } from './contactCard';
import { Deliveries } from './delivery';
import { accountLedger, SendLedger } from './ledger';
import { sentMemory, type SentMemory } from './memories';
import { LinePacer } from './pacing';
import { PromiseCache } from './promiseCache';
import { SentByTag } from './sentByTag';

/** What this room needs to know about the execution. */
export interface SendingHost {
	/** The client of the execution's account. */
	client(): Promise<SendblueClient>;
	/** Identifies the node's run, the same for all its tries; undefined if nothing does. */
	scope?: string;
	/** Whether an AI agent calls the node; its retries look like new calls. */
	isToolCall: boolean;
	/** When n8n will end the execution, in milliseconds since 1970. */
	endsAt: number;
	/** Aborted when the execution is stopped. */
	signal?: AbortSignal;
	sleep(ms: number): Promise<void>;
	/** Registers a function to be called when the execution ends. */
	onFinish?(forget: () => void): void;
	/** Writes a line to the host's log. */
	log(message: string, fields: Record<string, unknown>): void;
}

/** How long the wait for a line may be before it is logged, and before it becomes a remark, in milliseconds. */
const LOGGED_FROM_MS = 5_000;
const HINTED_FROM_MS = 30_000;

/** The most skipped items whose reasons a remark gives. */
const SKIPS_NAMED = 3;

/** A message that Sendblue has accepted. */
export interface AcceptedMessage {
	/** The recipient for display: a number, a group's ID, or its numbers. */
	recipient: string;
	handle?: string;
}

/** The state that the sends of one execution of a node share. */
export class SendingRun {
	/** Remarks for the user, each once. */
	readonly hints = new Set<string>();

	/** The services of phones by number; undefined if Sendblue does not know. */
	readonly services = new PromiseCache<string | undefined>();

	/** Whether numbers are new to lines, by line and number. */
	readonly newContacts = new PromiseCache<boolean>();

	/** Whether numbers have ever written to lines, by line and number. */
	readonly replied = new PromiseCache<boolean>();

	/** The results of sharing contact cards, by line and number. */
	readonly sharedCards = new PromiseCache<SharedCard>();

	/** The account's lines, as read by this execution; undefined if not known for certain. */
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
	private readonly sent = new Map<number, AcceptedMessage>();

	/** Recipients of messages that may have gone out, by item. */
	private readonly unknown = new Map<number, string>();

	/** Why items were skipped, by item, as sentences. */
	private readonly skipped = new Map<number, string>();

	/** How long prepared messages waited, by line, in milliseconds. */
	private readonly waited = new Map<string, number>();

	/** The remarks on very long waits, by line. */
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

	/** What the sends of this run know about each other, and about all others of the account. */
	ledgerOf(client: SendblueClient): SendLedger {
		this.memory.ledger ??= new SendLedger(accountLedger(client.account));
		return this.memory.ledger;
	}

	/** Notes that Sendblue accepted an item's message. */
	noteSent(itemIndex: number, recipient: string, handle: string | undefined): void {
		this.sent.set(itemIndex, { recipient, ...(handle === undefined ? {} : { handle }) });
	}

	/** Notes that an item's message may have gone out. */
	noteUnknown(itemIndex: number, recipient: string): void {
		this.unknown.set(itemIndex, recipient);
	}

	/** Notes that an item was skipped as the user wanted, and why. */
	noteSkipped(itemIndex: number, message: string): void {
		this.skipped.set(itemIndex, message);
	}

	/** An item's message, if Sendblue accepted it. */
	acceptedMessage(itemIndex: number): AcceptedMessage | undefined {
		return this.sent.get(itemIndex);
	}

	/** The accepted messages in the items' order. */
	sentInOrder(): AcceptedMessage[] {
		return [...this.sent].sort(([a], [b]) => a - b).map(([, note]) => note);
	}

	/**
	 * The recipients of messages that may have gone out, in the items' order.
	 *
	 * @param exceptItem left out, because its own error already says so
	 */
	unknownInOrder(exceptItem?: number): string[] {
		const others = [...this.unknown].filter(([itemIndex]) => itemIndex !== exceptItem);
		return others.sort(([a], [b]) => a - b).map(([, recipient]) => recipient);
	}

	/** Logs what went out before the execution was stopped, since the output is lost. */
	logStop(): void {
		const notes = this.sentInOrder();
		const handles = notes.map(({ handle, recipient }) => handle ?? `without a handle, to ${recipient}`);
		const sent =
			handles.length === 0
				? 'nothing'
				: `${handles.length} ${handles.length === 1 ? 'message' : 'messages'}: ${handles.join(', ')}`;
		const unknown = this.unknownInOrder();
		const open = unknown.length === 0 ? '' : `; may have gone out: to ${unknown.join(', ')}`;
		this.host.log(`Sendblue: the execution was stopped; accepted before: ${sent}${open}`, {
			messageHandles: notes.flatMap(({ handle }) => handle ?? []),
		});
	}

	/** Logs a long wait for a line, and turns a very long one into a remark. */
	private noteWaiting(line: string, ms: number): void {
		const before = this.waited.get(line) ?? 0;
		const waited = before + ms;
		this.waited.set(line, waited);
		const reason = 'the limit of messages per second on a line applies to all executions together';
		if (before < LOGGED_FROM_MS && waited >= LOGGED_FROM_MS) {
			this.host.log(`Sendblue: messages of the line ${line} are waiting: ${reason}`, { waitedMs: waited });
		}
		if (waited < HINTED_FROM_MS) return;
		this.waitHints.set(line, `Messages of the line ${line} waited ${Math.round(waited / 1000)} s in total: ${reason}.`);
	}

	/**
	 * Remarks for the user: the skipped items, all other remarks without repetition, and long waits.
	 *
	 * @param items the number of items
	 */
	remarks(items: number): string[] {
		return [...this.skipHint(items), ...this.hints, ...this.waitHints.values()];
	}

	private skipHint(items: number): string[] {
		const reasons = [...this.skipped].sort(([a], [b]) => a - b).map(([, message]) => message);
		if (reasons.length === 0) return [];
		const were = reasons.length === 1 ? 'was' : 'were';
		const others = reasons.length - SKIPS_NAMED;
		const more = others > 0 ? ` The output gives the reasons for ${others} more.` : '';
		const named = reasons.slice(0, SKIPS_NAMED).join(' ');
		return [`${reasons.length} of ${items} ${items === 1 ? 'item' : 'items'} ${were} skipped: ${named}${more}`];
	}

	/** Call when the node is done, whether it failed or not. */
	finish(): void {
		if (!this.remembered) return;
		this.remembered.atWork -= 1;
		this.remembered.lastUsed = Date.now();
	}
}
