import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { cafBinary, cafFileName, keptFiles } from '../../n8n/binaryOutput';
import { isToolExecution } from '../../n8n/toolExecution';
import type { ItemRun } from '../executionRun';
import { audioInput } from './audioInput';
import { audioSourceFields, outputField, voiceNoteOptions } from './audioSource.fields';
import { conversionSettings } from './conversionSettings';

/** The fields of Convert to CAF. */
export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['voiceNote'], operation: ['convertToCaf'] } },
	[
		...audioSourceFields,
		outputField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [voiceNoteOptions.alwaysReencode, voiceNoteOptions.bitrate, voiceNoteOptions.fileName],
		},
	],
);

/** Turns the item's audio into a voice note file; the item's JSON and its other files are kept. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const item = context.getInputData()[itemIndex];
	const field = String(context.getNodeParameter('outputBinaryPropertyName', itemIndex, 'data')).trim() || 'data';
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const settings = conversionSettings(context, itemIndex, options);
	const fileName = cafFileName(options.fileName);
	const audio = await audioInput(context, itemIndex);

	checkpoint();
	const { info, file } = await run.convertedFiles.share(audio, { ...settings, fileName }, async (loaded) => {
		const note = await loaded.toVoiceNote(settings);
		const stored = isToolExecution(context) ? undefined : await cafBinary(context, note.bytes, fileName);
		return { info: note.info, file: stored };
	});

	return [
		{
			json: { ...item.json, voiceNote: { ...info, fileName } },
			...(file ? { binary: { ...keptFiles(item).binary, [field]: file } } : {}),
			pairedItem: { item: itemIndex },
		},
	];
}
