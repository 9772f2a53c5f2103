import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { shownFor } from '../../parameters/displayOptions';
import { sendingLineFields } from '../../parameters/shared.fields';
import { messageDraft } from '../../parameters/message';
import { contentField, messageOptions, recipientFields } from '../../parameters/message.fields';
import { SENT_OUTPUT } from '../../parameters/messageOutput';
import { groupedOptions, optionsOf } from '../../parameters/optionGroups';
import { outputFormFields } from '../../parameters/outputForm';
import { textOf } from '../../parameters/values';
import { SendblueInputError } from '../../sendblue/errors';
import type { PreparedMessage } from '../../sending/send';
import type { ExecutionRun, ItemRun } from '../executionRun';
import { hostMedia, sendsMediaUrl } from '../media/hostMedia';
import { fileNameOption, mediaFile, mediaFromUrl, type MediaInput, mediaSourceFields } from '../media/mediaInput';
import { checkItem, type OperationPlan, sendItem, sendOutput } from '../sendItem';

const effect: INodeProperties = {
	displayName: 'Effect',
	name: 'sendStyle',
	type: 'options',
	options: [
		{ name: 'Balloons', value: 'balloons' },
		{ name: 'Celebration', value: 'celebration' },
		{ name: 'Confetti', value: 'confetti' },
		{ name: 'Echo', value: 'echo' },
		{ name: 'Fireworks', value: 'fireworks' },
		{ name: 'Gentle', value: 'gentle' },
		{ name: 'Invisible Ink', value: 'invisible' },
		{ name: 'Lasers', value: 'lasers' },
		{ name: 'Loud', value: 'loud' },
		{ name: 'Love', value: 'love' },
		{ name: 'Shooting Star', value: 'shooting_star' },
		{ name: 'Slam', value: 'slam' },
		{ name: 'Spotlight', value: 'spotlight' },
	],
	default: 'celebration',
	description:
		'The effect the message arrives with. Shown in iMessage only; SMS messages arrive without it. Documented for single recipients.',
};

const optionFields = groupedOptions([
	messageOptions.deduplicationKey,
	messageOptions.deduplicationWindowHours,
	messageOptions.defaultCountry,
	effect,
	fileNameOption,
	messageOptions.ifNeverReplied,
	messageOptions.messagesPerSecond,
	{
		displayName: 'Re-Host',
		name: 'rehost',
		type: 'boolean',
		default: true,
		description:
			'Whether to download a media URL and upload the file to Sendblue even if Sendblue could use the address itself',
	},
	messageOptions.replyTo,
	messageOptions.seatId,
	messageOptions.shareContactCard,
	messageOptions.statusCallback,
	messageOptions.typingSeconds,
	messageOptions.waitForDelivery,
	messageOptions.allowance,
]);

/** The fields of Send Message. */
export const description: INodeProperties[] = shownFor('message', 'send', [
	...sendingLineFields,
	...recipientFields,
	{
		...contentField,
		typeOptions: { rows: 4 },
		description: 'The text of the message. May be left empty if media is sent.',
	},
	...mediaSourceFields,
	...outputFormFields(SENT_OUTPUT),
	...optionFields,
]);

/** Sends text, media or both; the output is Sendblue's answer. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const result = await sendItem(context, itemIndex, itemRun, planMessage);
	// The input's files are left out: on the output they would look like what was sent.
	return [{ json: sendOutput(context, itemIndex, itemRun, result), pairedItem: { item: itemIndex } }];
}

/** Checks an item before the execution sends its first message. */
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
