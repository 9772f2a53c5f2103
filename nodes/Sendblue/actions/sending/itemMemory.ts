import { SendblueApiError } from '../../sendblue/errors';
import { recipientOf } from '../../sendblue/sameMessage';
import type { MessageDraft } from './messageDraft';
import type { SentMemory } from './sentMemory';

/** What is remembered of one item, to one recipient, with one content, from try to try. */
export class ItemMemory {
	private readonly key: string;

	private constructor(
		private readonly memory: SentMemory,
		/** What tells the item from others of the same memory. */
		parts: readonly unknown[],
		private readonly keepsSent: boolean,
	) {
		this.key = JSON.stringify(parts);
	}

	/** The memory of an item of a run: whatever the expressions return the next time, it is the same item. */
	static ofItem(memory: SentMemory, itemIndex: number, draft: MessageDraft, fingerprint: string): ItemMemory {
		return new ItemMemory(memory, [itemIndex, recipientOf(draft), fingerprint], true);
	}

	/**
	 * The memory of a call by an AI agent, whose tries cannot be told from its further calls. So what was sent is not
	 * held against a further call, but what may have gone out is.
	 */
	static ofToolCall(memory: SentMemory, draft: MessageDraft, fingerprint: string): ItemMemory {
		return new ItemMemory(memory, [draft, fingerprint], false);
	}

	/**
	 * What an earlier try sent.
	 *
	 * @returns undefined where the item may be sent
	 * @throws {SendblueApiError} the same `unknown` as before, where it may have gone out
	 */
	recall<T extends object>(): T | undefined {
		const known = this.memory.sends.get(this.key);
		if (known?.outcome === 'unknown') throw known.error;
		return known?.result as T | undefined;
	}

	/** Remembers that the item was sent, for the next try. */
	keep(result: object): void {
		if (this.keepsSent) this.memory.sends.set(this.key, { outcome: 'sent', result });
	}

	/** Whether the item may have gone out, and nobody knows. */
	get isUnknown(): boolean {
		return this.memory.sends.get(this.key)?.outcome === 'unknown';
	}

	/** Carries out the send itself and remembers where its outcome is unknown. */
	async guard<T>(send: () => Promise<T>): Promise<T> {
		try {
			return await send();
		} catch (error) {
			if (error instanceof SendblueApiError && error.outcome === 'unknown') {
				this.memory.sends.set(this.key, { outcome: 'unknown', error });
			}
			return await Promise.reject(error);
		}
	}
}
