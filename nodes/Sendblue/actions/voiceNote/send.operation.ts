import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { cafFileName, outputFieldName } from '../../n8n/binaryOutput';
import type { ExecutionRun, HostedNote, ItemRun } from '../executionRun';
import { hostMedia, sendsMediaUrl } from '../media/hostMedia';
import { messageDraft } from '../../parameters/messageDraft';
import { optionsOf } from '../../parameters/optionGroups';
import type { PreparedMessage } from '../../sending/send';
import { sendItem, sendOutput } from '../sendItem';
import { audioInput, type AudioInput } from './audioInput';
import { conversionSettings } from './conversionSettings';
import { hostNote, sendsUrl, type HostingSettings } from './hostNote';

export { sendFields as description } from './send.fields';

/** What was sent of the item's audio. */
interface PreparedNote extends PreparedMessage {
	/** Missing where no voice note was sent. */
	note?: HostedNote;
}

/** Converts the item's audio, uploads it and sends it; the output is Sendblue's answer with facts about the note. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = optionsOf(context, itemIndex);
	const { run } = itemRun;
	const result = await sendItem<PreparedNote>(context, itemIndex, itemRun, options, async (client) => {
		const draft = await messageDraft(context, itemIndex, options, client.baseUrl);
		const settings = hostingSettings(context, itemIndex, options);
		const audio = await audioInput(context, itemIndex);
		return {
			draft,
			fingerprint: audio.fingerprint,
			mediaUrl(form) {
				const { rehost } = settings;
				const asIs =
					form === 'attachment' ? sendsMediaUrl(audio.url, client, { rehost }) : sendsUrl(audio, settings, client);
				return asIs ? audio.url : undefined;
			},
			prepare: async (form, tag) => {
				if (form === 'text') return { body: draft };
				if (form === 'attachment') return { body: { ...draft, media_url: await hostAudio(run, audio, settings, tag) } };
				const note = await hostNote(context, run, audio, settings, tag);
				return { body: { ...draft, media_url: note.mediaUrl }, note };
			},
		};
	});
	const note = 'skipped' in result ? undefined : result.prepared?.note;
	return [noteItem(context, itemIndex, options, sendOutput(itemRun, result, options), note)];
}

function hostingSettings(context: IExecuteFunctions, itemIndex: number, options: IDataObject): HostingSettings {
	return {
		...conversionSettings(context, itemIndex, options),
		fileName: cafFileName(options.fileName),
		rehost: options.rehost === true,
		includeCaf: options.includeCaf === true,
	};
}

/** The audio as the file it is, at a public address. */
async function hostAudio(
	run: ExecutionRun,
	audio: AudioInput,
	{ rehost }: HostingSettings,
	tag: string | undefined,
): Promise<string> {
	return await hostMedia(run, audio, { rehost }, tag);
}

function noteItem(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	json: IDataObject,
	note: HostedNote | undefined,
): INodeExecutionData {
	const ownField = context.getNodeParameter('outputBinaryPropertyName', itemIndex, '');
	const field = outputFieldName(context, itemIndex, options.outputBinaryPropertyName ?? ownField);
	// Without the input's files: on the output they would look as if they had been sent.
	const binary = note?.file ? { [field]: note.file } : {};
	// Filled in place: a delivery that is waited for is written into it later.
	Object.assign(json, note ? { voiceNote: { ...note.info, fileName: note.fileName } } : {});
	return {
		json,
		...(Object.keys(binary).length > 0 ? { binary } : {}),
		pairedItem: { item: itemIndex },
	};
}
