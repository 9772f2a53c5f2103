import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { inputItem, isToolExecution } from '../../n8n/execution';
import { AUDIO_MIME_TYPES, audioFileName, type AudioFileFormat } from '../../n8n/audioFiles';
import { keptFiles, outputFieldName, storedFile } from '../../n8n/binaryOutput';
import { inItem, shownValue } from '../../n8n/wording';
import type { AudioFileOptions } from '../../voiceNote/types';
import type { ItemRun } from '../executionRun';
import { shownFor } from '../../parameters/displayOptions';
import { FORMAT_OPTIONS, optionsField, sampleRateField } from '../../parameters/shared.fields';
import { audioInput, audioSourceFields } from './audioInput';
import { outputField } from './conversionSettings';

/** The fields of Convert From CAF. */
export const description: INodeProperties[] = shownFor('voiceNote', 'convertFromCaf', [
	...audioSourceFields,
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		options: FORMAT_OPTIONS,
		default: 'ogg',
		description: 'What the voice note is turned into',
	},
	{ ...sampleRateField, displayOptions: { show: { outputFormat: ['wav'] } } },
	{ ...outputField, description: 'The field of the output item that the converted file is put in' },
	optionsField([
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: 'VoiceNote',
			placeholder: 'e.g. VoiceNote',
			description: 'The name of the converted file. The extension is set by the format, and spaces are replaced.',
		},
	]),
]);

/** Converts a received voice note to Ogg, MP3 or WAV; the item keeps its JSON and its other files. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const item = inputItem(context, itemIndex);
	const field = outputFieldName(
		context,
		itemIndex,
		context.getNodeParameter('outputBinaryPropertyName', itemIndex, 'data'),
	);
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const settings = formatSettings(context, itemIndex);
	const fileName = audioFileName(options.fileName, settings.format);
	const audio = await audioInput(context, itemIndex);

	checkpoint();
	const { info, file } = await run.extractedFiles.share(audio, { ...settings, fileName }, async (loaded) => {
		const converted = await loaded.fromVoiceNote(settings);
		const mimeType = AUDIO_MIME_TYPES[settings.format];
		const stored = isToolExecution(context)
			? undefined
			: await storedFile(context.helpers, converted.bytes, fileName, mimeType);
		return { info: converted.info, file: stored };
	});

	return [
		{
			json: { ...item.json, audio: { ...info, fileName } },
			...(file ? { binary: { ...keptFiles(item).binary, [field]: file } } : {}),
			pairedItem: { item: itemIndex },
		},
	];
}

function formatSettings(context: IExecuteFunctions, itemIndex: number): AudioFileOptions & { format: AudioFileFormat } {
	const format = String(context.getNodeParameter('outputFormat', itemIndex, 'ogg'));
	if (format === 'mp3' || format === 'ogg') return { format };
	if (format === 'wav') {
		return { format, sampleRate: Number(context.getNodeParameter('sampleRate', itemIndex, 16_000)) };
	}
	throw new NodeOperationError(
		context.getNode(),
		`'Output Format' has an unknown value: ${shownValue(format)} ${inItem(itemIndex)}`,
		{
			itemIndex,
			description: "Choose Ogg, MP3 or WAV; in an expression, return 'ogg', 'mp3' or 'wav'.",
		},
	);
}
