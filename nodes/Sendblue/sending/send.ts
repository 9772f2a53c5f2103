import type { SendblueClient } from '../sendblue/client';
import { rethrow, SendblueApiError } from '../sendblue/errors';
import { sleepUnlessCancelled } from '../sendblue/http/clock';
import { reportsRefusal } from '../sendblue/messageState';
import type { SendblueMessage } from '../sendblue/resources/messages';
import { takeSlot, type Slot } from './allowance';
import { sendReliably } from './atMostOnce';
import { chooseForm, refuseForeignLine, type ChosenForm, type NoIMessageWish } from './checks';
import { duplicateTag, findDuplicate, refusalOf } from './duplicates';
import { ItemMemory } from './memories';
import type { MessageForm, Sent, Skipped } from './outcomes';
import type { Ticket } from './pacing';
import type { SendingRun } from './run';
import { isToOne, type SendBody } from './sameMessage';

/** A message ready to go out, with whatever its operation wants to know afterwards. */
export interface PreparedMessage {
	body: SendBody;
}

/** What the user set about sends that must not be repeated, wasted or lost sight of. */
export interface SendSettings {
	/** What stands for the message to this recipient; undefined where duplicates are not looked for. */
	deduplicationKey?: string;
	/** How far back an untagged message counts as sent, in milliseconds. */
	deduplicationWindowMs: number;
	allowance: 'send' | 'skip' | 'fail';
	ifNoIMessage: NoIMessageWish;
	/** How long the person sees somebody typing before the message, in milliseconds. */
	typingMs: number;
}

/** What an operation wants to send, before anything of it has cost. */
export interface SendPlan<Prepared extends PreparedMessage> {
	/** Who gets what from whom, checked; it lacks only the media. */
	draft: SendBody;
	/** Equal for the same content besides the draft. */
	fingerprint: string;
	/** Reads and checks what the user set about the send. */
	settings(): SendSettings;
	/** Address of the media, where they come from one and may be sent as they are; no media, no function. */
	mediaUrl?(form: MessageForm): string | undefined;
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
	/** To be called before each step that costs or cannot be undone; leaves the item where it must not go on. */
	checkpoint(): void;
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
	settings: SendSettings;
	memory: ItemMemory;
	place: Ticket;
}

/** What the checks came to, where the message is to go out. */
interface Checked {
	chosen: Exclude<ChosenForm, Skipped>;
	tag?: string;
	/** When the list was asked for an earlier message, in milliseconds since 1970. */
	lookedUpAt: number;
}

/**
 * Sends an item's message when it is its turn, at most once: messages of a line go out in the order of the items and at
 * the pace each allows, while the preparations of several items run side by side.
 *
 * The steps, in this order: *reserve* a place in the line's queue, *plan*, *recall* what an earlier try sent, *check*
 * what can be known before anything costs, take a *slot* of the line's allowance, *prepare* (convert and upload), *send*,
 * *remember*.
 *
 * @param makePlan reads and checks what the user set
 * @returns the message as Sendblue accepted it, or why it was left out
 * @throws {SendblueApiError} as `sendReliably` does; also whatever the plan throws
 */
export async function sendInTurn<Prepared extends PreparedMessage>(
	run: SendingRun,
	item: SendingItem,
	makePlan: (client: SendblueClient) => Promise<SendPlan<Prepared>>,
): Promise<Sent<Prepared> | Skipped> {
	// Taken before anything is waited for, so that a line's messages keep the order of the items.
	const place = reserve(run, item);
	try {
		const plan = await makePlan(await run.client());
		const memory = memoryOf(run, item, plan);
		const known = recall<Prepared>(run, item, memory);
		if (known) return known;

		item.checkpoint();
		const steps = { run, item, plan, settings: plan.settings(), memory, place };
		const result = await checkAndSend(steps);
		return remember(memory, result);
	} finally {
		place.release();
	}
}

async function checkAndSend<Prepared extends PreparedMessage>(
	steps: Steps<Prepared>,
): Promise<Sent<Prepared> | Skipped> {
	const { run, item, plan, settings, memory } = steps;
	const checked = await check(steps);
	if ('skipped' in checked || 'message' in checked) return checked;

	item.checkpoint();
	const slot = await takeSlot(run, plan.draft, settings.allowance);
	if ('skipped' in slot) return slot;
	try {
		item.checkpoint();
		const prepared = await prepare(plan, checked);
		item.checkpoint();
		return await send(steps, checked, prepared);
	} catch (error) {
		return await giveSlotBack(slot, memory, error);
	}
}

/** Takes the item's place in its line's queue. */
function reserve({ pacer }: SendingRun, { line, perSecond }: SendingItem): Ticket {
	// One key for all spellings of a line's number.
	return pacer.reserve(line.replace(/\D/g, ''), perSecond);
}

function memoryOf(run: SendingRun, { index }: SendingItem, plan: SendPlan<PreparedMessage>): ItemMemory {
	const { draft, fingerprint } = plan;
	return run.host.isToolCall
		? ItemMemory.ofToolCall(run.memory, draft, fingerprint)
		: ItemMemory.ofItem(run.memory, index, draft, fingerprint);
}

/** What an earlier try of the execution sent for the item. */
function recall<Prepared>(run: SendingRun, { index }: SendingItem, memory: ItemMemory): Sent<Prepared> | undefined {
	const known = memory.recall<Sent<Prepared>>();
	if (known) run.noteSent(index, known.message.message_handle);
	return known;
}

/** Checks the line, what the recipient's phone takes, and whether the message was sent before. */
async function check<Prepared extends PreparedMessage>(
	steps: Steps<Prepared>,
): Promise<Checked | Sent<Prepared> | Skipped> {
	const { run, plan, settings } = steps;
	const { draft } = plan;
	await refuseForeignLine(run, draft.from_number);
	const chosen = await chooseForm(run, draft, settings.ifNoIMessage);
	if ('skipped' in chosen) return chosen;

	const { deduplicationKey: key } = settings;
	const tag = key === undefined ? undefined : duplicateTag(key, draft);
	const lookedUpAt = Date.now();
	const earlier = tag === undefined ? undefined : await sentEarlier(steps, chosen.form, tag);
	if (earlier) return { message: earlier, notes: { deduplicated: true } };
	return { chosen, lookedUpAt, ...(tag === undefined ? {} : { tag }) };
}

async function sentEarlier(
	{ run, plan, settings }: Steps<PreparedMessage>,
	form: MessageForm,
	tag: string,
): Promise<SendblueMessage | undefined> {
	const isText = form === 'text' || plan.mediaUrl === undefined;
	const mediaUrl = isText ? undefined : plan.mediaUrl?.(form);
	const trace = { tag, isText, mediaUrl, windowMs: settings.deduplicationWindowMs };
	return await findDuplicate(await run.client(), plan.draft, trace);
}

/** Converts and uploads. A failure, whatever became of the upload, means that nobody got a message. */
async function prepare<Prepared extends PreparedMessage>(
	plan: SendPlan<Prepared>,
	{ chosen, tag }: Checked,
): Promise<Prepared> {
	try {
		return await plan.prepare(chosen.form, tag);
	} catch (error) {
		if (!(error instanceof SendblueApiError) || error.cancelled) return rethrow(error);
		const advice = `No message was sent. ${error.advice}`;
		return rethrow(new SendblueApiError({ ...error, outcome: 'notSent', advice }));
	}
}

/** Sends the prepared message in its turn. */
async function send<Prepared extends PreparedMessage>(
	{ run, item, settings, memory, place }: Steps<Prepared>,
	{ chosen, tag, lookedUpAt }: Checked,
	prepared: Prepared,
): Promise<Sent<Prepared>> {
	const client = await run.client();
	// Line and recipient are in the tag; the address tells accounts of a test server apart.
	const tagged = tag === undefined ? undefined : { tag: `${client.baseUrl} ${tag}`, lookedUpAt };
	if (!tagged || !run.sentByTag.has(tagged.tag)) await showTyping(client, prepared.body, settings.typingMs);
	const { message, isDuplicate } = await memory.guard(
		async () =>
			await place.run(async (next) => {
				item.checkpoint();
				return await sendOnce(run, client, tagged, prepared.body, next);
			}),
	);
	if (!isDuplicate) run.noteSent(item.index, message.message_handle);
	const { fallback } = chosen;
	const notes = { ...(isDuplicate ? { deduplicated: true as const } : {}), ...(fallback ? { fallback } : {}) };
	return { message, prepared, notes };
}

async function sendOnce(
	run: SendingRun,
	client: SendblueClient,
	tagged: { tag: string; lookedUpAt: number } | undefined,
	body: SendBody,
	next: () => void,
): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
	const sender = { client, ledger: run.memory.ledger };
	const sendIt = async (): Promise<SendblueMessage> =>
		(await sendReliably(sender, body, { onAttemptEnded: next })).message;
	if (!tagged) return { message: await sendIt(), isDuplicate: false };
	const wasRefused = async (earlier: SendblueMessage): Promise<boolean> => await isRefused(client, earlier);
	const sending = { ...tagged, listedWithinMs: client.timings.lookUpFor, send: sendIt, wasRefused };
	return await run.sentByTag.once(sending);
}

/** Whether Sendblue says that a message surely did not go out; where it says nothing, that is not sure. */
async function isRefused(client: SendblueClient, { message_handle: handle }: SendblueMessage): Promise<boolean> {
	if (handle === undefined) return false;
	const message = await client.messages.get(handle).catch(() => undefined);
	if (message === undefined || !reportsRefusal(message)) return false;
	return refusalOf(message).outcome !== 'unknown';
}

/** Remembers what was sent, for the next try. */
function remember<Prepared>(memory: ItemMemory, result: Sent<Prepared> | Skipped): Sent<Prepared> | Skipped {
	if (!('skipped' in result)) memory.keep(result);
	return result;
}

async function giveSlotBack(slot: Slot, memory: ItemMemory, error: unknown): Promise<never> {
	if (!memory.isUnknown) slot.giveBack();
	return rethrow(error);
}

/**
 * Shows the person that somebody is typing.
 *
 * Where Sendblue refuses (no iMessage, no conversation yet) the message is more important than the dots, so it is only
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
