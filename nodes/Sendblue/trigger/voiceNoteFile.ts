import type { IBinaryData, IWebhookFunctions } from 'n8n-workflow';

import { textOf } from '../parameters/values';
import {
	AUDIO_MIME_TYPES,
	type AudioFileFormat,
	audioFileName,
	nameInUrl,
	receivedFile,
	urlSafeName,
} from '../n8n/audioFiles';
import { storedFile } from '../n8n/binaryOutput';
import { DownloadError, downloadFile } from '../n8n/download';
import { Limiter, pause } from '../n8n/concurrency';
import { accountBaseUrl } from '../parameters/account';
import { UPLOAD_LIMIT_BYTES } from '../sendblue/limits';
import { incomingFileObjection } from '../sendblue/urls';
import { VoiceNoteError } from '../voiceNote/errors';

/** Voice notes of all workflows that are downloaded and converted at once: each can have 100 MB, and is held whole. */
const AT_ONCE = 3;

/** How many more may wait. A voice note beyond that keeps its address, from which a workflow can download it later. */
const WAITING_AT_MOST = 100;

/** How long a download may take, in milliseconds, on top of the time that its bytes earn it. */
const PATIENCE_MS = 20_000;

/** Shared by the whole process: thirty notes that come in at once are thirty executions. */
const downloads = new Limiter(AT_ONCE);

/** A message's voice note on the item, or why it is not there. */
export interface DownloadedVoiceNote {
	file?: IBinaryData;
	/** What went wrong, complete sentences; the file may be there all the same, as it was received. */
	error?: string;
	/** Whether the file is audio by its bytes; undefined if it could not be downloaded. */
	isAudio?: boolean;
}

/**
 * Downloads a message's voice note, without any credentials, and converts it if that is asked for. Never throws: the
 * message itself must not be lost.
 */
export async function downloadVoiceNote(context: IWebhookFunctions, url: URL): Promise<DownloadedVoiceNote> {
	if (downloads.length >= WAITING_AT_MOST) {
		return {
			error: 'Too many voice notes came in at once, so this one was not downloaded. Its address is in media_url.',
		};
	}
	return await downloads.run(async () => {
		try {
			const baseUrl = await accountBaseUrl(context);
			const { bytes } = await downloadFile(context, url.href, {
				parameter: 'media_url',
				maxBytes: UPLOAD_LIMIT_BYTES,
				objection: (address) => incomingFileObjection(address, { baseUrl }),
				patienceMs: PATIENCE_MS,
			});
			return await convertedFile(context, url, bytes);
		} catch (error) {
			return { error: explanation(error) };
		}
	});
}

async function convertedFile(context: IWebhookFunctions, url: URL, bytes: Uint8Array): Promise<DownloadedVoiceNote> {
	const { fromVoiceNote, sourceFormatOf } = await import('../voiceNote');
	const sourceFormat = await sourceFormatOf(bytes, pause);
	const isAudio = sourceFormat !== undefined;
	const received = receivedFile(urlSafeName(nameInUrl(url)), sourceFormat);
	const asReceived = async (): Promise<IBinaryData> =>
		await storedFile(context.helpers, bytes, received.fileName, received.mimeType);
	const format = textOf(context.getNodeParameter('voiceNoteFormat', 'automatic'));
	if (!isFormat(format)) return { file: await asReceived(), isAudio };

	const sampleRate = Number(context.getNodeParameter('sampleRate', 16_000));
	try {
		const { bytes: converted, info } = await fromVoiceNote(bytes, { format, sampleRate, pause });
		const fileName = audioFileName(received.fileName, info.format);
		return { file: await storedFile(context.helpers, converted, fileName, AUDIO_MIME_TYPES[info.format]), isAudio };
	} catch (error) {
		return { file: await asReceived(), isAudio, error: `The voice note was not converted. ${explanation(error)}` };
	}
}

function isFormat(format: string): format is AudioFileFormat | 'automatic' {
	return format === 'automatic' || Object.hasOwn(AUDIO_MIME_TYPES, format);
}

function explanation(error: unknown): string {
	if (error instanceof DownloadError) return `${error.message}. ${error.hint}`;
	if (error instanceof VoiceNoteError) return `${error.message}. ${error.hint}`.trim();
	return error instanceof Error ? error.message : String(error);
}
