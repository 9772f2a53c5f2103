import { throwIfCancelled } from './errors';

/** Work goes on for at most this long before others get the thread. */
const SLICE_MS = 10;

/**
 * Divides long work into slices, so that the process that hosts us (n8n's editor, webhooks and schedules run on the
 * same thread) stays responsive, and so that a cancelled conversion stops within one slice.
 */
export class WorkSlices {
	private sliceStart = performance.now();

	/**
	 * @param pause lets others run; without it the work is never interrupted
	 * @param signal stops the work
	 */
	constructor(
		private readonly pause?: () => Promise<void>,
		private readonly signal?: AbortSignal,
	) {}

	/** Whether the current slice is used up, and `rest` should be awaited. */
	get due(): boolean {
		return performance.now() - this.sliceStart >= SLICE_MS;
	}

	/**
	 * Pauses and begins a new slice.
	 *
	 * @throws {VoiceNoteError} `cancelled` if the signal was aborted.
	 */
	async rest(): Promise<void> {
		this.throwIfCancelled();
		await this.pause?.();
		this.throwIfCancelled();
		this.sliceStart = performance.now();
	}

	/** @throws {VoiceNoteError} `cancelled` if the signal was aborted. */
	throwIfCancelled(): void {
		throwIfCancelled(this.signal);
	}
}
