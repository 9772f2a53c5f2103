import type { SendblueClient } from '../sendblue/client';
import type { LineAllowance } from './allowance';
import { Deliveries } from './delivery';
import { SentByTag, sentMemory, type SentMemory } from './memories';
import { LinePacer } from './pacing';
import { PromiseCache } from './promiseCache';

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

/** What the sends of one execution of a node know together. */
export class SendingRun {
	/** Remarks for the user, each once. */
	readonly hints = new Set<string>();

	/** What the phones of numbers take, as far as Sendblue could tell. */
	readonly services = new PromiseCache<string | undefined>();

	/** Whether numbers are new to lines, by line and number. */
	readonly newContacts = new PromiseCache<boolean>();

	/** The account's lines; undefined where they are not known for sure. */
	readonly lines = new PromiseCache<ReadonlySet<string> | undefined>();

	/** Room for new contacts; undefined where it could not be read. */
	readonly allowance = new PromiseCache<LineAllowance | undefined>();

	readonly sentByTag = new SentByTag();

	readonly deliveries: Deliveries;

	/** Spaces the messages of each line. */
	readonly pacer: LinePacer;

	/** Handles of the messages Sendblue accepted, by item. */
	private readonly sentHandles = new Map<number, string>();

	private remembered?: SentMemory;

	constructor(readonly host: SendingHost) {
		this.deliveries = new Deliveries(host.endsAt);
		this.pacer = new LinePacer({ sleep: host.sleep, now: () => Date.now(), signal: host.signal });
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

	/** Notes that an item's message is with Sendblue. */
	noteSent(itemIndex: number, handle: string | undefined): void {
		if (handle) this.sentHandles.set(itemIndex, handle);
	}

	/** The accepted messages' handles in the items' order. */
	handlesInOrder(): string[] {
		return [...this.sentHandles].sort(([a], [b]) => a - b).map(([, handle]) => handle);
	}

	/** Writes to the log what went out before the execution was stopped, as its output is lost. */
	logStop(): void {
		const handles = this.handlesInOrder();
		const sent = handles.length === 0 ? 'nothing' : `${handles.length} messages: ${handles.join(', ')}`;
		this.host.log(`Sendblue: the execution was stopped; accepted before: ${sent}`, { messageHandles: handles });
	}

	/** To be called when the node is done, whatever came of it. */
	finish(): void {
		if (!this.remembered) return;
		this.remembered.atWork -= 1;
		this.remembered.lastUsed = Date.now();
	}
}
