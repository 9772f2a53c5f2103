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
	// The first that fails decides; the others are not heard then.
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

/** Converts and uploads. A failure, whatever became of the upload, means that nobody got a message. */
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
