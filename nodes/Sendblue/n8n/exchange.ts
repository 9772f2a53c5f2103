/** A time limit for a whole exchange, since n8n's own timeout starts over with every byte received. */
export class Deadline {
	private readonly controller = new AbortController();

	/** Time added since the timer was set, in milliseconds. */
	private extra = 0;

	private timer?: AbortSignal;

	private hasPassed = false;

	/**
	 * @param ms the time limit, in milliseconds from now
	 * @param parent the execution's signal, which also ends the exchange
	 * @param graceMs how long the exchange may go on after the execution was stopped, in milliseconds
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

	/** Whether the exchange ended because it ran out of time. */
	get passed(): boolean {
		return this.hasPassed;
	}

	/** Extends the limit by a number of milliseconds. */
	extend(ms: number): void {
		this.extra += ms;
	}

	/** Call when the exchange is over. */
	clear(): void {
		this.timer?.removeEventListener('abort', this.onTimer);
		this.parent?.removeEventListener('abort', this.stop);
	}

	private wait(ms: number): void {
		// A signal without listeners is garbage-collected together with its timer.
		this.timer = AbortSignal.timeout(Math.ceil(ms));
		this.timer.addEventListener('abort', this.onTimer, { once: true });
	}

	private readonly onTimer = (): void => {
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

/** The body of a streamed answer: chunks to read, and a way to close the connection. */
export type StreamedBody = AsyncIterable<Uint8Array> & { destroy(error?: Error): void };

/** Whether a body comes in chunks; n8n's mocked servers answer with data instead. */
export function isStreamed(body: unknown): body is StreamedBody {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body;
}

/**
 * Reads and decompresses a body; undefined if it exceeds the limit, whatever length the server claimed.
 *
 * @param declaredBytes the length the server claims; NaN for none
 * @param onChunk called with the size of every chunk in bytes
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

/** The limits on reading a body. */
export interface ReadLimits {
	declaredBytes: number;
	maxBytes: number;
	deadline: Deadline;
	onChunk?: (bytes: number) => void;
}
