import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isToolExecution } from '../../n8n/toolExecution';
import type { SendblueClient } from '../../sendblue/client';
import { bodyReportsRefusal } from '../../sendblue/envelope';
import { SendblueApiError } from '../../sendblue/errors';
import { refusalOf } from '../../sendblue/findEarlier';
import { DEFAULT_PER_SECOND, type Ticket } from '../../sendblue/pacing';
import { sendReliably } from '../../sendblue/reconcile';
import type { SendBody } from '../../sendblue/sameMessage';
import type { SendblueMessage } from '../../sendblue/types';
import type { ExecutionRun, ItemRun } from '../executionRun';
import { lineNumber } from '../parameters/phoneNumbers';
import { duplicateTag, findDuplicate } from './duplicates';
import { refuseForeignLine } from './foreignLine';
import { ItemMemory } from './itemMemory';
import { takeSlot } from './lineAllowance';
import type { MessageDraft } from './messageDraft';
import { chooseForm, type Fallback, type MessageForm } from './recipientService';
import { safetySettings, type SafetySettings } from './safety';
import type { SentByTag } from './sentByTag';
import { showTyping } from './showTyping';
import type { Skipped } from './skipped';

/** A message ready to go out, with whatever its operation wants to know afterwards. */
export interface PreparedMessage {
	body: SendBody;
}

/** What an operation wants to send, before anything of it has cost. */
export interface SendPlan<Prepared extends PreparedMessage> {
	/** Who gets what from whom, checked. */
	draft: MessageDraft;
	/** Equal for the same content besides the draft. */
	fingerprint: string;
	/** Address of the media, where they come from one and may be sent as they are; no media, no function. */
	mediaUrl?(form: MessageForm): string | undefined;
	/**
	 * Converts and uploads; called once at most.
	 *
	 * @param tag to be put into the name of the uploaded file
	 */
	prepare(form: MessageForm, tag: string | undefined): Promise<Prepared>;
}

/** A message that Sendblue has taken. */
export interface Sent<Prepared> {
	message: SendblueMessage;
	/** Missing where the message was sent before, by another execution. */
	prepared?: Prepared;
	/** What else is to be told on the output. */
	notes: { deduplicated?: true; fallback?: Fallback };
}

/**
 * Sends an item's message when it is its turn: messages of a line go out in the order of the items and at the pace the
 * options allow, while the preparations of several items run side by side.
 *
 * What can be known before anything is converted or uploaded is checked first: whether the item was sent by an earlier
 * try or execution, whether the line is the account's, what the recipient's phone takes, and the line's allowance.
 *
 * @param makePlan Reads and checks what the user set.
 * @returns The message as Sendblue accepted it, or why it was left out.
 * @throws {SendblueApiError} as `sendReliably` does; also whatever the plan throws
 */
export async function sendInTurn<Prepared extends PreparedMessage>(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
	options: IDataObject,
	makePlan: (client: SendblueClient) => Promise<SendPlan<Prepared>>,
): Promise<Sent<Prepared> | Skipped> {
	const { checkpoint, run } = itemRun;
	// Taken before anything is waited for, so that a line's messages keep the order of the items.
	const place = run.pacer(messagesPerSecond(options)).reserve(lineKey(context, itemIndex));
	try {
		const plan = await makePlan(await run.client());
		const { draft, fingerprint } = plan;
		const item = isToolExecution(context)
			? ItemMemory.ofToolCall(run.sending.memory, draft, fingerprint)
			: ItemMemory.ofItem(run.sending.memory, itemIndex, draft, fingerprint);
		const known = item.recall<Sent<Prepared>>();
		if (known) {
			run.sending.noteSent(itemIndex, known.message.message_handle);
			return known;
		}
		checkpoint();
		const result = await sendPlanned(itemIndex, itemRun, options, plan, { place, item });
		if (!('skipped' in result)) item.keep(result);
		return result;
	} finally {
		place.release();
	}
}

async function sendPlanned<Prepared extends PreparedMessage>(
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
	options: IDataObject,
	plan: SendPlan<Prepared>,
	{ place, item }: { place: Ticket; item: ItemMemory },
): Promise<Sent<Prepared> | Skipped> {
	const { draft } = plan;
	const settings = safetySettings(options);
	await refuseForeignLine(run, draft.from_number);
	const chosen = await chooseForm(run, draft, settings);
	if ('skipped' in chosen) return chosen;
	const { form, fallback } = chosen;

	const { deduplicationKey } = settings;
	const tag = deduplicationKey === undefined ? undefined : duplicateTag(deduplicationKey, draft);
	const lookedUpAt = Date.now();
	const earlier = tag === undefined ? undefined : await sentEarlier(run, plan, form, tag, settings);
	if (earlier) return { message: earlier, notes: { deduplicated: true } };

	checkpoint();
	const slot = await takeSlot(run, draft, settings);
	if ('skipped' in slot) return slot;
	try {
		checkpoint();
		const prepared = await plan.prepare(form, tag).catch(asNotSent);
		checkpoint();
		const client = await run.client();
		const { sentByTag } = run.sending;
		// Line and recipient are in the tag; the address tells accounts of a test server apart.
		const tagged = tag === undefined ? undefined : { tag: `${client.baseUrl} ${tag}`, lookedUpAt };
		if (!tagged || !sentByTag.has(tagged.tag)) await showTyping(client, prepared.body, options);
		const { message, isDuplicate } = await item.guard(
			async () =>
				await place.run(async (next) => {
					checkpoint();
					return await sendOnce(client, sentByTag, tagged, prepared.body, next);
				}),
		);
		if (!isDuplicate) run.sending.noteSent(itemIndex, message.message_handle);
		const notes = { ...(isDuplicate ? { deduplicated: true as const } : {}), ...(fallback ? { fallback } : {}) };
		return { message, prepared, notes };
	} catch (error) {
		if (!item.isUnknown) slot.giveBack();
		return await Promise.reject(error);
	}
}

async function sentEarlier(
	run: ExecutionRun,
	plan: Pick<SendPlan<PreparedMessage>, 'draft' | 'mediaUrl'>,
	form: MessageForm,
	tag: string,
	{ deduplicationWindowMs: windowMs }: SafetySettings,
): Promise<SendblueMessage | undefined> {
	const isText = form === 'text' || plan.mediaUrl === undefined;
	const mediaUrl = isText ? undefined : plan.mediaUrl?.(form);
	return await findDuplicate(await run.client(), plan.draft, { tag, isText, mediaUrl, windowMs });
}

async function sendOnce(
	client: SendblueClient,
	sentByTag: SentByTag,
	tagged: { tag: string; lookedUpAt: number } | undefined,
	body: SendBody,
	next: () => void,
): Promise<{ message: SendblueMessage; isDuplicate: boolean }> {
	const send = async (): Promise<SendblueMessage> =>
		(await sendReliably(client, body, { onAttemptEnded: next })).message;
	if (!tagged) return { message: await send(), isDuplicate: false };
	const wasRefused = async (earlier: SendblueMessage): Promise<boolean> => await isRefused(client, earlier);
	return await sentByTag.once({ ...tagged, listedWithinMs: client.timings.lookUpFor, send, wasRefused });
}

/** Whether Sendblue says that a message surely did not go out; where it says nothing, that is not sure. */
async function isRefused(client: SendblueClient, { message_handle: handle }: SendblueMessage): Promise<boolean> {
	if (handle === undefined) return false;
	const message = await client.getMessage(handle).catch(() => undefined);
	if (message === undefined || !bodyReportsRefusal(message)) return false;
	return refusalOf(message).outcome !== 'unknown';
}

/** Says of an upload that failed, whatever became of it, that nobody got a message. */
async function asNotSent(error: unknown): Promise<never> {
	if (!(error instanceof SendblueApiError) || error.cancelled) return await Promise.reject(error);
	return await Promise.reject(
		new SendblueApiError({ ...error, outcome: 'notSent', advice: `No message was sent. ${error.advice}` }),
	);
}

/** A rate that is none counts as the default one, which is the careful side. */
function messagesPerSecond(options: IDataObject): number {
	const rate = Number(options.messagesPerSecond);
	return rate > 0 ? rate : DEFAULT_PER_SECOND;
}

/** One key for all spellings of a line's number. */
function lineKey(context: IExecuteFunctions, itemIndex: number): string {
	return String(lineNumber(context, itemIndex)).replace(/\D/g, '');
}
