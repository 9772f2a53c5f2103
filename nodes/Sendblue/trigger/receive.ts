import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { textOf } from '../parameters/values';
import { rethrow } from '../sendblue/errors';
import { eventKeys, isWanted, voiceNoteMedia, type VoiceNoteMedia } from './payload';
import { claimEvent } from './recentEvents';
import { TOKEN_PARAMETER } from './registration';
import { isSecret } from './secrets';
import { chosenEvent, messageFilters, type MessageFilters } from './settings';
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
	const filters = await messageFilters(context);
	if (!isWanted(event.type, body, filters)) return NOT_WANTED;
	const keys = eventKeys(event.type, body, Date.now());
	const node = `${String(context.getWorkflow().id)} ${context.getNode().name} ${context.getMode()}`;
	const claim = claimEvent(node, context.getWorkflowStaticData('node'), keys);
	if (!claim) return NOT_WANTED;

	try {
		const field = textOf(context.getNodeParameter('outputBinaryPropertyName', 'data')) || 'data';
		const media = event.type === 'receive' ? voiceNoteMedia(body) : undefined;
		const wish = { download: context.getNodeParameter('downloadVoiceNote', true) === true, filters, field };
		answer(context, 200, 'Event received');
		const item = media ? await withVoiceNote(context, body, media, wish) : { json: body };
		claim.confirm();
		return { noWebhookResponse: true, ...(item ? { workflowData: [[item]] } : {}) };
	} catch (error) {
		claim.release();
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

/** What is to become of a message's voice note. */
interface VoiceNoteWish {
	/** Whether it is put on the item. */
	download: boolean;
	filters: MessageFilters;
	/** The field of the item that it is put in. */
	field: string;
}

/**
 * The item of a message with what may be a voice note. Where the name does not tell, the bytes do; they are asked for no
 * more than is needed.
 *
 * @returns undefined where only voice notes are wanted, and the bytes are none
 */
async function withVoiceNote(
	context: IWebhookFunctions,
	body: IDataObject,
	{ url, isNamed }: VoiceNoteMedia,
	{ download, filters, field }: VoiceNoteWish,
): Promise<INodeExecutionData | undefined> {
	const mustBeOne = filters.messages === 'voiceNotes';
	if (!download && (isNamed || !mustBeOne)) return { json: body };
	const { file, error, isAudio } = await downloadVoiceNote(context, url);
	if (!isNamed && isAudio === false) return mustBeOne ? undefined : { json: body };
	return {
		json: error === undefined ? body : { ...body, voiceNoteError: error },
		...(file && download ? { binary: { [field]: file } } : {}),
	};
}
