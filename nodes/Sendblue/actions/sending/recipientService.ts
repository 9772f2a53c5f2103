import { SendblueApiError, SendblueInputError } from '../../sendblue/errors';
import { isToOne, type SendBody } from '../../sendblue/sameMessage';
import type { ExecutionRun } from '../executionRun';
import type { SafetySettings } from './safety';
import { skipped, type Skipped } from './skipped';

/** The form in which a message goes out. */
export type MessageForm = 'planned' | 'attachment' | 'text';

/** What is sent instead of the planned message, and why; stands on the output. */
export interface Fallback {
	reason: 'noIMessage';
	/** What the person's phone takes, as Sendblue knows. */
	service: string;
	sentAs: 'attachment' | 'text';
}

/** How a message goes out, or why it does not. */
export type ChosenForm = { form: MessageForm; fallback?: Fallback } | Skipped;

/**
 * Decides by the recipient's service, where the user wants that, in which form a message goes out.
 *
 * @throws {SendblueApiError} `notSent` where the message is to fail for people without iMessage
 * @throws {SendblueInputError} where there is no text to send instead
 */
export async function chooseForm(run: ExecutionRun, body: SendBody, settings: SafetySettings): Promise<ChosenForm> {
	const wish = settings.ifNoIMessage;
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
async function serviceOf(run: ExecutionRun, number: string): Promise<string | undefined> {
	return await run.sending.services.get(number, async () => {
		const client = await run.client();
		try {
			const { service } = await client.evaluateService(number, false);
			if (typeof service === 'string' && service !== '') return service;
			run.sending.hints.add(
				'Sendblue did not say whether some recipients have iMessage; they were sent the voice note.',
			);
		} catch (error) {
			if (!(error instanceof SendblueApiError)) return await Promise.reject(error);
			run.sending.hints.add(
				`It could not be found out whether some recipients have iMessage; they were sent the voice note. ${error.message}`,
			);
		}
		return undefined;
	});
}
