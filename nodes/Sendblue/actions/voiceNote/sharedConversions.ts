import { contentHash } from '../../n8n/binaryInput';
import { Limiter } from '../../n8n/concurrency';
import { rethrow } from '../../sendblue/errors';
import { PromiseCache } from '../../sending/promiseCache';
import type * as core from '../../voiceNote';
import { throwIfCancelled } from '../../voiceNote/errors';
import type { AudioFile, AudioFileOptions, VoiceNote, VoiceNoteOptions } from '../../voiceNote/types';
import type { AudioInput } from './audioInput';
import type { ConversionSettings } from './conversionSettings';

/**
 * The most items that hold their audio in memory at once: the one being converted, and the next ones, which are loaded
 * in the meantime.
 */
const MAX_LOADED = 3;

/** Audio in memory and the ways to convert it. Call only one of them, once: it gives the slot in memory back. */
export interface LoadedAudio {
	bytes: Uint8Array;
	/** @throws {VoiceNoteError} also if the settings ask to split long audio */
	toVoiceNote(settings: ConversionSettings): Promise<VoiceNote>;
	/** @throws {VoiceNoteError} */
	toVoiceNotes(settings: ConversionSettings): Promise<VoiceNote[]>;
	/** @throws {VoiceNoteError} */
	fromVoiceNote(settings: AudioFileOptions): Promise<AudioFile>;
}

/** What the host gives a conversion: how to yield to other work, the signal that stops it, and FFmpeg. */
type ConversionHost = Pick<VoiceNoteOptions, 'ffmpeg' | 'pause' | 'signal'>;

/** The conversions of one execution: one at a time, since they keep the thread busy, with few files in memory. */
export class ConversionQueue {
	/** Slots for items that hold their audio in memory. */
	readonly loaded = new Limiter(MAX_LOADED);

	private readonly encoder = new Limiter(1);

	/** Remarks on conversions, each once, for the user. */
	readonly remarks = new Set<string>();

	private readonly ending = new AbortController();

	private readonly host: ConversionHost;

	/** @param isAlone whether the execution has only one item */
	constructor(
		host: ConversionHost,
		readonly isAlone = false,
	) {
		const { signal } = this.ending;
		this.host = { ...host, signal: host.signal ? AbortSignal.any([host.signal, signal]) : signal };
	}

	/**
	 * Runs a conversion once those before it are done.
	 *
	 * @throws {VoiceNoteError} `cancelled` if the execution has ended in the meantime
	 */
	async run<Results extends [] | Array<{ hints: string[] }>>(
		conversion: (loaded: typeof core, host: ConversionHost) => Promise<Results>,
	): Promise<Results> {
		return await this.encoder.run(async () => {
			throwIfCancelled(this.host.signal);
			const results = await conversion(await import('../../voiceNote'), this.host);
			for (const { hints } of results) hints.forEach((hint) => this.remarks.add(hint));
			return results;
		});
	}

	/** Stops the conversions of items that have failed in the meantime; resolves when none is left. */
	async end(): Promise<void> {
		this.ending.abort();
		await this.encoder.run(async () => undefined);
	}
}

/** Thrown by work that was no longer needed when its turn came. */
class NotWanted extends Error {}

/**
 * Results made from audio: each is made once per execution for the same audio and settings, however many items share
 * it.
 *
 * The results stay in memory for the whole execution, so they must hold facts and references, not audio, unless `most`
 * limits their number.
 */
export class SharedConversions<T> {
	private readonly bySource: PromiseCache<T>;

	private readonly byContent: PromiseCache<T>;

	/** @param most How many results are kept, if they hold more than facts. */
	constructor(
		private readonly queue: ConversionQueue,
		most?: number,
	) {
		this.bySource = new PromiseCache(most);
		this.byContent = new PromiseCache(most);
	}

	/**
	 * The result for this audio, from `make` if there is none yet.
	 *
	 * @param settings everything besides the audio that the result depends on
	 * @param isWanted called when the turn comes; if it returns false, nothing is done
	 * @throws {NotWanted} if nothing was done
	 */
	async share(
		audio: AudioInput,
		settings: object,
		make: (audio: LoadedAudio, contentKey: string) => Promise<T>,
		isWanted: () => boolean = () => true,
	): Promise<T> {
		const suffix = ` ${JSON.stringify(settings)}`;
		const load = async (): Promise<T> => await this.loadAndShare(audio, suffix, make, isWanted);
		for (;;) {
			try {
				return audio.key === undefined ? await load() : await this.bySource.get(audio.key + suffix, load);
			} catch (error) {
				// Another item began this and no longer needs it.
				if (!(error instanceof NotWanted && isWanted())) return rethrow(error);
			}
		}
	}

	private async loadAndShare(
		audio: AudioInput,
		suffix: string,
		make: (audio: LoadedAudio, contentKey: string) => Promise<T>,
		isWanted: () => boolean,
	): Promise<T> {
		const release = await this.queue.loaded.acquire();
		try {
			if (!isWanted()) throw new NotWanted();
			const { bytes, mimeType } = await audio.load();
			// A single item has nobody to share with, and hashing a large file takes a long time.
			if (this.queue.isAlone) {
				return await make(loadedAudio(this.queue, bytes, mimeType, release), audio.fingerprint + suffix);
			}
			const key = `${await contentHash(bytes)} ${mimeType ?? ''}${suffix}`;
			if (this.byContent.has(key)) release();
			const loaded = loadedAudio(this.queue, bytes, mimeType, release);
			return await this.byContent.get(key, async () => await make(loaded, key));
		} finally {
			release();
		}
	}
}

/** Audio in memory, which gives its slot back as soon as it is converted. */
function loadedAudio(
	queue: ConversionQueue,
	bytes: Uint8Array,
	mimeType: string | undefined,
	release: () => void,
): LoadedAudio {
	const run: ConversionQueue['run'] = async (conversion) => {
		const results = await queue.run(conversion);
		release();
		return results;
	};
	return {
		bytes,
		toVoiceNotes: async (settings) =>
			await run(async ({ toVoiceNotes }, host) => await toVoiceNotes(bytes, { ...settings, mimeType, ...host })),
		async toVoiceNote(settings) {
			const [note] = await run(async ({ toVoiceNote }, host) => [
				await toVoiceNote(bytes, { ...settings, mimeType, ...host }),
			]);
			return note;
		},
		async fromVoiceNote(settings) {
			const [file] = await run(async ({ fromVoiceNote }, host) => [
				await fromVoiceNote(bytes, { ...settings, mimeType, ...host }),
			]);
			return file;
		},
	};
}
