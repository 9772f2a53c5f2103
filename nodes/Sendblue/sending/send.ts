import type { SendblueClient } from '../sendblue/client';
import { rethrow, SendblueApiError } from '../sendblue/errors';
import { sleepUnlessCancelled } from '../sendblue/http/time';
import { handleOf, remarkOn } from '../sendblue/messageState';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { readAllowance, takeSlot, type AllowanceFacts, type AllowanceWish, type Slot } from './allowance';
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
import { isSentHere, refuseLostTag, sendOnce, sentEarlier, tagOf } from './deduplication';
import { withGroupId } from './groupId';
import { ItemMemory } from './memories';
import type { MessageForm, Sent, Skipped } from './outcomes';
import { lineSpacing, type Ticket } from './pacing';
import type { SendingRun } from './run';
import { isToOne, recipientOf, type SendBody } from './sameMessage';

/** A message ready to go out; operations add what they need afterwards. */
export interface PreparedMessage {
	body: SendBody;
}

/** The user's settings for a send: duplicates, limits, and the forms in which it goes out. */
export interface SendSettings {
	/** The user's key for the message; undefined if duplicates are not avoided. */
	deduplicationKey?: string;
	/** How far back an untagged message counts as sent, in milliseconds. */
	deduplicationWindowMs: number;
	allowance: AllowanceWish;
	ifNoIMessage: NoIMessageWish;
	ifNeverReplied: NeverRepliedWish;
	/** Whether the line's contact card is shared with the message. */
	shareContactCard: boolean;
	/** How long the typing indicator is shown before the message, in milliseconds. */
	typingMs: number;
}

/** What an operation wants to send, before anything is converted or uploaded. */
export interface SendPlan<Prepared extends PreparedMessage> {
	/** The request body, checked and complete except for the media. */
	draft: SendBody;
	/** Identifies the media. */
	fingerprint: string;
	settings: SendSettings;
	/**
	 * The address of the media if it is sent as it is, else undefined; a message without media has no such function.
	 */
	mediaUrl?(form: MessageForm): string | undefined;
	/**
	 * Starts what `prepare` will need, such as a conversion, but nothing with an outside effect: the checks are still
	 * running.
	 */
	begin?(): void;
	/** Called if what was begun is not needed; does nothing after `prepare`. */
	abandon?(): void;
	/**
	 * Converts and uploads; called at most once.
	 *
	 * @param tag goes into the name of the uploaded file
	 */
	prepare(form: MessageForm, tag: string | undefined): Promise<Prepared>;
}

/** An item of the execution whose message is sent. */
export interface SendingItem {
	index: number;
	/** Call before each step that costs something or cannot be undone; throws if the item must not go on. */
	checkpoint(): void;
	/** Call as soon as the item is certain to fail, before the next message of its line goes out. */
	fails(): void;
	/** The line as it was entered. */
	line: string;
	/** The most messages per second on the line. */
	perSecond: number;
}

/** The state that the steps of one item pass on. */
interface Steps<Prepared extends PreparedMessage> {
	run: SendingRun;
	item: SendingItem;
	plan: SendPlan<Prepared>;
	memory: ItemMemory;
	place: Ticket;
}

/** The result of the checks, if the message is to go out. */
interface Checked {
	chosen: Exclude<ChosenForm, Skipped>;
	facts: AllowanceFacts;
	tag?: string;
	/** When Sendblue's list was searched for an earlier message, in milliseconds since 1970. */
	lookedUpAt: number;
}

/**
 * Sends an item's message in its turn, at most once. The messages of a line go out in the order of the items, each with
 * its own spacing, while several items are prepared in parallel.
 *
 * The steps, in this order: *reserve* a place in the line's queue, *recall* what an earlier try sent, *plan*, *check*
 * what can be known before anything is uploaded, take a *slot* of the line's allowance, *prepare* (convert and upload),
 * *send*, *share* the contact card, *remember*.
 *
 * @param makePlan reads and checks the user's settings
 * @returns the message as Sendblue accepted it, or why it was skipped
 * @throws {SendblueApiError} as `sendReliably` does; also whatever the plan throws
 */
export async function sendInTurn<Prepared extends PreparedMessage>(
	run: SendingRun,
	item: SendingItem,
	makePlan: () => Promise<SendPlan<Prepared>>,
): Promise<Sent<Prepared> | Skipped> {
	// Reserved before the first `await`, so that a line's messages keep the order of the items.
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
	// All notations of a line's number share one queue.
	return pacer.reserve(line.replace(/\D/g, ''), perSecond);
}

/**
 * What an earlier try of the execution sent for the item, even if its expressions now return something else.
 *
 * @throws {SendblueApiError} `unknown` if it may have gone out
 */
export function recall<Prepared>(run: SendingRun, { index }: Pick<SendingItem, 'index'>): Sent<Prepared> | undefined {
	if (run.host.isToolCall) return undefined;
	const known = ItemMemory.ofItem(run.memory, index).recall<RememberedItem<Prepared>>();
	if (known) run.noteSent(index, known.recipient, handleOf(known.sent.message));
	return known?.sent;
}

/** What is remembered about an item that was sent. */
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
 * Runs all checks that precede an upload, in parallel with each other and the conversion: whether the line is the
 * account's, the service of the recipient's phone, whether the person ever wrote, whether the message was sent before,
 * and the line's room for new contacts.
 */
async function check<Prepared extends PreparedMessage>(
	steps: Steps<Prepared>,
): Promise<Checked | Sent<Prepared> | Skipped> {
	const { run, plan } = steps;
	const { draft, settings } = plan;
	const tag = tagOf(plan);
	const lookedUpAt = Date.now();

	plan.begin?.();
	const asked = {
		line: refuseForeignLine(run, draft.from_number),
		service: readService(run, draft, settings.ifNoIMessage),
		hasReplied: readReplied(run, draft, settings.ifNeverReplied),
		earlier: sentEarlier(run, { plan, form: 'planned', tag }),
		facts: readAllowance(run, draft, settings.allowance),
	};
	// The first failure in the order below decides; the others are ignored.
	for (const answer of Object.values(asked)) answer.catch(() => undefined);

	await asked.line;
	let chosen = formForService(draft, settings.ifNoIMessage, await asked.service);
	if ('skipped' in chosen) return chosen;
	if (!(await asked.hasReplied)) chosen = formForStranger(draft, settings.ifNeverReplied);
	if ('skipped' in chosen) return chosen;

	const earlier = await (chosen.form === 'planned'
		? asked.earlier
		: sentEarlier(run, { plan, form: chosen.form, tag }));
	if (earlier) return { message: earlier, notes: { deduplicated: true } };
	return { chosen, facts: await asked.facts, lookedUpAt, ...(tag === undefined ? {} : { tag }) };
}

/** Converts and uploads. Any failure here means that no message was sent, even if the file was uploaded. */
async function prepare<Prepared extends PreparedMessage>(
	plan: SendPlan<Prepared>,
	{ chosen, tag }: Checked,
): Promise<Prepared> {
	const { form } = chosen;
	try {
		const prepared = await plan.prepare(form, tag);
		refuseLostTag({ plan, form, tag }, prepared.body);
		return prepared;
	} catch (error) {
		if (!(error instanceof SendblueApiError) || error.cancelled) return rethrow(error);
		return rethrow(new SendblueApiError({ ...error, outcome: 'notSent' }));
	}
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
	const { chosen, lookedUpAt, tag } = checked;
	const guarded = { plan, form: chosen.form, tag };
	if (!isSentHere(run, guarded, client)) await showTyping(client, prepared.body, plan.settings.typingMs);
	try {
		const { message, isDuplicate } = await memory.guard(
			async () =>
				await place.run(
					async (next) => {
						item.checkpoint();
						const sending = { body: prepared.body, lookedUpAt, onAttemptEnded: next };
						return await sendOnce(run, client, guarded, sending).catch(failing(item));
					},
					lineSpacing(client.account, plan.draft.from_number),
				),
		);
		if (!isDuplicate) run.noteSent(item.index, recipient, handleOf(message));
		noteRemark(run, message);
		const { fallback } = chosen;
		const notes = { ...(isDuplicate ? { deduplicated: true as const } : {}), ...(fallback ? { fallback } : {}) };
		return { message: await withGroupId(client, prepared.body, message), prepared, notes };
	} catch (error) {
		if (memory.isUnknown) run.noteUnknown(item.index, recipient);
		if (error instanceof SendblueApiError && error.outcome === 'rejected') forgetLines(client.account);
		return rethrow(error);
	}
}

/** Shares the line's contact card with a message that was just sent, if the user wants that. */
async function share<Prepared extends PreparedMessage>(
	{ run, plan }: Steps<Prepared>,
	{ chosen }: Checked,
	sent: Sent<Prepared>,
): Promise<Sent<Prepared>> {
	if (!plan.settings.shareContactCard || sent.notes.deduplicated) return sent;
	const contactCard = await shareCard(run, plan.draft, chosen.fallback?.service);
	return { ...sent, notes: { ...sent.notes, contactCard } };
}

/** Rethrows an error, after announcing that its item fails. */
function failing(item: SendingItem): (error: unknown) => never {
	return (error) => {
		item.fails();
		return rethrow(error);
	};
}

/** Adds a remark, once, on an accepted message whose answer also contains an error. */
function noteRemark(run: SendingRun, message: SendblueMessage): void {
	const remark = remarkOn(message);
	if (remark === undefined) return;
	run.hints.add(
		`Sendblue accepted a message, although its answer also reports a problem: ${remark}. It was not sent again.`,
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
 * Shows the typing indicator.
 *
 * If Sendblue refuses it (no iMessage, no conversation yet), only the pause remains: the message matters more.
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
