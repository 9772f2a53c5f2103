/**
 * A time limit for an exchange as a whole. n8n's own timeout starts over with every byte that comes in.
 */
export class Deadline {
	private readonly controller = new AbortController();

	/** What was added since the timer was set, in milliseconds. */
	private extra = 0;

	private timer?: AbortSignal;

	private hasPassed = false;

	/**
	 * @param ms from now, in milliseconds
	 * @param parent ends the exchange as well, when the execution is stopped
	 * @param graceMs how long it may go on then, in milliseconds
	 */
	constructor(
		ms: number,
		private readonly parent?: AbortSignal,
		private readonly graceMs = 0,
	) {
		this.wait(ms);
		if (parent?.aborted) this.stop();
		else parent?.addEventListener('abort', this.stop, { once: true });
	}

	/** Aborted when the time is up or the execution is stopped. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Whether the exchange ended because its time was up. */
	get passed(): boolean {
		return this.hasPassed;
	}

	/** Adds to the time, in milliseconds. */
	extend(ms: number): void {
		this.extra += ms;
	}

	/** To be called when the exchange is over. */
	clear(): void {
		this.timer?.removeEventListener('abort', this.look);
		this.parent?.removeEventListener('abort', this.stop);
	}

	private wait(ms: number): void {
		// A signal without listeners is garbage-collected together with its timer.
		this.timer = AbortSignal.timeout(Math.ceil(ms));
		this.timer.addEventListener('abort', this.look, { once: true });
	}

	private readonly look = (): void => {
		if (this.extra >= 1) {
			this.wait(this.extra);
			this.extra = 0;
			return;
		}
		this.hasPassed = true;
		this.controller.abort();
	};

	private readonly stop = (): void => {
		const end = (): void => this.controller.abort(this.parent?.reason);
		if (this.graceMs > 0) AbortSignal.timeout(this.graceMs).addEventListener('abort', end, { once: true });
		else end();
	};
}

/** The body of a streamed answer: chunks to read, and a way to stop the server. */
export type StreamedBody = AsyncIterable<Uint8Array> & { destroy(error?: Error): void };

/** Whether a body comes in chunks; n8n's stand-ins for servers answer with data instead. */
export function isStreamed(body: unknown): body is StreamedBody {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body;
}

/**
 * Reads a body up to a limit, unpacked; undefined if it is larger, whatever the server said about its length.
 *
 * @param declaredBytes the length the server claims; NaN for none
 * @param onChunk told of every chunk's size in bytes
 * @throws if the connection ends early, or the deadline passes
 */
export async function readBody(
	body: StreamedBody,
	{ declaredBytes, maxBytes, deadline, onChunk }: ReadLimits,
): Promise<Buffer | undefined> {
	const stop = (): void => body.destroy(new Error('aborted'));
	deadline.signal.addEventListener('abort', stop, { once: true });
	try {
		deadline.signal.throwIfAborted();
		if (declaredBytes > maxBytes) return undefined;
		const chunks: Uint8Array[] = [];
		let bytes = 0;
		for await (const chunk of body) {
			bytes += chunk.byteLength;
			if (bytes > maxBytes) return undefined;
			chunks.push(chunk);
			onChunk?.(chunk.byteLength);
		}
		return Buffer.concat(chunks, bytes);
	} finally {
		deadline.signal.removeEventListener('abort', stop);
		body.destroy();
	}
}

/** How much of a body is read, and for how long. */
export interface ReadLimits {
	declaredBytes: number;
	maxBytes: number;
	deadline: Deadline;
	onChunk?: (bytes: number) => void;
}
