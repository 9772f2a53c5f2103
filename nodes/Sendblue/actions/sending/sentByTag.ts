import { SendblueApiError } from '../../sendblue/errors';
import type { SendblueMessage } from '../../sendblue/types';

/** How long a send can matter to a look-up that was made before it, in milliseconds. */
const KEPT_FOR_MS = 60 * 60_000;

/** How many sends are kept; the oldest go first. */
const MOST_KEPT = 5_000;

interface TaggedSend {
	/** The execution's own {@link SentByTag}. */
	owner: SentByTag;
	sending: Promise<SendblueMessage>;
	/** In milliseconds since 1970; missing while it is under way. */
	settledAt?: number;
}

/** Sends of this process by tag: executions that run at the same time do not see each other in Sendblue's list. */
const sends = new Map<string, TaggedSend>();

/** How a tagged message is sent. */
export interface TaggedSending {
	/** Unique among all accounts. */
	tag: string;
	/** When Sendblue's list was asked for an earlier message, in milliseconds since 1970. */
	lookedUpAt: number;
	/** How long Sendblue may take to list a message it accepted, in milliseconds. */
	listedWithinMs: number;
	send(): Promise<SendblueMessage>;
	/** Whether Sendblue has refused a message since; it may then be sent again. */
	wasRefused(message: SendblueMessage): Promise<boolean>;
}

/** The tagged sends of one execution. */
export class SentByTag {
	/** Whether another item of the execution sent under a tag, or is about to. */
	has(tag: string): boolean {
		return sends.get(tag)?.owner === this;
	}

	/**
	 * Sends, or returns what another item, or an execution at the same time, sent under the tag.
	 *
	 * @throws {SendblueApiError} whatever the send threw; a message that surely did not go out may be tried again
	 */
	async once(sending: TaggedSending): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
		const { tag, send, wasRefused } = sending;
		const earlier = sends.get(tag);
		if (earlier && this.mustCount(earlier, sending)) {
			const message = await earlier.sending;
			if (earlier.owner === this || !(await wasRefused(message))) return { message, isDuplicate: true };
			// While that was asked, yet another execution may have begun to send.
			if (sends.get(tag) !== earlier) return await this.once(sending);
		}
		return { message: await this.begin(tag, send()), isDuplicate: false };
	}

	/** Whether the look-up could have missed a send. */
	private mustCount({ owner, settledAt }: TaggedSend, { lookedUpAt, listedWithinMs }: TaggedSending): boolean {
		return owner === this || settledAt === undefined || settledAt > lookedUpAt - listedWithinMs;
	}

	private async begin(tag: string, sending: Promise<SendblueMessage>): Promise<SendblueMessage> {
		const entry: TaggedSend = { owner: this, sending };
		forgetOld();
		sends.delete(tag);
		sends.set(tag, entry);
		try {
			return await sending;
		} catch (error) {
			const mayHaveGoneOut = error instanceof SendblueApiError && error.outcome === 'unknown';
			if (!mayHaveGoneOut && sends.get(tag) === entry) sends.delete(tag);
			return await Promise.reject(error);
		} finally {
			entry.settledAt = Date.now();
		}
	}
}

/** Entries stand in the order in which they began. */
function forgetOld(): void {
	const now = Date.now();
	for (const [tag, { settledAt }] of sends) {
		const isOld = settledAt !== undefined && now - settledAt > KEPT_FOR_MS;
		if (!isOld && sends.size < MOST_KEPT) return;
		sends.delete(tag);
	}
}
