import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { textOf } from '../parameters/values';
import { rethrow } from '../sendblue/errors';
import { eventKey, isWanted, voiceNoteUrl } from './payload';
import { claimEvent } from './recentEvents';
import { TOKEN_PARAMETER } from './registration';
import { isSecret } from './secrets';
import { chosenEvent, messageFilters } from './settings';
import { downloadVoiceNote } from './voiceNoteFile';

/** The header in which Sendblue sends a webhook's secret, literally. */
const SECRET_HEADER = 'sb-signing-secret';

/** Answered with 200, so that Sendblue does not repeat the delivery, without starting the workflow. */
const NOT_WANTED: IWebhookResponseData = {};

/** Receives a delivery: starts the workflow with its body where it is ours, new, and passes the filters. */
export async function receiveDelivery(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const event = chosenEvent(context);
	if (!isGenuine(context, event.plainUrl === true)) {
		answer(context, 401, 'Unauthorized');
		return { noWebhookResponse: true };
	}

	const body = bodyOf(context);
	if (!isWanted(event.type, body, await messageFilters(context))) return NOT_WANTED;
	const key = eventKey(event.type, body);
	const node = `${String(context.getWorkflow().id)} ${context.getNode().name} ${context.getMode()}`;
	const claim = key === undefined ? undefined : claimEvent(node, context.getWorkflowStaticData('node'), key);
	if (key !== undefined && !claim) return NOT_WANTED;

	try {
		const field = textOf(context.getNodeParameter('outputBinaryPropertyName', 'data')) || 'data';
		const url = event.type === 'receive' ? wantedVoiceNote(context, body) : undefined;
		answer(context, 200, 'Event received');
		const item = url ? await withVoiceNote(context, body, url, field) : { json: body };
		claim?.confirm();
		return { noWebhookResponse: true, workflowData: [[item]] };
	} catch (error) {
		claim?.release();
		return rethrow(error);
	}
}

/**
 * Answers before anything that takes time, since Sendblue delivers again what is not answered soon.
 *
 * That the answer is ours also matters for what is remembered: n8n 2.41 stores the static data with the answer, and
 * where it answers by itself, it does so when it has begun to run the workflow and no longer sees that they changed.
 */
function answer(context: IWebhookFunctions, status: number, message: string): void {
	context.getResponseObject().status(status).json({ message });
}

/** Types with plain URLs carry our secret in the address, all others in a header. */
function isGenuine(context: IWebhookFunctions, inUrl: boolean): boolean {
	const { secret } = context.getWorkflowStaticData('node');
	if (typeof secret !== 'string') return false;
	const given = inUrl
		? (context.getQueryData() as IDataObject)[TOKEN_PARAMETER]
		: context.getHeaderData()[SECRET_HEADER];
	return isSecret(given, secret);
}

function bodyOf(context: IWebhookFunctions): IDataObject {
	const body: unknown = context.getBodyData();
	return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as IDataObject) : {};
}

function wantedVoiceNote(context: IWebhookFunctions, body: IDataObject): URL | undefined {
	return context.getNodeParameter('downloadVoiceNote', true) === true ? voiceNoteUrl(body) : undefined;
}

async function withVoiceNote(
	context: IWebhookFunctions,
	body: IDataObject,
	url: URL,
	field: string,
): Promise<INodeExecutionData> {
	const { file, error } = await downloadVoiceNote(context, url);
	return {
		json: error === undefined ? body : { ...body, voiceNoteError: error },
		...(file ? { binary: { [field]: file } } : {}),
	};
}
