import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { cafFileName, keptFiles } from '../../n8n/binaryOutput';
import type { HostedNote, ItemRun } from '../executionRun';
import { messageDraft } from '../sending/messageDraft';
import { sendInTurn } from '../sending/sendInTurn';
import { audioInput } from './audioInput';
import { conversionSettings } from './conversionSettings';
import { hostNote, type HostingSettings } from './hostNote';

export { sendFields as description } from './send.fields';

/** Converts the item's audio, uploads it and sends it; the output is Sendblue's answer with facts about the note. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const { prepared, message } = await sendInTurn(context, itemIndex, itemRun, options, async (client) => {
		const draft = await messageDraft(context, itemIndex, options, client.baseUrl);
		const settings = hostingSettings(context, itemIndex, options);
		const audio = await audioInput(context, itemIndex);

		itemRun.checkpoint();
		const note = await hostNote(context, itemRun.run, audio, settings);
		return { body: { ...draft, media_url: note.mediaUrl }, note };
	});
	return [sentItem(context, itemIndex, message as IDataObject, prepared.note)];
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
