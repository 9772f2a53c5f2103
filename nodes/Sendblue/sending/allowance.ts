import type { SendblueClient } from '../sendblue/client';
import { rethrow, SendblueApiError } from '../sendblue/errors';
import { CHECK_LIMITS } from '../sendblue/http/retry';
import type { LinesUsage, LineUsage, UsageWindow } from '../sendblue/resources/lines';
import { skipped, type Skipped } from './outcomes';
import type { SendingRun } from './run';
import { isToOne, type SendBody } from './sameMessage';

/** How long after the last message a person counts as a new contact, in days; used if Sendblue gives no figure. */
const LOOKBACK_DAYS = 30;

const DAY_MS = 86_400_000;

/** The slot of a new contact, or a stand-in if the message needs none. */
export interface Slot {
	/** Gives the slot back; call if the message did not go out. */
	giveBack(): void;
}

/** What to do if the line has no slot for a new contact. */
export type AllowanceWish = 'send' | 'skip' | 'fail';

const NO_SLOT: Slot = { giveBack: () => undefined };

/** What the line's allowance means for a message. */
export interface AllowanceFacts {
	allowance?: LineAllowance;
	/** Whether the person is new to the line; undefined if that does not matter. */
	isNew?: boolean;
}

/**
 * Asks for the line's figures and whether the person is new to it, in parallel. The figures are read once per execution
 * and updated by our own count after that.
 */
export async function readAllowance(run: SendingRun, body: SendBody, wish: AllowanceWish): Promise<AllowanceFacts> {
	if (wish === 'send' || !isToOne(body)) return {};
	const { from_number: line, number } = body;
	const client = await run.client();
	const figures = run.allowance.get('all', async () => await readFigures(run, client));
	const isNewWithin = async (days: number): Promise<boolean> =>
		await run.newContacts.get(`${line} ${number} ${days}`, async () => await isNew(client, line, number, days));
	// The first item asks both at once; later ones know whether there is a limit, and how far back to look.
	const asked = run.knowsAllowance ? undefined : isNewWithin(LOOKBACK_DAYS);
	const [allowance] = await Promise.all([figures, asked]);
	run.knowsAllowance = true;
	if (!allowance?.isLimited(line)) return {};
	return { allowance, isNew: await isNewWithin(allowance.lookbackDays(line)) };
}

/**
 * Takes a slot of the line's allowance for a message to a new contact. If the figures could not be read, the message
 * goes out.
 *
 * @throws {SendblueApiError} `notSent` if the user wants a failure when there is no slot
 */
export function takeSlot(body: SendBody, wish: AllowanceWish, { allowance, isNew }: AllowanceFacts): Slot | Skipped {
	if (!allowance || isNew !== true || !isToOne(body)) return NO_SLOT;
	const { from_number: line, number } = body;
	const { allowed, reason = '', nextSlotAt } = allowance.check(line, number);
	if (allowed) {
		allowance.take(line, number);
		return { giveBack: () => allowance.giveBack(line, number) };
	}
	const message = `${number} would be a new contact. ${reason}`.trim();
	if (wish === 'skip') return skipped(body, { reason: 'lineAllowance', message, nextSlotAt });
	throw new SendblueApiError({
		outcome: 'notSent',
		explanation: message,
		hint: 'Wait for the next slot, or send from another line.',
		kind: 'lineAllowance',
	});
}

/** Whether a line may write to a new contact. */
export interface Allowance {
	allowed: boolean;
	/** How many new contacts are left, if known. */
	remaining?: number;
	/** Why not, in words. */
	reason?: string;
	/** When the next slot opens, ISO 8601, if known. */
	nextSlotAt?: string;
}

/**
 * Room for new contacts on the lines of an account: Sendblue's figures, less what this execution has used since.
 */
export class LineAllowance {
	/** New contacts of this execution, by line, with the number of messages that depend on each. */
	private readonly met = new Map<string, Map<string, number>>();

	/**
	 * @param usage as `lines.usage` returns it
	 * @param now milliseconds since 1970
	 */
	constructor(
		private readonly usage: LinesUsage,
		private readonly now: () => number,
	) {}

	/** Whether the line may meet a new contact now. A number already met in this execution is not new. */
	check(line: string, number?: string): Allowance {
		const met = this.met.get(line);
		if (number !== undefined && met?.has(number)) return { allowed: true };
		return allowanceOf(this.usage, line, this.now(), met?.size ?? 0);
	}

	/** Whether Sendblue limits the new contacts of this line and gives figures on them. */
	isLimited(line: string): boolean {
		return this.usage.enabled && figuresOf(this.usage, line) !== undefined;
	}

	/** How long after the last message a person counts as a new contact of the line, in days. */
	lookbackDays(line: string): number {
		const days = figuresOf(this.usage, line)?.newContactLookbackDays;
		return typeof days === 'number' && days > 0 ? days : LOOKBACK_DAYS;
	}

	/** Undoes {@link take} for one message; a contact without any other message no longer counts. */
	giveBack(line: string, number: string): void {
		const met = this.met.get(line);
		const left = (met?.get(number) ?? 0) - 1;
		if (left > 0) met?.set(number, left);
		else met?.delete(number);
	}

	/** Counts a message to a new contact; a number counts once, however many messages go to it. */
	take(line: string, number: string): void {
		const met = this.met.get(line) ?? new Map<string, number>();
		this.met.set(line, met.set(number, (met.get(number) ?? 0) + 1));
	}
}

function figuresOf({ lines }: LinesUsage, line: string): LineUsage | undefined {
	return lines.find(({ phone }) => phone === line);
}

/**
 * Decides from Sendblue's figures whether a line may meet a new contact.
 *
 * @param now milliseconds since 1970: a slot that has opened since the sample counts as open
 * @param alreadyMet new contacts met since the sample
 */
export function allowanceOf(usage: LinesUsage, line: string, now: number, alreadyMet = 0): Allowance {
	const figures = figuresOf(usage, line);
	if (!usage.enabled || !figures) return { allowed: true };

	const full = [
		fullness('hour', figures.hourly, now, alreadyMet),
		fullness('day', figures.daily, now, alreadyMet),
		closure(figures, now),
	].filter((limit) => limit !== undefined);
	if (full.length === 0) {
		return { allowed: true, remaining: remainingOf(figures, alreadyMet) };
	}
	// All limits must have room, so the last one to open decides; if one names no time, the time is unknown.
	const times = full.map((limit) => limit.opensAt);
	const nextSlot = times.every((time) => time !== undefined) ? Math.max(...times) : undefined;
	const nextSlotAt = nextSlot === undefined ? undefined : new Date(nextSlot).toISOString();
	const when = nextSlotAt === undefined ? '' : ` The next slot opens at ${nextSlotAt}.`;
	return {
		allowed: false,
		remaining: 0,
		reason: `The line ${line} ${full.map((limit) => limit.what).join(', and ')}.${when}`,
		nextSlotAt,
	};
}

/**
 * Whether a number is a new contact for a line: no message in either direction within Sendblue's look-back period.
 *
 * @throws {SendblueApiError}
 */
export async function isNewContact(
	client: SendblueClient,
	line: string,
	number: string,
	lookbackDays = LOOKBACK_DAYS,
): Promise<boolean> {
	const since = new Date(client.clock.now() - lookbackDays * DAY_MS).toISOString();
	const query = { number, created_at_gte: since, limit: 100 };
	const { messages } = await client.messages.list(query, CHECK_LIMITS, client.timings.checkTimeout);
	return !messages.some((message) =>
		[message.from_number, message.sendblue_number, message.to_number].flat().includes(line),
	);
}

interface Limit {
	what: string;
	/** Milliseconds since 1970. */
	opensAt?: number;
}

function fullness(
	span: 'hour' | 'day',
	window: UsageWindow | undefined,
	now: number,
	alreadyMet: number,
): Limit | undefined {
	const left = leftIn(window);
	if (left === undefined || left - alreadyMet > 0) return undefined;
	const opensAt = timeOf(window?.nextSlotAt) ?? timeOf(window?.resetsAt);
	if (opensAt !== undefined && opensAt <= now && alreadyMet === 0) return undefined;
	const limit = typeof window?.limit === 'number' ? ` (${window.limit})` : '';
	return { what: `has written to as many new contacts as Sendblue allows in one ${span}${limit}`, opensAt };
}

/** The limit of a line that Sendblue has closed for new contacts, for whatever reason. */
function closure(figures: LineUsage, now: number): Limit | undefined {
	const opensAt = timeOf(figures.availableAt);
	if (opensAt === undefined || opensAt <= now) return undefined;
	return { what: 'is closed for new contacts', opensAt };
}

function leftIn(window: UsageWindow | undefined): number | undefined {
	if (typeof window?.remaining === 'number') return window.remaining;
	if (typeof window?.limit === 'number' && typeof window.used === 'number') return window.limit - window.used;
	return undefined;
}

function remainingOf(figures: LineUsage, alreadyMet: number): number | undefined {
	const left = [leftIn(figures.hourly), leftIn(figures.daily)].filter((value) => value !== undefined);
	return left.length === 0 ? undefined : Math.min(...left) - alreadyMet;
}

function timeOf(text: string | null | undefined): number | undefined {
	const time = Date.parse(text ?? '');
	return Number.isNaN(time) ? undefined : time;
}

async function readFigures(run: SendingRun, client: SendblueClient): Promise<LineAllowance | undefined> {
	try {
		return new LineAllowance(await client.lines.usage(false), () => client.clock.now());
	} catch (error) {
		if (!(error instanceof SendblueApiError)) return rethrow(error);
		run.hints.add(`The allowance of the lines could not be read, so it was not checked. ${error.message}`);
		return undefined;
	}
}

/** If it cannot be determined, the contact counts as new, so that the line does not exceed its allowance. */
async function isNew(client: SendblueClient, line: string, number: string, days: number): Promise<boolean> {
	try {
		return await isNewContact(client, line, number, days);
	} catch (error) {
		return error instanceof SendblueApiError ? true : rethrow(error);
	}
}
