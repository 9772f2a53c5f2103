import type { IExecuteFunctions } from 'n8n-workflow';

import { AUDIO_MIME_TYPES, nameInUrl } from '../../n8n/audioFiles';
import { CAF_MIME_TYPE, cafBinary, mp3Binary, mp3FileName } from '../../n8n/binaryOutput';
import { isToolExecution } from '../../n8n/execution';
import type { SendblueClient } from '../../sendblue/client';
import { MMS_LIMIT_BYTES, UPLOAD_LIMIT_BYTES } from '../../sendblue/limits';
import { rethrow, SendblueInputError } from '../../sendblue/errors';
import { checkMediaUrl } from '../../sendblue/urls';
import { VoiceNoteError } from '../../voiceNote/errors';
import type { AudioFile, AudioFileInfo } from '../../voiceNote/types';
import type { ExecutionRun, FinishedNote, HostedCopy, HostedNote } from '../executionRun';
import { taggedName } from '../../sending/duplicates';
import type { AudioInput } from './audioInput';
import { changesAudio, type ConversionSettings } from './conversionSettings';
import type { LoadedAudio } from './sharedConversions';

/** The user's settings for the note that is sent. */
export interface HostingSettings extends ConversionSettings {
	/** Name of the uploaded file, ending in `.caf`. */
	fileName: string;
	/** Upload even a voice note that is at a public address already. */
	rehost: boolean;
	/** Keep the note as a file too. */
	includeCaf: boolean;
}

/** The voice note of an item, from its audio to a public address. */
export interface NoteToHost {
	/** Starts the conversion early, before it is certain that the note will be sent. */
	begin(): void;
	/** Cancels the conversion unless it has begun. */
	abandon(): void;
	/**
	 * Makes the note public: one that already has a public address is used as it is, any other is converted and
	 * uploaded. Items with the same audio share one upload; with a tag they share the conversion, and each tag has its
	 * own upload.
	 *
	 * @param tag goes into the name of the uploaded file
	 */
	host(tag?: string): Promise<HostedNote>;
}

/** The note of an item's audio; nothing is converted or uploaded yet. */
export function noteToHost(
	context: IExecuteFunctions,
	run: ExecutionRun,
	audio: AudioInput,
	settings: HostingSettings,
): NoteToHost {
	const sourceKey = audio.key === undefined ? undefined : `${audio.key} ${JSON.stringify(settings)}`;
	let isWanted = true;
	let finished: Promise<FinishedNote> | undefined;

	const hostedKey = (): string | undefined => (sourceKey === undefined ? undefined : run.hostedSources.get(sourceKey));
	const finish = async (loaded: LoadedAudio, key: string): Promise<FinishedNote> => {
		const client = await run.client();
		const asIs = sendsUrl(audio, settings, client) ? await noteAsItIs(audio.url, loaded.bytes) : undefined;
		if (!asIs) return { ...(await loaded.toVoiceNote(settings)), key };
		return {
			...asIs,
			key,
			...(settings.playableCopy ? { playableCopy: await loaded.fromVoiceNote({ format: 'mp3' }) } : {}),
		};
	};
	const note = async (): Promise<FinishedNote> => {
		finished ??= run.recentNotes.share(audio, settings, finish, () => isWanted);
		return await finished;
	};
	const upload = async ({ bytes, info, playableCopy, ...asIs }: FinishedNote, tag?: string): Promise<HostedNote> => {
		const client = await run.client();
		const fileName = asIs.fileName ?? settings.fileName;
		const caf = { bytes, fileName: taggedName(fileName, tag), mimeType: CAF_MIME_TYPE };
		const mediaUrl = asIs.mediaUrl ?? (await client.files.upload(caf)).mediaUrl;
		if (!settings.includeCaf || isToolExecution(context)) return { mediaUrl, info, fileName };
		const file = await cafBinary(context, bytes, fileName);
		const copy = playableCopy && (await mp3Binary(context, playableCopy.bytes, mp3FileName(fileName)));
		return { mediaUrl, info, fileName, file, copy };
	};

	return {
		begin() {
			// Nothing to convert if another item has already uploaded this audio.
			if (hostedKey() === undefined) note().catch(() => undefined);
		},
		abandon() {
			isWanted = false;
		},
		async host(tag) {
			if (tag !== undefined) return await upload(await note(), tag);
			const known = hostedKey();
			if (known !== undefined && run.hostedNotes.has(known)) {
				return await run.hostedNotes.get(known, async () => await upload(await note()));
			}
			const ready = await note();
			if (sourceKey !== undefined) run.hostedSources.set(sourceKey, ready.key);
			return await run.hostedNotes.get(ready.key, async () => await upload(ready));
		},
	};
}

/**
 * Uploads an item's voice note as an MP3, for a phone without iMessage. Items share it as they share the note itself.
 *
 * @param tag goes into the name of the uploaded file
 * @throws {SendblueInputError} if the file is too large for MMS
 */
export async function hostCopy(
	context: IExecuteFunctions,
	run: ExecutionRun,
	audio: AudioInput,
	settings: HostingSettings,
	tag?: string,
): Promise<HostedCopy> {
	const client = await run.client();
	const fileName = mp3FileName(settings.fileName);
	const finish = async (loaded: LoadedAudio): Promise<AudioFile> => {
		const { playableCopy } = await loaded.toVoiceNote({ ...settings, playableCopy: true });
		if (!playableCopy) throw new VoiceNoteError('invalidOutput', 'The voice note has no MP3');
		refuseLargeCopy(playableCopy.info);
		return playableCopy;
	};
	const host = async ({ bytes, info }: AudioFile): Promise<HostedCopy> => {
		const upload = { bytes, fileName: taggedName(fileName, tag), mimeType: AUDIO_MIME_TYPES.mp3 };
		const { mediaUrl } = await client.files.upload(upload);
		const isKept = settings.includeCaf && !isToolExecution(context);
		return { mediaUrl, info, fileName, file: isKept ? await mp3Binary(context, bytes, fileName) : undefined };
	};

	if (tag !== undefined) return await host(await run.recentCopies.share(audio, settings, finish));
	return await run.hostedCopies.share(audio, settings, async (loaded) => await host(await finish(loaded)));
}

/** @throws {SendblueInputError} if an MP3 is larger than MMS carries, which Sendblue does not report */
export function refuseLargeCopy({ bytes, durationSeconds }: Pick<AudioFileInfo, 'bytes' | 'durationSeconds'>): void {
	if (bytes <= MMS_LIMIT_BYTES) return;
	const minutes = Math.floor((MMS_LIMIT_BYTES * durationSeconds) / bytes / 60);
	throw new SendblueInputError(
		`As an MP3 the audio is ${(bytes / 1_000_000).toFixed(1)} MB. Phones without iMessage accept up to ${MMS_LIMIT_BYTES / 1_000_000} MB.`,
		`Up to ${minutes} minutes fit; this audio lasts ${Math.ceil(durationSeconds / 60)}. Set 'Maximum Duration', or change 'If Recipient Has No iMessage'.`,
	);
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

/** The note at its own address, if the file is a valid voice note and not larger than Sendblue takes. */
async function noteAsItIs(url = '', bytes: Uint8Array): Promise<Omit<FinishedNote, 'key'> | undefined> {
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
