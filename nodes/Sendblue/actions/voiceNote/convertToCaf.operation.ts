import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { inputItem, isToolExecution } from '../../n8n/execution';
import {
	cafBinary,
	cafFileName,
	keptFiles,
	mp3Binary,
	mp3FileName,
	noteFieldName,
	PLAYABLE_FIELD,
} from '../../n8n/binaryOutput';
import type { ItemRun } from '../executionRun';
import { groupedOptions, optionsOf } from '../../parameters/optionGroups';
import { shownFor } from '../../parameters/displayOptions';
import { audioInput, audioSourceFields } from './audioInput';
import { conversionSettings, outputField, voiceNoteOptions, whenLonger } from './conversionSettings';

/** The fields of Convert to CAF. */
export const description: INodeProperties[] = shownFor('voiceNote', 'convertToCaf', [
	...audioSourceFields,
	outputField,
	...groupedOptions([...Object.values(voiceNoteOptions), whenLonger(true)]),
]);

/** Converts the item's audio to a voice note file; the item keeps its JSON and its other files. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	{ checkpoint, run }: ItemRun,
): Promise<INodeExecutionData[]> {
	const item = inputItem(context, itemIndex);
	const options = optionsOf(context, itemIndex);
	const settings = conversionSettings(context, itemIndex, options);
	const givenField: unknown = context.getNodeParameter('outputBinaryPropertyName', itemIndex, 'data');
	const field = noteFieldName(context, itemIndex, givenField, settings);
	const fileName = cafFileName(options.fileName);
	const audio = await audioInput(context, itemIndex);

	checkpoint();
	const notes = await run.convertedFiles.share(audio, { ...settings, fileName }, async (loaded) => {
		const converted = await loaded.toVoiceNotes(settings);
		return await Promise.all(
			converted.map(async ({ bytes, info, playableCopy }, index) => {
				const name = converted.length === 1 ? fileName : partFileName(fileName, index);
				if (isToolExecution(context)) return { info, fileName: name };
				const file = await cafBinary(context, bytes, name);
				const copy = playableCopy && (await mp3Binary(context, playableCopy.bytes, mp3FileName(name)));
				return { info, fileName: name, file, copy };
			}),
		);
	});

	return notes.map((note, index) => ({
		json: {
			...item.json,
			voiceNote: { ...note.info, fileName: note.fileName },
			...(notes.length > 1 ? { part: index + 1, parts: notes.length } : {}),
		},
		...(note.file
			? {
					binary: {
						...keptFiles(item).binary,
						[field]: note.file,
						...(note.copy ? { [PLAYABLE_FIELD]: note.copy } : {}),
					},
				}
			: {}),
		pairedItem: { item: itemIndex },
	}));
}

/** `AudioMessage.caf` → `AudioMessage-1.caf` for the first part. */
function partFileName(fileName: string, index: number): string {
	return fileName.replace(/\.caf$/, `-${index + 1}.caf`);
}
