import type { IDataObject } from 'n8n-workflow';

import type { SendblueClient } from '../../sendblue/client';
import { sleepUnlessCancelled } from '../../sendblue/clock';
import { SendblueApiError } from '../../sendblue/errors';
import { isToOne, type SendBody } from '../../sendblue/sameMessage';

/** Longest time the dots are shown before a message, in seconds. */
const MAX_TYPING_SECONDS = 60;

/**
 * Shows the person that somebody is typing, for as long as the option *Typing Indicator* says.
 *
 * Where Sendblue refuses (no iMessage, no conversation yet) the message is more important than the dots, so it is only
 * waited.
 */
export async function showTyping(client: SendblueClient, body: SendBody, options: IDataObject): Promise<void> {
	const seconds = Math.min(Number(options.typingSeconds ?? 0), MAX_TYPING_SECONDS);
	if (!(seconds > 0) || !isToOne(body)) return;
	try {
		await client.sendTypingIndicator({ number: body.number, from_number: body.from_number, state: 'start' });
	} catch (error) {
		if (!(error instanceof SendblueApiError)) return await Promise.reject(error);
	}
	// A stop is noticed at the next checkpoint.
	await sleepUnlessCancelled(client.clock, seconds * 1000, client.signal).catch(() => undefined);
}
