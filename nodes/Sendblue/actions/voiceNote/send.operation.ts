import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { cafFileName, keptFiles } from '../../n8n/binaryOutput';
import { DEFAULT_PER_SECOND } from '../../sendblue/pacing';
import { sendReliably } from '../../sendblue/reconcile';
import type { HostedNote, ItemRun } from '../executionRun';
import { audioInput } from './audioInput';
import { conversionSettings } from './conversionSettings';
import { hostNote, type HostingSettings } from './hostNote';
import { lineNumber, messageDraft } from './message';

export { sendFields as description } from './send.fields';

/** Converts the item's audio, uploads it and sends it; the output is Sendblue's answer with facts about the note. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	// Taken before anything is waited for, so that a line's messages keep the order of the items.
	const place = run.pacer(messagesPerSecond(options)).reserve(lineKey(context, itemIndex));
	try {
		const client = await run.client();
		const draft = await messageDraft(context, itemIndex, options, client.baseUrl);
		const settings = hostingSettings(context, itemIndex, options);
		const audio = await audioInput(context, itemIndex);

		checkpoint();
		const note = await hostNote(context, run, audio, settings);
		const { message } = await place.run(async (next) => {
			checkpoint();
			return await sendReliably(client, { ...draft, media_url: note.mediaUrl }, { onAttemptEnded: next });
		});
		run.sentHandles.set(itemIndex, String(message.message_handle));
		return [sentItem(context, itemIndex, message as IDataObject, note)];
	} finally {
		place.release();
	}
}

/** A rate that is none counts as the default one, which is the careful side. */
function messagesPerSecond(options: IDataObject): number {
	const rate = Number(options.messagesPerSecond);
	return rate > 0 ? rate : DEFAULT_PER_SECOND;
}

/** One key for all spellings of a line's number. */
function lineKey(context: IExecuteFunctions, itemIndex: number): string {
	return String(lineNumber(context, itemIndex)).replace(/\D/g, '');
}

function hostingSettings(context: IExecuteFunctions, itemIndex: number, options: IDataObject): HostingSettings {
	return {
		...conversionSettings(context, itemIndex, options),
		fileName: cafFileName(options.fileName),
		rehost: options.rehost === true,
		includeCaf: options.includeCaf === true,
	};
}

function sentItem(
	context: IExecuteFunctions,
	itemIndex: number,
	message: IDataObject,
	note: HostedNote,
): INodeExecutionData {
	const kept = keptFiles(context.getInputData()[itemIndex]);
	const field = String(context.getNodeParameter('outputBinaryPropertyName', itemIndex, 'data')).trim() || 'data';
	const binary = { ...kept.binary, ...(note.file ? { [field]: note.file } : {}) };
	return {
		json: { ...kept.json, ...message, voiceNote: { ...note.info, fileName: note.fileName } },
		...(Object.keys(binary).length > 0 ? { binary } : {}),
		pairedItem: { item: itemIndex },
	};
}
