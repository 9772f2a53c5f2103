import { rethrow, SendblueApiError } from '../sendblue/errors';
import type { SendblueMessage } from '../sendblue/resources/messages';

/** How long a send can matter to a look-up that was made before it, in milliseconds. */
const TAG_KEPT_FOR_MS = 60 * 60_000;

/** How many sends are kept; the oldest go first. */
const MOST_TAGS_KEPT = 5_000;

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
	/** What stands for the message, each unique among all accounts: any of them makes it a duplicate. */
	tags: readonly string[];
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
	/** Whether another item of the execution sent under one of the tags, or is about to. */
	has(tags: readonly string[]): boolean {
		return tags.some((tag) => sends.get(tag)?.owner === this);
	}

	/**
	 * Sends, or returns what another item, or an execution at the same time, sent under one of the tags.
	 *
	 * @throws {SendblueApiError} whatever the send threw; a message that surely did not go out may be tried again
	 */
	async once(sending: TaggedSending): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
		const { tags, send, wasRefused } = sending;
		const earlier = this.countedAmong(sending);
		if (earlier) {
			const message = await earlier.sending;
			if (earlier.owner === this || !(await wasRefused(message))) return { message, isDuplicate: true };
			for (const tag of tags) if (sends.get(tag) === earlier) sends.delete(tag);
			// While that was asked, yet another execution may have begun to send.
			return await this.once(sending);
		}
		return { message: await this.begin(tags, send()), isDuplicate: false };
	}

	/** An earlier send that the look-up could have missed. */
	private countedAmong({ tags, lookedUpAt, listedWithinMs }: TaggedSending): TaggedSend | undefined {
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

/** Entries stand in the order in which they began. */
function forgetOldTags(): void {
	const now = Date.now();
	for (const [tag, { settledAt }] of sends) {
		const isOld = settledAt !== undefined && now - settledAt > TAG_KEPT_FOR_MS;
		if (!isOld && sends.size < MOST_TAGS_KEPT) return;
		sends.delete(tag);
	}
}
