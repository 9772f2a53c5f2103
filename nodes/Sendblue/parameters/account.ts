import { createHash } from 'crypto';

import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { n8nTransport, type RequestContext } from '../n8n/transport';
import { phoneNumber, textOf } from './values';
import { normalizeBaseUrl } from '../sendblue/urls';
import { SendblueInputError } from '../sendblue/errors';
import { SendblueClient, type SendblueClientOptions } from '../sendblue/client';

/** The fields of the credential `sendblueApi`. */
interface SendblueCredential {
	apiKeyId?: string;
	apiSecretKey?: string;
	baseUrl?: string;
	defaultLine?: string;
}

/**
 * Creates a client for the account of the node's credential. Each execution has its own.
 *
 * @param options settings that replace the client's defaults
 * @throws {SendblueInputError} if the credential's base URL cannot be used.
 */
export async function openAccount(
	context: RequestContext,
	options: Pick<SendblueClientOptions, 'timings'> = {},
): Promise<SendblueClient> {
	const credential = await context.getCredentials<SendblueCredential>('sendblueApi');
	const baseUrl = normalizeBaseUrl(credential.baseUrl);
	const signal = 'getExecutionCancelSignal' in context ? cancelSignal(context) : undefined;
	return new SendblueClient({
		transport: n8nTransport(context),
		baseUrl,
		account: accountHash(baseUrl, credential),
		sleep,
		now: () => Date.now(),
		secrets: [credential.apiKeyId ?? '', credential.apiSecretKey ?? ''],
		...options,
		...(signal ? { signal } : {}),
	});
}

/**
 * The line that acts if *From* is empty: the credential's, else the only one of the account.
 *
 * @throws {SendblueInputError} if there are several, or none
 * @throws {SendblueApiError} if the lines could not be listed
 */
export async function accountLine(context: RequestContext, client: SendblueClient): Promise<string> {
	const { defaultLine } = await context.getCredentials<SendblueCredential>('sendblueApi');
	if (textOf(defaultLine) !== '') return await phoneNumber('Default Line of the credential', defaultLine);
	const lines = (await client.lines.all()).map(({ number }) => number);
	if (lines.length === 1 && lines[0] !== undefined) return await phoneNumber('From', lines[0]);
	if (lines.length === 0) {
		throw new SendblueInputError(
			"'From' is empty, and Sendblue lists no line of this account.",
			'Enter the line to send from.',
		);
	}
	throw new SendblueInputError(
		"'From' is empty, and the account has several lines.",
		`Choose one of: ${lines.join(', ')}. Or set a Default Line in the credential.`,
	);
}

function cancelSignal(context: IExecuteFunctions): AbortSignal | undefined {
	return context.getExecutionCancelSignal();
}

/**
 * The base URL of the API in the node's credential.
 *
 * @throws {SendblueInputError} if the credential's base URL cannot be used.
 */
export async function accountBaseUrl(context: IWebhookFunctions): Promise<string> {
	const { baseUrl } = await context.getCredentials<SendblueCredential>('sendblueApi');
	return normalizeBaseUrl(baseUrl);
}

/** A hash that identifies the account in memory shared by executions, so that no keys are kept there. */
function accountHash(baseUrl: string, { apiKeyId, apiSecretKey }: SendblueCredential): string {
	return createHash('sha256')
		.update(JSON.stringify([baseUrl, apiKeyId, apiSecretKey]))
		.digest('hex');
}
