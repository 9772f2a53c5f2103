import { rethrow, SendblueApiError } from '../sendblue/errors';
import type { SendblueMessage } from '../sendblue/resources/messages';

/**
 * How long a send is kept after its end, in milliseconds: the longest that another message is expected to wait between
 * its own search of the list, which may have missed this send, and its turn.
 */
const TAG_KEPT_FOR_MS = 60 * 60_000;

/** The most sends kept; the oldest are dropped first. */
const MAX_TAGS_KEPT = 5_000;

interface TaggedSend {
	/** The {@link SentByTag} of the execution that sends. */
	owner: SentByTag;
	sending: Promise<SendblueMessage>;
	/** When it ended, in milliseconds since 1970; missing while it is in progress. */
	settledAt?: number;
}

/** Sends of this process by tag: Sendblue's list does not show concurrent executions each other's messages in time. */
const sends = new Map<string, TaggedSend>();

/** How a tagged message is sent. */
export interface TaggedSending {
	/** The keys of the message, each unique across accounts: one in common makes it a duplicate. */
	tags: readonly string[];
	/** When Sendblue's list was searched for an earlier message, in milliseconds since 1970. */
	lookedUpAt: number;
	/** How long Sendblue may take to list a message it accepted, in milliseconds. */
	listedWithinMs: number;
	send(): Promise<SendblueMessage>;
	/** Whether Sendblue refused a message after it had accepted it, so that it may be sent again. */
	wasRefused(message: SendblueMessage): Promise<boolean>;
}

/** The tagged sends of one execution. */
export class SentByTag {
	/** Whether another item of the execution sent under one of the tags, or is about to. */
	has(tags: readonly string[]): boolean {
		return tags.some((tag) => sends.get(tag)?.owner === this);
	}

	/**
	 * Sends, or returns what another item or a concurrent execution sent under one of the tags.
	 *
	 * @throws {SendblueApiError} whatever the send threw; a message that certainly did not go out may be tried again
	 */
	async once(sending: TaggedSending): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
		const { tags, send, wasRefused } = sending;
		const earlier = this.earlierSend(sending);
		if (earlier) {
			const message = await earlier.sending;
			if (earlier.owner === this || !(await wasRefused(message))) return { message, isDuplicate: true };
			for (const tag of tags) if (sends.get(tag) === earlier) sends.delete(tag);
			// Meanwhile yet another execution may have started to send.
			return await this.once(sending);
		}
		return { message: await this.begin(tags, send()), isDuplicate: false };
	}

	/** An earlier send under one of the tags: of this execution, or one that the search of the list may have missed. */
	private earlierSend({ tags, lookedUpAt, listedWithinMs }: TaggedSending): TaggedSend | undefined {
		return tags
			.map((tag) => sends.get(tag))
			.find(
				(earlier) =>
					earlier &&
					(earlier.owner === this ||
						earlier.settledAt === undefined ||
						earlier.settledAt > lookedUpAt - listedWithinMs),
			);
	}

	private async begin(tags: readonly string[], sending: Promise<SendblueMessage>): Promise<SendblueMessage> {
		const entry: TaggedSend = { owner: this, sending };
		forgetOldTags();
		for (const tag of tags) {
			sends.delete(tag);
			sends.set(tag, entry);
		}
		try {
			return await sending;
		} catch (error) {
			const mayHaveGoneOut = error instanceof SendblueApiError && error.outcome === 'unknown';
			for (const tag of tags) if (!mayHaveGoneOut && sends.get(tag) === entry) sends.delete(tag);
			return rethrow(error);
		} finally {
			entry.settledAt = Date.now();
		}
	}
}

/** Entries are in the order in which they began. */
function forgetOldTags(): void {
	const now = Date.now();
	for (const [tag, { settledAt }] of sends) {
		const isOld = settledAt !== undefined && now - settledAt > TAG_KEPT_FOR_MS;
		if (!isOld && sends.size < MAX_TAGS_KEPT) return;
		sends.delete(tag);
	}
}
