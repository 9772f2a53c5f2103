import type { SendblueClient } from '../sendblue/client';
import { rethrow, SendblueApiError } from '../sendblue/errors';
import { sleepUnlessCancelled } from '../sendblue/http/time';
import { handleOf, remarkOn, verdictOf } from '../sendblue/messageState';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { readAllowance, takeSlot, type AllowanceFacts, type AllowanceWish, type Slot } from './allowance';
import { sendReliably, type SendOptions } from './atMostOnce';
import {
	forgetLines,
	formForService,
	formForStranger,
	readReplied,
	readService,
	refuseForeignLine,
	type ChosenForm,
	type NeverRepliedWish,
	type NoIMessageWish,
} from './checks';
import { shareCard } from './contactCard';
import { duplicateTag, findDuplicate, hasTag } from './duplicates';
import { withGroupId } from './groupId';
import { ItemMemory } from './memories';
import type { MessageForm, Sent, Skipped } from './outcomes';
import { lineSpacing, type Ticket } from './pacing';
import type { SendingRun } from './run';
import { isToOne, recipientKey, recipientOf, textOf, type SendBody } from './sameMessage';

/** A message ready to go out, with whatever its operation wants to know afterwards. */
export interface PreparedMessage {
	body: SendBody;
}

/** What the user set about sends that must not be repeated, wasted or lost sight of. */
export interface SendSettings {
	/** What stands for the message to this recipient; undefined if duplicates are not looked for. */
	deduplicationKey?: string;
	/** How far back an untagged message counts as sent, in milliseconds. */
	deduplicationWindowMs: number;
	allowance: AllowanceWish;
	ifNoIMessage: NoIMessageWish;
	ifNeverReplied: NeverRepliedWish;
	/** Whether the line's contact card is shared along. */
	shareContactCard: boolean;
	/** How long the person sees somebody typing before the message, in milliseconds. */
	typingMs: number;
}

/** What an operation wants to send, before anything of it has cost. */
export interface SendPlan<Prepared extends PreparedMessage> {
	/** Who gets what from whom, checked; it lacks only the media. */
	draft: SendBody;
	/** Equal for the same media. */
	fingerprint: string;
	settings: SendSettings;
	/** Address of the media, where they come from one and may be sent as they are; no media, no function. */
	mediaUrl?(form: MessageForm): string | undefined;
	/**
	 * Begins what `prepare` of the planned form needs before it uploads, such as a conversion. Nothing that can be seen
	 * from outside, since the checks are still under way.
	 */
	begin?(): void;
	/** Called when nothing of what was begun is needed; harmless after `prepare`. */
	abandon?(): void;
	/**
	 * Converts and uploads; called once at most.
	 *
	 * @param tag to be put into the name of the uploaded file
	 */
	prepare(form: MessageForm, tag: string | undefined): Promise<Prepared>;
}

/** An item of the execution whose message is sent. */
export interface SendingItem {
	index: number;
	/** To be called before each step that costs or cannot be undone; stops the item if it must not go on. */
	checkpoint(): void;
	/** To be called when the item is sure to fail, before the next message of its line goes out. */
	fails(): void;
	/** The line as it was typed. */
	line: string;
	/** Messages the line sends per second at most. */
	perSecond: number;
}

/** What the steps of one item hand on. */
interface Steps<Prepared extends PreparedMessage> {
	run: SendingRun;
	item: SendingItem;
	plan: SendPlan<Prepared>;
	memory: ItemMemory;
	place: Ticket;
}

/** What the checks came to, if the message is to go out. */
interface Checked {
	chosen: Exclude<ChosenForm, Skipped>;
	facts: AllowanceFacts;
	tag?: string;
	/** When the list was asked for an earlier message, in milliseconds since 1970. */
	lookedUpAt: number;
}

/**
 * Sends an item's message when it is its turn, at most once: messages of a line go out in the order of the items and at
 * the pace each allows, while the preparations of several items run side by side.
 *
 * The steps, in this order: *reserve* a place in the line's queue, *recall* what an earlier try sent, *plan*, *check*
 * what can be known before anything is uploaded, take a *slot* of the line's allowance, *prepare* (convert and upload),
 * *send*, *share* the contact card, *remember*.
 *
 * @param makePlan reads and checks what the user set
 * @returns the message as Sendblue accepted it, or why it was left out
 * @throws {SendblueApiError} as `sendReliably` does; also whatever the plan throws
 */
export async function sendInTurn<Prepared extends PreparedMessage>(
	run: SendingRun,
	item: SendingItem,
	makePlan: () => Promise<SendPlan<Prepared>>,
): Promise<Sent<Prepared> | Skipped> {
	// Taken before anything is waited for, so that a line's messages keep the order of the items.
	const place = reserve(run, item);
	let plan: SendPlan<Prepared> | undefined;
	try {
		const known = recall<Prepared>(run, item);
		if (known) return known;

		plan = await makePlan();
		const memory = memoryOf(run, item, plan);
		memory.refuseUnknown();
		item.checkpoint();
		const result = await checkAndSend({ run, item, plan, memory, place });
		if ('skipped' in result) run.noteSkipped(item.index, result.message);
		return remember(memory, recipientOf(plan.draft), result);
	} finally {
		plan?.abandon?.();
		place.release();
	}
}

async function checkAndSend<Prepared extends PreparedMessage>(
	steps: Steps<Prepared>,
): Promise<Sent<Prepared> | Skipped> {
	const { item, plan, memory } = steps;
	const { draft, settings } = plan;
	const checked = await check(steps);
	if ('skipped' in checked || 'message' in checked) return checked;

	item.checkpoint();
	const slot = takeSlot(draft, settings.allowance, checked.facts);
	if ('skipped' in slot) return slot;
	let sent: Sent<Prepared>;
	try {
		const prepared = await prepare(plan, checked);
		item.checkpoint();
		sent = await send(steps, checked, prepared);
	} catch (error) {
		return giveSlotBack(slot, memory, error);
	}
	return await share(steps, checked, sent);
}

/** Takes the item's place in its line's queue. */
function reserve({ pacer }: SendingRun, { line, perSecond }: SendingItem): Ticket {
	// One key for all spellings of a line's number.
	return pacer.reserve(line.replace(/\D/g, ''), perSecond);
}

/**
 * What an earlier try of the execution sent for the item, whatever its expressions return by now.
 *
 * @throws {SendblueApiError} `unknown` if it may have gone out
 */
export function recall<Prepared>(run: SendingRun, { index }: Pick<SendingItem, 'index'>): Sent<Prepared> | undefined {
	if (run.host.isToolCall) return undefined;
	const known = ItemMemory.ofItem(run.memory, index).recall<RememberedItem<Prepared>>();
	if (known) run.noteSent(index, known.recipient, handleOf(known.sent.message));
	return known?.sent;
}

/** What is remembered of an item that was sent. */
interface RememberedItem<Prepared> {
	sent: Sent<Prepared>;
	recipient: string;
}

function memoryOf(run: SendingRun, { index }: SendingItem, plan: SendPlan<PreparedMessage>): ItemMemory {
	return run.host.isToolCall
		? ItemMemory.ofToolCall(run.memory, plan.draft, plan.fingerprint)
		: ItemMemory.ofItem(run.memory, index);
}

/**
 * Asks all that is to be known before anything is uploaded, at once and while the audio is converted: whether the line
 * is the account's, what the recipient's phone takes, whether the person ever wrote, whether the message was sent
 * before, and the line's room for new contacts.
 */
async function check<Prepared extends PreparedMessage>(
	steps: Steps<Prepared>,
): Promise<Checked | Sent<Prepared> | Skipped> {
	const { run, plan } = steps;
	const { draft, settings } = plan;
	const { deduplicationKey: key } = settings;
	const tag = key === undefined ? undefined : duplicateTag(key, draft);
	const lookedUpAt = Date.now();

	plan.begin?.();
	const asked = {
		line: refuseForeignLine(run, draft.from_number),
		service: readService(run, draft, settings.ifNoIMessage),
		hasReplied: readReplied(run, draft, settings.ifNeverReplied),
		earlier: sentEarlier(steps, 'planned', tag),
		facts: readAllowance(run, draft, settings.allowance),
	};
	// The first that fails decides; the others are not heard then.
	for (const answer of Object.values(asked)) answer.catch(() => undefined);

	await asked.line;
	let chosen = formForService(draft, settings.ifNoIMessage, await asked.service);
	if ('skipped' in chosen) return chosen;
	if (!(await asked.hasReplied)) chosen = formForStranger(draft, settings.ifNeverReplied);
	if ('skipped' in chosen) return chosen;

	const earlier = await (chosen.form === 'planned' ? asked.earlier : sentEarlier(steps, chosen.form, tag));
	if (earlier) return { message: earlier, notes: { deduplicated: true } };
	return { chosen, facts: await asked.facts, lookedUpAt, ...(tag === undefined ? {} : { tag }) };
}

async function sentEarlier(
	{ run, plan }: Steps<PreparedMessage>,
	form: MessageForm,
	tag: string | undefined,
): Promise<SendblueMessage | undefined> {
	if (tag === undefined) return undefined;
	const trace = {
		tag,
		...untaggedContent(plan, form),
		windowMs: plan.settings.deduplicationWindowMs,
		onCut: (searched: number) =>
			run.hints.add(
				`Only the latest ${searched} messages with some recipients were looked through for duplicates; older ones were not found.`,
			),
	};
	return await findDuplicate(await run.client(), plan.draft, trace);
}

/** What a message is known by at Sendblue that carries no tag: its text alone, or an address that is sent as it is. */
function untaggedContent(
	{ mediaUrl }: Pick<SendPlan<PreparedMessage>, 'mediaUrl'>,
	form: MessageForm,
): { isText: boolean; mediaUrl?: string } {
	const isText = form === 'text' || mediaUrl === undefined;
	return { isText, mediaUrl: isText ? undefined : mediaUrl?.(form) };
}

/** Converts and uploads. A failure, whatever became of the upload, means that nobody got a message. */
async function prepare<Prepared extends PreparedMessage>(
	plan: SendPlan<Prepared>,
	{ chosen, tag }: Checked,
): Promise<Prepared> {
	let prepared: Prepared;
	try {
		prepared = await plan.prepare(chosen.form, tag);
	} catch (error) {
		if (!(error instanceof SendblueApiError) || error.cancelled) return rethrow(error);
		return rethrow(new SendblueApiError({ ...error, outcome: 'notSent' }));
	}
	const isTagLost = isUploaded(plan, chosen.form, prepared) && !hasTag(prepared.body.media_url, tag ?? '');
	if (tag !== undefined && isTagLost) throw tagIsLost();
	return prepared;
}

/** Whether the message's file was uploaded for it, rather than sent from an address that others may use. */
function isUploaded(plan: SendPlan<PreparedMessage>, form: MessageForm, { body }: PreparedMessage): boolean {
	return body.media_url !== undefined && untaggedContent(plan, form).mediaUrl === undefined;
}

function tagIsLost(): SendblueApiError {
	return new SendblueApiError({
		outcome: 'notSent',
		explanation:
			'Sendblue put the file under another name than the one it was uploaded with, so that a duplicate of the message could not be found later.',
		advice: 'Try it again.',
		kind: 'tagLost',
	});
}

/** Sends the prepared message in its turn. */
async function send<Prepared extends PreparedMessage>(
	steps: Steps<Prepared>,
	checked: Checked,
	prepared: Prepared,
): Promise<Sent<Prepared>> {
	const { run, item, plan, memory, place } = steps;
	const client = await run.client();
	const recipient = recipientOf(plan.draft);
	const tags = tagsOf(steps, checked, client);
	if (!run.sentByTag.has(tags)) await showTyping(client, prepared.body, plan.settings.typingMs);
	try {
		const { message, isDuplicate } = await memory.guard(
			async () =>
				await place.run(
					async (next) => {
						item.checkpoint();
						const tagged = { tags, lookedUpAt: checked.lookedUpAt };
						const options = { onAttemptEnded: next, hasOwnFile: isUploaded(plan, checked.chosen.form, prepared) };
						return await sendOnce(run, client, tagged, prepared.body, options).catch(failing(item));
					},
					lineSpacing(client.account, plan.draft.from_number),
				),
		);
		if (!isDuplicate) run.noteSent(item.index, recipient, handleOf(message));
		noteRemark(run, message);
		const { fallback } = checked.chosen;
		const notes = { ...(isDuplicate ? { deduplicated: true as const } : {}), ...(fallback ? { fallback } : {}) };
		return { message: await withGroupId(client, prepared.body, message), prepared, notes };
	} catch (error) {
		if (memory.isUnknown) run.noteUnknown(item.index, recipient);
		if (error instanceof SendblueApiError && error.outcome === 'rejected') forgetLines(client.account);
		return rethrow(error);
	}
}

/** Shares the line's contact card along with a message that went out now, if that is wanted. */
async function share<Prepared extends PreparedMessage>(
	{ run, plan }: Steps<Prepared>,
	{ chosen }: Checked,
	sent: Sent<Prepared>,
): Promise<Sent<Prepared>> {
	if (!plan.settings.shareContactCard || sent.notes.deduplicated) return sent;
	const contactCard = await shareCard(run, plan.draft, chosen.fallback?.service);
	return { ...sent, notes: { ...sent.notes, contactCard } };
}

/** Passes an error on, once it is known that its item fails. */
function failing(item: SendingItem): (error: unknown) => never {
	return (error) => {
		item.fails();
		return rethrow(error);
	};
}

/** What stands for the message in this process, if duplicates are avoided. */
function tagsOf({ plan }: Steps<PreparedMessage>, { chosen, tag }: Checked, { account }: SendblueClient): string[] {
	if (tag === undefined) return [];
	const { isText, mediaUrl } = untaggedContent(plan, chosen.form);
	const { draft, settings } = plan;
	const content = isText ? ['text', textOf(draft.content)] : ['address', mediaUrl];
	const isUntagged = (isText || mediaUrl !== undefined) && settings.deduplicationWindowMs > 0;
	const asContent = JSON.stringify([account, draft.from_number, recipientKey(draft), ...content]);
	return [`${account} ${tag}`, ...(isUntagged ? [asContent] : [])];
}

async function sendOnce(
	run: SendingRun,
	client: SendblueClient,
	{ tags, lookedUpAt }: { tags: string[]; lookedUpAt: number },
	body: SendBody,
	options: SendOptions,
): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
	const sender = { client, ledger: run.ledgerOf(client) };
	const sendIt = async (): Promise<SendblueMessage> => {
		const { message, reconciled } = await sendReliably(sender, body, options);
		if (reconciled && !options.hasOwnFile) run.hints.add(FOUND_BY_CONTENT);
		return message;
	};
	if (tags.length === 0) return { message: await sendIt(), isDuplicate: false };
	const wasRefused = async (earlier: SendblueMessage): Promise<boolean> => await isRefused(client, earlier);
	const listedWithinMs = client.timings.lookUpFor;
	return await run.sentByTag.once({ tags, lookedUpAt, listedWithinMs, send: sendIt, wasRefused });
}

/** Said of a message without a file of its own whose answer was lost. */
const FOUND_BY_CONTENT =
	"Sendblue's answer about a message was lost, and the message was found in its list by line, recipient, content and time. The same content that somebody else sent at the same moment would look the same.";

/** Whether Sendblue says that a message surely did not go out; if it says nothing, that is not sure. */
async function isRefused(client: SendblueClient, earlier: SendblueMessage): Promise<boolean> {
	const handle = handleOf(earlier);
	if (handle === undefined) return false;
	return verdictOf(await client.messages.get(handle).catch(() => undefined)) === 'refused';
}

/** Says once what stands beside taken messages as if something were wrong with them. */
function noteRemark(run: SendingRun, message: SendblueMessage): void {
	const remark = remarkOn(message);
	if (remark === undefined) return;
	run.hints.add(
		`Sendblue took a message, though its answer has something beside it: ${remark}. It was not sent again.`,
	);
}

/** Remembers what was sent, for the next try. */
function remember<Prepared>(
	memory: ItemMemory,
	recipient: string,
	result: Sent<Prepared> | Skipped,
): Sent<Prepared> | Skipped {
	if (!('skipped' in result)) memory.keep({ sent: result, recipient } satisfies RememberedItem<Prepared>);
	return result;
}

function giveSlotBack(slot: Slot, memory: ItemMemory, error: unknown): never {
	if (!memory.isUnknown) slot.giveBack();
	return rethrow(error);
}

/**
 * Shows the person that somebody is typing.
 *
 * If Sendblue refuses (no iMessage, no conversation yet) the message is more important than the dots, so it is only
 * waited.
 */
async function showTyping(client: SendblueClient, body: SendBody, forMs: number): Promise<void> {
	if (!(forMs > 0) || !isToOne(body)) return;
	try {
		await client.messages.showTyping({ number: body.number, from_number: body.from_number, state: 'start' });
	} catch (error) {
		if (!(error instanceof SendblueApiError)) return rethrow(error);
	}
	// A stop is noticed at the next checkpoint.
	await sleepUnlessCancelled(client.clock, forMs, client.signal).catch(() => undefined);
}
