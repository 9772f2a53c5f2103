import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { runFfmpeg } from '../n8n/ffmpegEngine';
import { pause } from '../n8n/concurrency';
import { sendingHost } from '../n8n/execution';
import { accountLine, openAccount } from '../parameters/account';
import type { SendblueClient } from '../sendblue/client';
import type { Timings } from '../sendblue/http/time';
import { PromiseCache } from '../sending/promiseCache';
import { SendingRun } from '../sending/run';
import type { PreparedMessage, SendPlan } from '../sending/send';
import type { AudioFile, AudioFileInfo, VoiceNoteInfo } from '../voiceNote/types';
import { ConversionQueue, SharedConversions } from './voiceNote/sharedConversions';

/** A voice note as n8n binary data. There is no file if an AI agent called the node, since tools return no files. */
export interface ConvertedFile {
	info: VoiceNoteInfo;
	fileName: string;
	file?: IBinaryData;
	/** The note as an MP3 as well, if that was asked for. */
	copy?: IBinaryData;
}

/** A received voice note as a file of another format. There is no file if an AI agent called the node. */
export interface ExtractedFile {
	info: AudioFileInfo;
	file?: IBinaryData;
}

/** A voice note at a public address, ready to be sent. */
export interface HostedNote {
	mediaUrl: string;
	/** Facts about the note; `asIs` if it was on the web already and was only checked. */
	info: Omit<VoiceNoteInfo, 'method'> & { method: VoiceNoteInfo['method'] | 'asIs' };
	fileName: string;
	file?: IBinaryData;
	/** The note as an MP3 as well, if that was asked for. */
	copy?: IBinaryData;
}

/** A voice note's MP3 at a public address, ready to be sent. */
export interface HostedCopy {
	mediaUrl: string;
	info: AudioFileInfo;
	fileName: string;
	file?: IBinaryData;
}

/** A voice note in memory, and its address if it is on the web already and is sent unchanged. */
export interface FinishedNote {
	/** Identifies the content and the settings. */
	key: string;
	bytes: Uint8Array;
	info: HostedNote['info'];
	mediaUrl?: string;
	fileName?: string;
	/** The note as an MP3 as well, if that was asked for. */
	playableCopy?: AudioFile;
}

/** The most finished voice notes held in memory. */
const RECENT_NOTES = 4;

/** What the items of one execution share. */
export class ExecutionRun {
	readonly conversions: ConversionQueue;

	readonly convertedFiles: SharedConversions<ConvertedFile[]>;

	readonly extractedFiles: SharedConversions<ExtractedFile>;

	/** Voice notes that were uploaded, by their audio's content and settings. */
	readonly hostedNotes = new PromiseCache<HostedNote>();

	/** The key in {@link hostedNotes} for each audio source, so that known audio need not be loaded. */
	readonly hostedSources = new Map<string, string>();

	readonly hostedCopies: SharedConversions<HostedCopy>;

	/** Addresses of media files that were uploaded, by the file. */
	readonly hostedMedia = new PromiseCache<string>();

	/** Plans of items that were checked before the first message left. */
	readonly plans = new Map<number, SendPlan<PreparedMessage>>();

	/** Finished voice notes, before they are uploaded. Each holds its bytes, so only a few are kept. */
	readonly recentNotes: SharedConversions<FinishedNote>;

	/** The same for their MP3 files. */
	readonly recentCopies: SharedConversions<AudioFile>;

	/** What the sends of this execution know about each other. */
	readonly sending: SendingRun;

	private opened?: Promise<SendblueClient>;

	private line?: Promise<string>;

	/** @param timings overrides of the default timings */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly timings: Partial<Timings> = {},
	) {
		const host = { ffmpeg: runFfmpeg, pause, signal: context.getExecutionCancelSignal() };
		this.conversions = new ConversionQueue(host, context.getInputData().length === 1);
		this.convertedFiles = new SharedConversions(this.conversions);
		this.extractedFiles = new SharedConversions(this.conversions);
		this.hostedCopies = new SharedConversions(this.conversions);
		this.recentNotes = new SharedConversions(this.conversions, RECENT_NOTES);
		this.recentCopies = new SharedConversions(this.conversions, RECENT_NOTES);
		this.sending = new SendingRun(sendingHost(context, async () => await this.client()));
	}

	/** The client for the node's credential, opened when it is first needed. */
	async client(): Promise<SendblueClient> {
		this.opened ??= openAccount(this.context, { timings: this.timings });
		return await this.opened;
	}

	/** The line that acts if *From* is empty; found once per execution. */
	async defaultLine(): Promise<string> {
		this.line ??= this.client().then(async (client) => await accountLine(this.context, client));
		return await this.line;
	}
}

/** What an operation is given for one item. */
export interface ItemRun {
	run: ExecutionRun;
	/** Call before each step that costs something or cannot be undone; throws if the item must not go on. */
	checkpoint: () => void;
	/** Call as soon as the item is certain to fail, before anything that waited for it continues. */
	fails: () => void;
}
