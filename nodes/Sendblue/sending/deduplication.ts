import type { SendblueClient } from '../sendblue/client';
import { SendblueApiError } from '../sendblue/errors';
import { handleOf, verdictOf } from '../sendblue/messageState';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { sendReliably } from './atMostOnce';
import { duplicateTag, findDuplicate, hasTag } from './duplicates';
import type { MessageForm } from './outcomes';
import type { SendingRun } from './run';
import { recipientKey, textOf, type SendBody } from './sameMessage';

/** The parts of a planned message that identify duplicates. */
interface PlannedMessage {
	draft: SendBody;
	settings: {
		/** The user's key for the message; undefined if duplicates are not avoided. */
		deduplicationKey?: string;
		/** How far back an untagged message counts as sent, in milliseconds. */
		deduplicationWindowMs: number;
	};
	/**
	 * The address of the media if it is sent as it is, else undefined; a message without media has no such function.
	 */
	mediaUrl?(form: MessageForm): string | undefined;
}

/** A message that must not be sent twice, in the form in which it goes out. */
export interface GuardedMessage {
	plan: PlannedMessage;
	form: MessageForm;
	/** As {@link tagOf} makes it. */
	tag?: string;
}

/** The tag in the name of the message's file; undefined if duplicates are not avoided. */
export function tagOf({ draft, settings: { deduplicationKey: key } }: PlannedMessage): string | undefined {
	return key === undefined ? undefined : duplicateTag(key, draft);
}

/**
 * The same message if it was sent before, in this or another execution, and duplicates are avoided.
 *
 * @throws {SendblueApiError} as `findDuplicate` does
 */
export async function sentEarlier(
	run: SendingRun,
	{ plan, form, tag }: GuardedMessage,
): Promise<SendblueMessage | undefined> {
	if (tag === undefined) return undefined;
	const trace = {
		tag,
		...untaggedContent(plan, form),
		windowMs: plan.settings.deduplicationWindowMs,
		onCut: (searched: number) =>
			run.hints.add(
				`For some recipients, only the latest ${searched} messages were searched for duplicates; older ones may have been missed.`,
			),
	};
	return await findDuplicate(await run.client(), plan.draft, trace);
}

/** What identifies an untagged message in Sendblue's list: its text alone, or an address that is sent as it is. */
function untaggedContent({ mediaUrl }: PlannedMessage, form: MessageForm): { isText: boolean; mediaUrl?: string } {
	const isText = form === 'text' || mediaUrl === undefined;
	return { isText, mediaUrl: isText ? undefined : mediaUrl?.(form) };
}

/** Whether the message's file was uploaded for it; an address that is sent as it is may also be used by others. */
function isUploaded({ plan, form }: GuardedMessage, body: SendBody): boolean {
	return body.media_url !== undefined && untaggedContent(plan, form).mediaUrl === undefined;
}

/**
 * Refuses a message whose uploaded file does not carry its tag, since a later run could not find it.
 *
 * @throws {SendblueApiError} `notSent`
 */
export function refuseLostTag(message: GuardedMessage, body: SendBody): void {
	const { tag } = message;
	if (tag === undefined || !isUploaded(message, body) || hasTag(body.media_url, tag)) return;
	throw new SendblueApiError({
		outcome: 'notSent',
		explanation:
			'Sendblue stored the file under a different name than the one it was uploaded with, so a duplicate of the message could not be found later.',
		hint: 'Try it again.',
		kind: 'tagLost',
	});
}

/** The keys under which this process remembers the message; none if duplicates are not avoided. */
function tagsOf({ plan, form, tag }: GuardedMessage, { account }: SendblueClient): string[] {
	if (tag === undefined) return [];
	const { isText, mediaUrl } = untaggedContent(plan, form);
	const { draft, settings } = plan;
	const content = isText ? ['text', textOf(draft.content)] : ['address', mediaUrl];
	const isUntagged = (isText || mediaUrl !== undefined) && settings.deduplicationWindowMs > 0;
	const asContent = JSON.stringify([account, draft.from_number, recipientKey(draft), ...content]);
	return [`${account} ${tag}`, ...(isUntagged ? [asContent] : [])];
}

/** Whether another item of the execution sent the same, or is about to. */
export function isSentHere(run: SendingRun, message: GuardedMessage, client: SendblueClient): boolean {
	return run.sentByTag.has(tagsOf(message, client));
}

/** How a guarded message is sent. */
interface GuardedSending {
	/** The message as it goes out. */
	body: SendBody;
	/** When Sendblue's list was searched for an earlier message, in milliseconds since 1970. */
	lookedUpAt: number;
	/** Called before the look-up after a lost answer: the line is free for its next message. */
	onAttemptEnded(): void;
}

/**
 * Sends a message, or returns the one that another item, or an execution at the same time, sent in its place.
 *
 * @throws {SendblueApiError} as `sendReliably` does
 */
export async function sendOnce(
	run: SendingRun,
	client: SendblueClient,
	message: GuardedMessage,
	{ body, lookedUpAt, onAttemptEnded }: GuardedSending,
): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
	const sender = { client, ledger: run.ledgerOf(client) };
	const hasOwnFile = isUploaded(message, body);
	const send = async (): Promise<SendblueMessage> => {
		const sent = await sendReliably(sender, body, { onAttemptEnded, hasOwnFile });
		if (sent.reconciled && !hasOwnFile) run.hints.add(FOUND_BY_CONTENT);
		return sent.message;
	};
	const tags = tagsOf(message, client);
	if (tags.length === 0) return { message: await send(), isDuplicate: false };
	const wasRefused = async (earlier: SendblueMessage): Promise<boolean> => await isRefused(client, earlier);
	return await run.sentByTag.once({ tags, lookedUpAt, listedWithinMs: client.timings.lookUpFor, send, wasRefused });
}

/** The remark on a message without a file of its own that a look-up found. */
const FOUND_BY_CONTENT =
	"Sendblue's answer about a message was lost, and the message was found in its list by line, recipient, content and time. The same content that somebody else sent at the same moment would look the same.";

/** Whether Sendblue says that a message certainly did not go out; false if it says nothing. */
async function isRefused(client: SendblueClient, earlier: SendblueMessage): Promise<boolean> {
	const handle = handleOf(earlier);
	if (handle === undefined) return false;
	return verdictOf(await client.messages.get(handle).catch(() => undefined)) === 'refused';
}
