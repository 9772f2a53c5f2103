import type { IExecuteFunctions } from 'n8n-workflow';

import { CAF_MIME_TYPE, cafBinary } from '../../n8n/binaryOutput';
import { nameInUrl } from '../../n8n/fileNames';
import { isToolExecution } from '../../n8n/toolExecution';
import type { SendblueClient } from '../../sendblue/client';
import { UPLOAD_LIMIT_BYTES } from '../../sendblue/limits';
import { rethrow } from '../../sendblue/errors';
import { checkMediaUrl } from '../../sendblue/mediaUrl';
import { VoiceNoteError } from '../../voiceNote/errors';
import type { ExecutionRun, FinishedNote, HostedNote } from '../executionRun';
import { taggedName } from '../../sending/duplicates';
import type { AudioInput } from './audioInput';
import { changesAudio, type ConversionSettings } from './conversionSettings';
import type { LoadedAudio } from './sharedConversions';

/** What the user set about the note that is sent. */
export interface HostingSettings extends ConversionSettings {
	/** Name of the uploaded file, ending in `.caf`. */
	fileName: string;
	/** Upload even a voice note that is at a public address already. */
	rehost: boolean;
	/** Keep the note as a file too. */
	includeCaf: boolean;
}

/**
 * Brings an item's audio to a public address as a voice note: as it is where it is one there already, else
 * converted and uploaded. The same audio is handled once per execution; with a tag, it is converted once.
 *
 * @param tag to be put into the name of the uploaded file
 */
export async function hostNote(
	context: IExecuteFunctions,
	run: ExecutionRun,
	audio: AudioInput,
	settings: HostingSettings,
	tag?: string,
): Promise<HostedNote> {
	const client = await run.client();
	const finish = async (loaded: LoadedAudio): Promise<FinishedNote> => {
		const asIs = sendsUrl(audio, settings, client) ? await noteAsItIs(audio.url, loaded.bytes) : undefined;
		return asIs ?? (await loaded.toVoiceNote(settings));
	};
	const host = async ({ bytes, info, ...asIs }: FinishedNote): Promise<HostedNote> => {
		const fileName = asIs.fileName ?? settings.fileName;
		const upload = { bytes, fileName: taggedName(fileName, tag), mimeType: CAF_MIME_TYPE };
		const mediaUrl = asIs.mediaUrl ?? (await client.files.upload(upload)).mediaUrl;
		if (!settings.includeCaf || isToolExecution(context)) return { mediaUrl, info, fileName };
		return { mediaUrl, info, fileName, file: await cafBinary(context, bytes, fileName) };
	};

	if (tag !== undefined) return await host(await run.recentNotes.share(audio, settings, finish));
	return await run.hostedNotes.share(audio, settings, async (loaded) => await host(await finish(loaded)));
}

/** Whether a voice note at the audio's own address would be sent as it is. */
export function sendsUrl(audio: AudioInput, settings: HostingSettings, client: SendblueClient): boolean {
	if (audio.url === undefined || settings.rehost || settings.alwaysReencode || changesAudio(settings)) return false;
	try {
		checkMediaUrl(audio.url, '.caf', client);
		return true;
	} catch {
		return false;
	}
}

/** The note at its own address, where the file is a valid voice note and not larger than Sendblue takes. */
async function noteAsItIs(url = '', bytes: Uint8Array): Promise<FinishedNote | undefined> {
	const { readVoiceNote, voiceNoteInfo } = await import('../../voiceNote');
	if (bytes.length > UPLOAD_LIMIT_BYTES) return undefined;
	try {
		const info = voiceNoteInfo('asIs', 'caf/opus', readVoiceNote(bytes));
		return { bytes, info, mediaUrl: url, fileName: nameInUrl(new URL(url)) };
	} catch (error) {
		if (error instanceof VoiceNoteError) return undefined;
		return rethrow(error);
	}
}
