import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { receivedFile } from '../../n8n/audioFiles';
import { cafFileName, noteFieldName, PLAYABLE_FIELD } from '../../n8n/binaryOutput';
import { pause } from '../../n8n/concurrency';
import { shownFor } from '../../parameters/displayOptions';
import { sendingLineFields } from '../../parameters/shared.fields';
import { messageDraft } from '../../parameters/message';
import { contentField, messageOptions, recipientFields } from '../../parameters/message.fields';
import { SENT_OUTPUT } from '../../parameters/messageOutput';
import { groupedOptions, optionsOf } from '../../parameters/optionGroups';
import { outputFormFields } from '../../parameters/outputForm';
import type { PreparedMessage } from '../../sending/send';
import type { ExecutionRun, HostedCopy, HostedNote, ItemRun } from '../executionRun';
import { hostMedia, sendsMediaUrl } from '../media/hostMedia';
import { checkItem, type OperationPlan, sendItem, sendOutput } from '../sendItem';
import { audioInput, type AudioInput, audioSourceFields, type LoadedFile, refuseNonAudio } from './audioInput';
import { conversionSettings, outputField, voiceNoteOptions, whenLonger } from './conversionSettings';
import { hostCopy, type HostingSettings, noteToHost, sendsUrl } from './hostNote';

const playableCopyOption: INodeProperties = {
	...voiceNoteOptions.playableCopy,
	description: `${voiceNoteOptions.playableCopy.description} Used only with the option Include CAF.`,
};

const optionFields = groupedOptions([
	...Object.values({ ...voiceNoteOptions, playableCopy: playableCopyOption }),
	...Object.values(messageOptions),
	whenLonger(false),
	{
		displayName: 'Include CAF',
		name: 'includeCaf',
		type: 'boolean',
		default: true,
		description:
			'Whether to put the voice note that was sent on the output item as a file (CAF, the format of Apple voice notes)',
	},
	{
		displayName: 'Re-Host',
		name: 'rehost',
		type: 'boolean',
		default: true,
		description:
			'Whether to upload to Sendblue even a valid voice note that is at a public URL ending in .caf. By default such a URL is checked and sent unchanged.',
	},
	{ ...outputField, hint: 'Used with the option Include CAF' },
]);

/** The fields of Send Voice Note. */
export const description: INodeProperties[] = shownFor('voiceNote', 'send', [
	...sendingLineFields,
	...recipientFields,
	...audioSourceFields,
	{
		...contentField,
		hint: 'Optional. Sent with the voice note as text, and not spoken.',
		description: 'Text to send with the voice note, in a separate bubble. May be left empty.',
	},
	...outputFormFields(SENT_OUTPUT),
	...optionFields,
	// The field was here before it became an option; saved workflows still have it.
	{ ...outputField, type: 'hidden', default: '' },
]);

/** The message for an item's audio. */
interface PreparedNote extends PreparedMessage {
	/** The field of the output that takes the note, if it is wanted as a file. */
	field: string;
	/** Missing if no voice note was sent. */
	note?: HostedNote;
	/** Its MP3, if that was sent instead. */
	copy?: HostedCopy;
}

/** Converts the item's audio, uploads it and sends it; the output is Sendblue's answer with facts about the note. */
export async function execute(
	context: IExecuteFunctions,
	itemIndex: number,
	itemRun: ItemRun,
): Promise<INodeExecutionData[]> {
	const result = await sendItem(context, itemIndex, itemRun, planNote);
	const prepared = 'skipped' in result ? undefined : result.prepared;
	const json = sendOutput(context, itemIndex, itemRun, result, factsOf(prepared));
	return [{ json, ...filesOf(prepared), pairedItem: { item: itemIndex } }];
}

/** Checks an item before the execution sends its first message. */
export async function check(context: IExecuteFunctions, itemIndex: number, run: ExecutionRun): Promise<void> {
	await checkItem(context, itemIndex, run, planNote);
}

async function planNote(
	context: IExecuteFunctions,
	itemIndex: number,
	run: ExecutionRun,
): Promise<OperationPlan<PreparedNote>> {
	const options = optionsOf(context, itemIndex);
	const client = await run.client();
	// Read here, not when sending, so that a bad value fails the check.
	const settings = hostingSettings(context, itemIndex, options);
	const formerField: unknown = context.getNodeParameter('outputBinaryPropertyName', itemIndex, '');
	const field = noteFieldName(context, itemIndex, options.outputBinaryPropertyName ?? formerField, settings);
	const draft = await messageDraft(context, itemIndex, options, client.baseUrl, run);
	const audio = await audioInput(context, itemIndex);
	const note = noteToHost(context, run, audio, settings);
	return {
		draft,
		fingerprint: audio.fingerprint,
		checkMedia: async () => await refuseNonAudio(audio, settings),
		mediaUrl(form) {
			const { rehost } = settings;
			if (form === 'mp3') return undefined;
			const asIs =
				form === 'attachment' ? sendsMediaUrl(audio.url, client, { rehost }) : sendsUrl(audio, settings, client);
			return asIs ? audio.url : undefined;
		},
		begin: note.begin,
		abandon: note.abandon,
		prepare: async (form, tag) => {
			if (form === 'text') return { body: draft, field };
			if (form === 'attachment') {
				return { body: { ...draft, media_url: await hostAudio(run, audio, settings, tag) }, field };
			}
			if (form === 'mp3') {
				const copy = await hostCopy(context, run, audio, settings, tag);
				return { body: { ...draft, media_url: copy.mediaUrl }, field, copy };
			}
			const hosted = await note.host(tag);
			return { body: { ...draft, media_url: hosted.mediaUrl }, field, note: hosted };
		},
	};
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

/** The public address of the audio in its original format. */
async function hostAudio(
	run: ExecutionRun,
	audio: AudioInput,
	{ rehost }: HostingSettings,
	tag: string | undefined,
): Promise<string> {
	// Audio from text in JSON has no name, so its type comes from its bytes.
	const load = async (): Promise<LoadedFile> => {
		const { bytes, mimeType } = await audio.load();
		const { sourceFormatOf } = await import('../../voiceNote');
		const sourceFormat = await sourceFormatOf(bytes, pause);
		return { bytes, mimeType: sourceFormat === undefined ? mimeType : receivedFile('', sourceFormat).mimeType };
	};
	return await hostMedia(run, { ...audio, load }, { rehost }, tag);
}

function factsOf({ note, copy }: Partial<PreparedNote> = {}): IDataObject {
	return {
		...(note ? { voiceNote: { ...note.info, fileName: note.fileName } } : {}),
		...(copy ? { audio: { ...copy.info, fileName: copy.fileName } } : {}),
	};
}

/** The files of the output: what was sent, if it is wanted; not the input's, which would look like what was sent. */
function filesOf({ field = '', note, copy }: Partial<PreparedNote> = {}): Pick<INodeExecutionData, 'binary'> {
	const playable = note?.copy ?? copy?.file;
	const binary = {
		...(note?.file ? { [field]: note.file } : {}),
		...(playable ? { [PLAYABLE_FIELD]: playable } : {}),
	};
	return Object.keys(binary).length > 0 ? { binary } : {};
}
