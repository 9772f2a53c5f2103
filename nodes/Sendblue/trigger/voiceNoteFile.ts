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

/**
 * The most voice notes, over all workflows, that are downloaded and converted at once: each is held in memory as a
 * whole and can have up to 100 MB.
 */
const AT_ONCE = 3;

/** The most that may wait. A voice note beyond that keeps its address, from which a workflow can download it later. */
const WAITING_AT_MOST = 100;

/** The time limit of a download in milliseconds; every byte received extends it. */
const PATIENCE_MS = 20_000;

/** Shared by the whole process, since notes that come in together are separate executions. */
const downloads = new Limiter(AT_ONCE);

/** A message's voice note for the item, or why there is none. */
export interface DownloadedVoiceNote {
	file?: IBinaryData;
	/** What went wrong, in complete sentences. The file as it was received may be there anyway. */
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
