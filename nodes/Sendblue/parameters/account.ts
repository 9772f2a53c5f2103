import { createHash } from 'crypto';

import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { n8nTransport, type RequestContext } from '../n8n/transport';
import { normalizeBaseUrl } from '../sendblue/baseUrl';
import { SendblueClient, type SendblueClientOptions } from '../sendblue/client';

/** The fields of the credential `sendblueApi`. */
interface SendblueCredential {
	apiKeyId?: string;
	apiSecretKey?: string;
	baseUrl?: string;
}

/**
 * Opens the account of the node's credential. One client serves one execution.
 *
 * @param options what differs from a client's usual ways
 * @throws {SendblueInputError} where the credential's base URL cannot be used.
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

function cancelSignal(context: IExecuteFunctions): AbortSignal | undefined {
	return context.getExecutionCancelSignal();
}

/**
 * Where the API of the node's credential lives.
 *
 * @throws {SendblueInputError} where the credential's base URL cannot be used.
 */
export async function accountBaseUrl(context: IWebhookFunctions): Promise<string> {
	const { baseUrl } = await context.getCredentials<SendblueCredential>('sendblueApi');
	return normalizeBaseUrl(baseUrl);
}

/** Tells accounts apart, in memory that outlives an execution, without holding a key. */
function accountHash(baseUrl: string, { apiKeyId, apiSecretKey }: SendblueCredential): string {
	return createHash('sha256')
		.update(JSON.stringify([baseUrl, apiKeyId, apiSecretKey]))
		.digest('hex');
}
