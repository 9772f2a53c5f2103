import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { CAF_MIME_TYPE, cafBinary } from '../../n8n/binaryOutput';
import { isToolExecution } from '../../n8n/toolExecution';
import type { SendblueClient } from '../../sendblue/client';
import { SendblueInputError } from '../../sendblue/errors';
import { checkMediaUrl } from '../../sendblue/mediaUrl';
import { VoiceNoteError } from '../../voiceNote/errors';
import type { ExecutionRun, HostedNote } from '../executionRun';
import type { AudioInput } from './audioInput';
import { changesAudio, type ConversionSettings } from './conversionSettings';

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
 * converted and uploaded. The same audio is handled once per execution.
 */
export async function hostNote(
	context: IExecuteFunctions,
	run: ExecutionRun,
	audio: AudioInput,
	settings: HostingSettings,
): Promise<HostedNote> {
	const client = await run.client();
	const keepFile = async (bytes: Uint8Array, fileName: string): Promise<{ file?: IBinaryData }> =>
		settings.includeCaf && !isToolExecution(context) ? { file: await cafBinary(context, bytes, fileName) } : {};

	return await run.hostedNotes.share(audio, settings, async (loaded) => {
		const asIs = settings.rehost || changesAudio(settings) ? undefined : await noteAsItIs(client, audio.url, loaded.bytes);
		if (asIs) return { ...asIs, ...(await keepFile(loaded.bytes, asIs.fileName)) };

		const { bytes, info } = await loaded.toVoiceNote(settings);
		const { fileName } = settings;
		const { mediaUrl } = await client.uploadFile({ bytes, fileName, mimeType: CAF_MIME_TYPE });
		return { mediaUrl, info, fileName, ...(await keepFile(bytes, fileName)) };
	});
}

/** The note at its own address, where that is one Sendblue can fetch and the file is a valid voice note. */
async function noteAsItIs(
	client: SendblueClient,
	url: string | undefined,
	bytes: Uint8Array,
): Promise<HostedNote | undefined> {
	if (url === undefined) return undefined;
	const { readVoiceNote } = await import('../../voiceNote');
	try {
		const { pathname } = checkMediaUrl(url, '.caf', client);
		const { durationSeconds, bitrate, sampleRate, channels, framesPerPacket, packets } = readVoiceNote(bytes);
		const info = {
			method: 'asIs' as const,
			sourceFormat: 'caf/opus',
			durationSeconds,
			bytes: bytes.length,
			bitrate,
			sampleRate,
			channels,
			framesPerPacket,
			packets,
		};
		return { mediaUrl: url, info, fileName: decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1)) };
	} catch (error) {
		if (error instanceof SendblueInputError || error instanceof VoiceNoteError) return undefined;
		return await Promise.reject(error);
	}
}
