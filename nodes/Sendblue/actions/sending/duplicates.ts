import { createHash } from 'crypto';

import type { SendblueClient } from '../../sendblue/client';
import { SendblueApiError } from '../../sendblue/errors';
import { findEarlier } from '../../sendblue/findEarlier';
import { isToOne, type SendBody } from '../../sendblue/sameMessage';
import type { SendblueMessage } from '../../sendblue/types';

/** Length of a tag, in hexadecimal digits: 80 bits. */
const TAG_LENGTH = 20;

/** The longest file name, extension included. */
const MAX_NAME_LENGTH = 100;

/**
 * What stands for a key, a line and a recipient in the name of an uploaded file, so that Sendblue's list of messages
 * remembers what was sent. The key itself cannot be read from it.
 */
export function duplicateTag(key: string, body: SendBody): string {
	const recipient = isToOne(body) ? body.number : (body.group_id ?? [...(body.numbers ?? [])].sort());
	const text = JSON.stringify([key, body.from_number, recipient]);
	return createHash('sha256').update(text).digest('hex').slice(0, TAG_LENGTH);
}

/** A file name with a tag before its extension, such as `AudioMessage_0123456789abcdef0123.caf`. */
export function taggedName(fileName: string, tag: string | undefined): string {
	if (tag === undefined) return fileName;
	const dot = fileName.lastIndexOf('.');
	const ending = `_${tag}${dot === -1 ? '' : fileName.slice(dot)}`;
	const base = dot === -1 ? fileName : fileName.slice(0, dot);
	return `${base.slice(0, Math.max(0, MAX_NAME_LENGTH - ending.length))}${ending}`;
}

/**
 * The message that was sent under a tag before, in this or another execution, if Sendblue lists one.
 *
 * @throws {SendblueApiError} `notSent` where the list cannot be read: sending then could be a duplicate; `unknown` where
 * there is such a message and Sendblue does not know whether it went out
 */
export async function findDuplicate(
	client: SendblueClient,
	body: SendBody,
	trace: Parameters<typeof findEarlier>[2],
): Promise<SendblueMessage | undefined> {
	try {
		return await findEarlier(client, body, trace);
	} catch (error) {
		if (!(error instanceof SendblueApiError) || error.messageHandle !== undefined) return await Promise.reject(error);
		const { httpStatus, sendblueCode, sendblueMessage, cancelled } = error;
		return await Promise.reject(
			new SendblueApiError({
				outcome: 'notSent',
				explanation: `It could not be checked whether this was sent before, so it was not sent. ${error.explanation}`,
				advice: `${error.advice} Without the option Avoid Duplicates no check is made.`,
				httpStatus,
				sendblueCode,
				sendblueMessage,
				cancelled,
			}),
		);
	}
}
