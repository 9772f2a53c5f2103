import type { IExecuteFunctions } from 'n8n-workflow';

import { PromiseCache } from '../../n8n/promiseCache';
import type { LineAllowance } from '../../sendblue/allowance';
import { Deliveries } from './deliveries';
import { SentByTag } from './sentByTag';
import { sentMemory, type SentMemory } from './sentMemory';

/** What the sends of one execution know together. */
export class SendingState {
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

	/** Handles of the messages Sendblue accepted, by item. */
	private readonly sentHandles = new Map<number, string>();

	private remembered?: SentMemory;

	constructor(private readonly context: IExecuteFunctions) {
		this.deliveries = new Deliveries(context, Date.now());
	}

	/** What earlier tries of the same execution sent. */
	get memory(): SentMemory {
		if (!this.remembered) {
			this.remembered = sentMemory(this.context);
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

	/** Writes to n8n's log what went out before the execution was stopped, as its output is lost. */
	logStop(): void {
		const handles = this.handlesInOrder();
		const sent = handles.length === 0 ? 'nothing' : `${handles.length} messages: ${handles.join(', ')}`;
		this.context.logger.info(`Sendblue: the execution was stopped; accepted before: ${sent}`, {
			messageHandles: handles,
		});
	}

	/** To be called when the node is done, whatever came of it. */
	finish(): void {
		if (!this.remembered) return;
		this.remembered.atWork -= 1;
		this.remembered.lastUsed = Date.now();
	}
}
