import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { receivedFile } from '../../n8n/audioFiles';
import { cafFileName, noteFieldName, PLAYABLE_FIELD } from '../../n8n/binaryOutput';
import { pause } from '../../n8n/pause';
import type { ExecutionRun, HostedCopy, HostedNote, ItemRun } from '../executionRun';
import { hostMedia, sendsMediaUrl } from '../media/hostMedia';
import { messageDraft } from '../../parameters/messageDraft';
import { optionsOf } from '../../parameters/optionGroups';
import type { PreparedMessage } from '../../sending/send';
import { sendItem, sendOutput } from '../sendItem';
import { audioInput, type AudioInput, type LoadedFile } from './audioInput';
import { conversionSettings } from './conversionSettings';
import { hostCopy, hostNote, sendsUrl, type HostingSettings } from './hostNote';

export { sendFields as description } from './send.fields';

/** What was sent of the item's audio. */
interface PreparedNote extends PreparedMessage {
	/** Missing where no voice note was sent. */
	note?: HostedNote;
	/** Its MP3, where that was sent instead. */
	copy?: HostedCopy;
}

/** Converts the item's audio, uploads it and sends it; the output is Sendblue's answer with facts about the note. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const options = optionsOf(context, itemIndex);
	const { run } = itemRun;
	// Read before anything is sent, as it may be refused.
	const settings = hostingSettings(context, itemIndex, options);
	const ownField: unknown = context.getNodeParameter('outputBinaryPropertyName', itemIndex, '');
	const field = noteFieldName(context, itemIndex, options.outputBinaryPropertyName ?? ownField, settings);
	const result = await sendItem<PreparedNote>(context, itemIndex, itemRun, options, async (client) => {
		const draft = await messageDraft(context, itemIndex, options, client.baseUrl);
		const audio = await audioInput(context, itemIndex);
		return {
			draft,
			fingerprint: audio.fingerprint,
			mediaUrl(form) {
				const { rehost } = settings;
				if (form === 'mp3') return undefined;
				const asIs =
					form === 'attachment' ? sendsMediaUrl(audio.url, client, { rehost }) : sendsUrl(audio, settings, client);
				return asIs ? audio.url : undefined;
			},
			prepare: async (form, tag) => {
				if (form === 'text') return { body: draft };
				if (form === 'attachment') return { body: { ...draft, media_url: await hostAudio(run, audio, settings, tag) } };
				if (form === 'mp3') {
					const copy = await hostCopy(context, run, audio, settings, tag);
					return { body: { ...draft, media_url: copy.mediaUrl }, copy };
				}
				const note = await hostNote(context, run, audio, settings, tag);
				return { body: { ...draft, media_url: note.mediaUrl }, note };
			},
		};
	});
	const prepared = 'skipped' in result ? undefined : result.prepared;
	return [noteItem(itemIndex, sendOutput(itemRun, result, options), field, prepared)];
}

function hostingSettings(context: IExecuteFunctions, itemIndex: number, options: IDataObject): HostingSettings {
	const includeCaf = options.includeCaf === true;
	const conversion = conversionSettings(context, itemIndex, options);
	return {
		...conversion,
		fileName: cafFileName(options.fileName),
		rehost: options.rehost === true,
		includeCaf,
		playableCopy: includeCaf && conversion.playableCopy === true,
	};
}

/** The audio as the file it is, at a public address. */
async function hostAudio(
	run: ExecutionRun,
	audio: AudioInput,
	{ rehost }: HostingSettings,
	tag: string | undefined,
): Promise<string> {
	// Where it has no name, as text in JSON has none, its bytes tell what it is.
	const load = async (): Promise<LoadedFile> => {
		const { bytes, mimeType } = await audio.load();
		const { sourceFormatOf } = await import('../../voiceNote');
		const sourceFormat = await sourceFormatOf(bytes, pause);
		return { bytes, mimeType: sourceFormat === undefined ? mimeType : receivedFile('', sourceFormat).mimeType };
	};
	return await hostMedia(run, { ...audio, load }, { rehost }, tag);
}

function noteItem(
	itemIndex: number,
	json: IDataObject,
	field: string,
	{ note, copy }: Partial<PreparedNote> = {},
): INodeExecutionData {
	const playable = note?.copy ?? copy?.file;
	// Without the input's files: on the output they would look as if they had been sent.
	const binary = {
		...(note?.file ? { [field]: note.file } : {}),
		...(playable ? { [PLAYABLE_FIELD]: playable } : {}),
	};
	// Filled in place: a delivery that is waited for is written into it later.
	Object.assign(
		json,
		note ? { voiceNote: { ...note.info, fileName: note.fileName } } : {},
		copy ? { audio: { ...copy.info, fileName: copy.fileName } } : {},
	);
	return {
		json,
		...(Object.keys(binary).length > 0 ? { binary } : {}),
		pairedItem: { item: itemIndex },
	};
}
