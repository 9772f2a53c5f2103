import { isNewContact, LineAllowance } from '../../sendblue/allowance';
import type { SendblueClient } from '../../sendblue/client';
import { SendblueApiError } from '../../sendblue/errors';
import { isToOne, type SendBody } from '../../sendblue/sameMessage';
import type { ExecutionRun } from '../executionRun';
import type { SafetySettings } from './safety';
import { skipped, type Skipped } from './skipped';

/** A new contact's slot, or none because none is needed. */
export interface Slot {
	/** Gives the slot back, where the message did not go out. */
	giveBack(): void;
}

const NO_SLOT: Slot = { giveBack: () => undefined };

/**
 * Takes a slot of the line's allowance for a message to somebody the line has not talked with lately.
 *
 * Sendblue's figures are read once per execution and reckoned on from there. Where they cannot be had, the message goes
 * out.
 *
 * @throws {SendblueApiError} `notSent` where the user wants a failure when there is no slot
 */
export async function takeSlot(run: ExecutionRun, body: SendBody, settings: SafetySettings): Promise<Slot | Skipped> {
	if (settings.allowance === 'send' || !isToOne(body)) return NO_SLOT;
	const { from_number: line, number } = body;
	const client = await run.client();
	const allowance = await run.sending.allowance.get('all', async () => await readAllowance(run, client));
	if (!allowance || !allowance.check(line).known) return NO_SLOT;
	const contact = `${line} ${number}`;
	const isNewToLine = async (): Promise<boolean> => await isNew(client, line, number);
	if (!(await run.sending.newContacts.get(contact, isNewToLine))) return NO_SLOT;

	const { allowed, reason = '', nextSlotAt } = allowance.check(line, number);
	if (allowed) {
		allowance.take(line, number);
		return { giveBack: () => allowance.giveBack(line, number) };
	}
	const message = `${number} would be a new contact. ${reason}`.trim();
	if (settings.allowance === 'skip') return skipped(body, { reason: 'lineAllowance', message, nextSlotAt });
	throw new SendblueApiError({
		outcome: 'notSent',
		explanation: `${message} Nothing was sent.`,
		advice: 'Wait for the next slot, send from another line, or set the option to Skip and go on from its output.',
	});
}

async function readAllowance(run: ExecutionRun, client: SendblueClient): Promise<LineAllowance | undefined> {
	try {
		return new LineAllowance(await client.lineUsage(false), () => client.clock.now());
	} catch (error) {
		if (!(error instanceof SendblueApiError)) return await Promise.reject(error);
		run.sending.hints.add(`The allowance of the lines could not be read, so it was not looked at. ${error.message}`);
		return undefined;
	}
}

/** Where it cannot be found out, the contact counts as new, which is the careful side for the line. */
async function isNew(client: SendblueClient, line: string, number: string): Promise<boolean> {
	try {
		return await isNewContact(client, line, number);
	} catch (error) {
		return error instanceof SendblueApiError ? true : await Promise.reject(error);
	}
}
