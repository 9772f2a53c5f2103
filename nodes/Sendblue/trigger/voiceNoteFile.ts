import type { IBinaryData, IWebhookFunctions } from 'n8n-workflow';

import { textOf } from '../parameters/values';
import { AUDIO_MIME_TYPES, audioFileName, type AudioFileFormat } from '../n8n/audioFiles';
import { CAF_MIME_TYPE, storedFile } from '../n8n/binaryOutput';
import { DownloadError, downloadFile } from '../n8n/download';
import { nameInUrl, urlSafeName } from '../n8n/fileNames';
import { pause } from '../n8n/pause';
import { UPLOAD_LIMIT_BYTES } from '../sendblue/limits';
import { VoiceNoteError } from '../voiceNote/errors';

/** Longest time a download may take as a whole, in milliseconds. */
const DEADLINE_MS = 60_000;

const AMR_MIME_TYPE = 'audio/amr';

/** A message's voice note on the item, or why it is not there. */
export interface DownloadedVoiceNote {
	file?: IBinaryData;
	/** What went wrong, complete sentences; the file may be there all the same, as it was received. */
	error?: string;
}

/**
 * Downloads a message's voice note, without any credentials, and converts it where that is asked for. Never throws: the
 * message itself must not be lost.
 */
export async function downloadVoiceNote(context: IWebhookFunctions, url: URL): Promise<DownloadedVoiceNote> {
	const deadline = AbortSignal.timeout(DEADLINE_MS);
	try {
		const { bytes } = await downloadFile(context, url.href, {
			parameter: 'media_url',
			maxBytes: UPLOAD_LIMIT_BYTES,
			signal: deadline,
		});
		return await convertedFile(context, url, bytes);
	} catch (error) {
		return { error: deadline.aborted ? 'The download of the voice note took too long.' : explanation(error) };
	}
}

async function convertedFile(context: IWebhookFunctions, url: URL, bytes: Uint8Array): Promise<DownloadedVoiceNote> {
	const name = urlSafeName(nameInUrl(url));
	const format = textOf(context.getNodeParameter('voiceNoteFormat', 'asReceived'));
	const asReceived = async (): Promise<IBinaryData> =>
		await storedFile(context.helpers, bytes, name, /\.amr$/i.test(name) ? AMR_MIME_TYPE : CAF_MIME_TYPE);
	if (!isFormat(format)) return { file: await asReceived() };

	const sampleRate = Number(context.getNodeParameter('sampleRate', 16_000));
	try {
		const { fromVoiceNote } = await import('../voiceNote');
		const converted = await fromVoiceNote(bytes, { format, sampleRate, pause });
		const file = await storedFile(
			context.helpers,
			converted.bytes,
			audioFileName(name, format),
			AUDIO_MIME_TYPES[format],
		);
		return { file };
	} catch (error) {
		return { file: await asReceived(), error: `The voice note was not converted. ${explanation(error)}` };
	}
}

function isFormat(format: string): format is AudioFileFormat {
	return format === 'ogg' || format === 'wav';
}

function explanation(error: unknown): string {
	if (error instanceof DownloadError) return `${error.message}. ${error.advice}`;
	if (error instanceof VoiceNoteError) return `${error.message}. ${error.hint}`.trim();
	return error instanceof Error ? error.message : String(error);
}
