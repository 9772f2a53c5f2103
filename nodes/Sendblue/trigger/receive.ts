import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { simplifyReceived } from '../parameters/messageOutput';
import { textOf } from '../parameters/values';
import { rethrow } from '../sendblue/errors';
import type { TriggerEvent } from './events';
import { eventKeys, isWanted, voiceNoteMedia, type VoiceNoteMedia } from './payload';
import { claimEvent } from './recentEvents';
import { TOKEN_PARAMETER } from './registration';
import { isSecret, isSigned } from './secrets';
import { chosenEvent, messageFilters, type MessageFilters } from './settings';
import { downloadVoiceNote } from './voiceNoteFile';

/** The header in which Sendblue sends a webhook's secret, literally. */
const SECRET_HEADER = 'sb-signing-secret';

/** The header in which some accounts get a signature in its place. */
const SIGNATURE_HEADER = 'x-sendblue-signature';

/** For n8n's log: whoever wonders why no delivery arrives finds it there. */
const REFUSED =
	"Sendblue Trigger: a delivery was refused, as it carried neither this webhook's secret nor the account's global one. " +
	'If it came from Sendblue, the global secret was changed: publish the workflow again.';

/** Answered with 200, so that Sendblue does not repeat the delivery, without starting the workflow. */
const NOT_WANTED: IWebhookResponseData = {};

/** Receives a delivery: starts the workflow with its body if it is ours, new, and passes the filters. */
export async function receiveDelivery(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const event = chosenEvent(context);
	if (!isGenuine(context, event.plainUrl === true)) {
		noteRefused(context);
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
		if (!item) return { noWebhookResponse: true };
		const json = isSimplified(context, event) ? simplifyReceived(item.json) : item.json;
		return { noWebhookResponse: true, workflowData: [[{ ...item, json }]] };
	} catch (error) {
		claim.release();
		return rethrow(error);
	}
}

/**
 * Answers before anything that takes time, since Sendblue delivers again what is not answered soon.
 *
 * That the answer is ours also matters for what is remembered: n8n 2.41 stores the static data with the answer, and
 * if it answers by itself, it does so when it has begun to run the workflow and no longer sees that they changed.
 */
function answer(context: IWebhookFunctions, status: number, message: string): void {
	context.getResponseObject().status(status).json({ message });
}

/** Only what is known of messages can be cut down; calls, lines and the like come as they are. */
function isSimplified(context: IWebhookFunctions, { type }: TriggerEvent): boolean {
	return (type === 'receive' || type === 'outbound') && context.getNodeParameter('simplify', false) === true;
}

/** How often a refusal is written to n8n's log at most, in milliseconds: anybody can call the address. */
const NOTED_EVERY_MS = 60_000;

let notedAt = 0;

function noteRefused({ logger }: IWebhookFunctions): void {
	const now = Date.now();
	if (now - notedAt < NOTED_EVERY_MS) return;
	notedAt = now;
	logger.warn(REFUSED);
}

/**
 * Types with plain URLs carry our secret in the address, all others in a header: ours, or the account's global one. Where
 * the header is missing, a signature with one of them is as good; beside a wrong header it is not looked at.
 */
function isGenuine(context: IWebhookFunctions, inUrl: boolean): boolean {
	const { secret, accountSecret } = context.getWorkflowStaticData('node');
	if (typeof secret !== 'string') return false;
	if (inUrl) return isSecret((context.getQueryData() as IDataObject)[TOKEN_PARAMETER], [secret]);

	const secrets = [secret, ...(typeof accountSecret === 'string' ? [accountSecret] : [])];
	const headers = context.getHeaderData();
	if (headers[SECRET_HEADER] !== undefined) return isSecret(headers[SECRET_HEADER], secrets);
	const { rawBody } = context.getRequestObject();
	return isSigned({ signature: headers[SIGNATURE_HEADER], body: rawBody ?? Buffer.alloc(0), now: Date.now() }, secrets);
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
 * The item of a message with what may be a voice note. If the name does not tell, the bytes do; they are asked for no
 * more than is needed.
 *
 * @returns undefined if only voice notes are wanted, and the bytes are none
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
