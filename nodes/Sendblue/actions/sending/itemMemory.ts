import { SendblueApiError } from '../../sendblue/errors';
import type { SentMemory } from './sentMemory';

/** What is remembered of one item, to one recipient, with one content, from try to try. */
export class ItemMemory {
	private readonly key: string;

	/** @param parts what tells the item from others of the same run */
	constructor(
		private readonly memory: SentMemory,
		parts: ReadonlyArray<string | number>,
	) {
		this.key = JSON.stringify(parts);
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

	/** Remembers that the item was sent. */
	keep(result: object): void {
		this.memory.sends.set(this.key, { outcome: 'sent', result });
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
