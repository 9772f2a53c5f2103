import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { SendblueInputError } from '../../sendblue/errors';
import type { ExecutionRun, ItemRun } from '../executionRun';
import { hostMedia, sendsMediaUrl } from '../media/hostMedia';
import { mediaFile, mediaFromUrl, type MediaInput } from '../media/mediaInput';
import { textOf } from '../../parameters/values';
import { messageDraft } from '../../parameters/message';
import { optionsOf } from '../../parameters/optionGroups';
import type { PreparedMessage } from '../../sending/send';
import { checkItem, sendItem, sendOutput, type OperationPlan } from '../sendItem';

export { sendFields as description } from './send.fields';

/** Sends text, media or both; the output is Sendblue's answer. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const result = await sendItem(context, itemIndex, itemRun, planMessage);
	// Without the input's files: on the output they would look as if they had been sent as they are.
	return [{ json: sendOutput(context, itemIndex, itemRun, result), pairedItem: { item: itemIndex } }];
}

/** Checks an item before the first message of the execution leaves. */
export async function check(context: IExecuteFunctions, itemIndex: number, run: ExecutionRun): Promise<void> {
	await checkItem(context, itemIndex, run, planMessage);
}

async function planMessage(
	context: IExecuteFunctions,
	itemIndex: number,
	run: ExecutionRun,
): Promise<OperationPlan<PreparedMessage>> {
	const options = optionsOf(context, itemIndex);
	const client = await run.client();
	const draft = { ...(await messageDraft(context, itemIndex, options, client.baseUrl, run)), ...effectOf(options) };
	const media = await mediaOf(context, itemIndex);
	if (!media) {
		if (!draft.content) throw nothingToSend();
		return { draft, fingerprint: 'text', prepare: async () => await Promise.resolve({ body: draft }) };
	}
	return {
		draft,
		fingerprint: media.fingerprint,
		mediaUrl: () => (sendsMediaUrl(media.url, client, options) ? media.url : undefined),
		prepare: async (form, tag) => {
			if (form === 'text') return { body: draft };
			return { body: { ...draft, media_url: await hostMedia(run, media, options, tag) } };
		},
	};
}

async function mediaOf(context: IExecuteFunctions, itemIndex: number): Promise<MediaInput | undefined> {
	switch (context.getNodeParameter('mediaSource', itemIndex, 'none')) {
		case 'binary':
			return await mediaFile(context, itemIndex, "Set 'Media Source' to URL");
		case 'url':
			return mediaFromUrl(context, itemIndex);
		default:
			return undefined;
	}
}

function effectOf(options: IDataObject): { send_style?: string } {
	const style = textOf(options.sendStyle);
	return style === '' ? {} : { send_style: style };
}

function nothingToSend(): SendblueInputError {
	return new SendblueInputError(
		'There is neither text nor media to send.',
		"Fill in 'Text', or choose a 'Media Source'.",
	);
}
