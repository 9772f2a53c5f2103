import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { pause } from '../n8n/pause';
import { PromiseCache } from '../n8n/promiseCache';
import { sendblueClient } from '../n8n/sendblueClient';
import type { SendblueClient } from '../sendblue/client';
import { LinePacer } from '../sendblue/pacing';
import type { AudioFileInfo, VoiceNoteInfo } from '../voiceNote/types';
import { ConversionQueue, SharedConversions } from './voiceNote/sharedConversions';

/** A voice note as n8n binary data; without the file where an AI agent called, which takes none. */
export interface ConvertedFile {
	info: VoiceNoteInfo;
	fileName: string;
	file?: IBinaryData;
}

/** A received voice note as a file of another format; without the file where an AI agent called. */
export interface ExtractedFile {
	info: AudioFileInfo;
	file?: IBinaryData;
}

/** A voice note at a public address, ready to be sent. */
export interface HostedNote {
	mediaUrl: string;
	/** Facts about the note; `asIs` where it was on the web already and was only checked. */
	info: Omit<VoiceNoteInfo, 'method'> & { method: VoiceNoteInfo['method'] | 'asIs' };
	fileName: string;
	file?: IBinaryData;
}

/** What the items of one execution share. */
export class ExecutionRun {
	readonly conversions: ConversionQueue;

	readonly convertedFiles: SharedConversions<ConvertedFile[]>;

	readonly extractedFiles: SharedConversions<ExtractedFile>;

	readonly hostedNotes: SharedConversions<HostedNote>;

	/** Addresses of media files that were uploaded, by the file. */
	readonly hostedMedia = new PromiseCache<string>();

	/** Handles of the messages Sendblue accepted, by item. */
	readonly sentHandles = new Map<number, string>();

	private opened?: Promise<SendblueClient>;

	private linePacer?: LinePacer;

	constructor(private readonly context: IExecuteFunctions) {
		this.conversions = new ConversionQueue({ pause, signal: context.getExecutionCancelSignal() });
		this.convertedFiles = new SharedConversions(this.conversions);
		this.extractedFiles = new SharedConversions(this.conversions);
		this.hostedNotes = new SharedConversions(this.conversions);
	}

	/** The accepted messages' handles in the items' order. */
	handlesInOrder(): string[] {
		return [...this.sentHandles].sort(([a], [b]) => a - b).map(([, handle]) => handle);
	}

	/** Spaces the messages of each line; the first item decides by how much. */
	pacer(messagesPerSecond: number): LinePacer {
		this.linePacer ??= new LinePacer({
			sleep,
			now: () => Date.now(),
			perSecond: messagesPerSecond,
			signal: this.context.getExecutionCancelSignal(),
		});
		return this.linePacer;
	}

	/** The client for the node's credential, opened when it is first needed. */
	async client(): Promise<SendblueClient> {
		this.opened ??= sendblueClient(this.context);
		return await this.opened;
	}
}

/** What an operation is given for one item. */
export interface ItemRun {
	run: ExecutionRun;
	/** To be called before each step that costs or cannot be undone; leaves the item where it must not go on. */
	checkpoint: () => void;
}
