import type { Deadline } from './deadline';

/** The body of a streamed answer: chunks to read, and a way to stop the server. */
export type StreamedBody = AsyncIterable<Uint8Array> & { destroy(error?: Error): void };

/** Whether a body comes in chunks; n8n's own stand-ins for servers answer with data. */
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

/** How much of a body is read, and how long. */
export interface ReadLimits {
	declaredBytes: number;
	maxBytes: number;
	deadline: Deadline;
	onChunk?: (bytes: number) => void;
}
