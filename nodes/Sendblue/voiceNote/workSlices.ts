import { throwIfCancelled } from './errors';

/** The length of a time slice: work runs this long before other work gets the thread. */
const SLICE_MS = 10;
/** So many bytes of packets together still take a small part of a slice. */
const BYTES_PER_LOOK = 16_384;
/** As many bytes as take as long as what a packet costs besides its bytes. */
const PACKET_BYTES = 512;

/**
 * Divides long work into time slices. This keeps the host process responsive (n8n's editor, webhooks and schedules run
 * on the same thread), and lets a cancelled conversion stop within one slice.
 */
export class WorkSlices {
	private sliceStart = performance.now();

	/** Bytes passed to `dueAfter` since it last read the clock. */
	private passedBytes = 0;

	/**
	 * @param pause lets other work run; without it there are no pauses
	 * @param signal cancels the work
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
	 * The same for a loop whose steps take about a microsecond, such as moving or counting packets: the clock, which takes
	 * almost as long, is read only after some dozen of them.
	 *
	 * @param bytes of the packet
	 */
	dueAfter(bytes: number): boolean {
		this.passedBytes += bytes + PACKET_BYTES;
		if (this.passedBytes < BYTES_PER_LOOK) return false;
		this.passedBytes = 0;
		return this.due;
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
