import { enumerated, rethrow, SendblueApiError, SendblueInputError } from '../sendblue/errors';
import { skipped, type Fallback, type MessageForm, type Skipped } from './outcomes';
import type { SendingRun } from './run';
import { isToOne, type SendBody } from './sameMessage';

/**
 * Refuses a line that is not the account's, before anything is converted or uploaded. The lines are read once per
 * execution; where they are not known for sure, Sendblue is left to decide.
 *
 * @throws {SendblueInputError}
 */
export async function refuseForeignLine(run: SendingRun, line: string): Promise<void> {
	const lines = await run.lines.get('all', async () => await (await run.client()).lines.completeList());
	if (!lines || [...lines].some((known) => isSameNumber(known, line))) return;
	throw new SendblueInputError(
		`'From': ${line} is not one of the account's lines, so nothing was sent.`,
		`Choose one of: ${enumerated(lines)}.`,
	);
}

/** In whatever spelling Sendblue lists its lines, with or without plus sign and country code. */
function isSameNumber(listed: string, line: string): boolean {
	const digits = listed.replace(/\D/g, '');
	return digits.length >= 7 && line.endsWith(digits);
}

/** What is to be done for people without iMessage. */
export type NoIMessageWish = 'send' | 'mp3' | 'attachment' | 'text' | 'skip' | 'fail';

/** How a message goes out, or why it does not. */
export type ChosenForm = { form: MessageForm; fallback?: Fallback } | Skipped;

/**
 * Decides by the recipient's service, where the user wants that, in which form a message goes out.
 *
 * @throws {SendblueApiError} `notSent` where the message is to fail for people without iMessage
 * @throws {SendblueInputError} where there is no text to send instead
 */
export async function chooseForm(run: SendingRun, body: SendBody, wish: NoIMessageWish): Promise<ChosenForm> {
	if (wish === 'send' || !isToOne(body)) return { form: 'planned' };
	const service = await serviceOf(run, body.number);
	if (service === undefined || service.toLowerCase() === 'imessage') return { form: 'planned' };

	const message = `${body.number} has no iMessage (Sendblue says ${service}).`;
	switch (wish) {
		case 'skip':
			return skipped(body, { reason: 'noIMessage', message, service });
		case 'fail':
			throw new SendblueApiError({
				outcome: 'notSent',
				explanation: `${message} Nothing was sent.`,
				advice: "Send another kind of message, or change 'If Recipient Has No iMessage'.",
			});
		case 'text':
			if (body.content !== undefined) break;
			throw new SendblueInputError(
				`${message} There is no text to send instead, so nothing was sent.`,
				"Fill in 'Text', or change 'If Recipient Has No iMessage'.",
			);
	}
	return { form: wish, fallback: { reason: 'noIMessage', service, sentAs: wish } };
}

/** Asked once per number and execution; undefined where Sendblue could not tell. */
async function serviceOf(run: SendingRun, number: string): Promise<string | undefined> {
	return await run.services.get(number, async () => {
		const client = await run.client();
		try {
			const { service } = await client.numbers.evaluateService(number, false);
			if (typeof service === 'string' && service !== '') return service;
			run.hints.add('Sendblue did not say whether some recipients have iMessage; they were sent the voice note.');
		} catch (error) {
			if (!(error instanceof SendblueApiError)) return rethrow(error);
			run.hints.add(
				`It could not be found out whether some recipients have iMessage; they were sent the voice note. ${error.message}`,
			);
		}
		return undefined;
	});
}
