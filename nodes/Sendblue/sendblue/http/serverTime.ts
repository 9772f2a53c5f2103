import { headerOf, type SendblueResponse } from './transport';

/** How far the server's clock may be from ours while no answer has shown it, in milliseconds. */
const UNKNOWN_SKEW_MS = 120_000;

/** What is left when it has: a `date` header counts whole seconds, and an answer takes time. */
const KNOWN_SKEW_MS = 5_000;

/** The server's clock, learnt from the `date` headers of its answers. */
export class ServerTime {
	/** Server time minus ours, in milliseconds. */
	private offsetMs?: number;

	/** Takes note of an answer that arrived at `now` (milliseconds since 1970, our clock). */
	observe(response: SendblueResponse, now: number): void {
		const date = Date.parse(headerOf(response, 'date') ?? '');
		if (!Number.isNaN(date)) this.offsetMs = date - now;
	}

	/** The latest moment of the server's clock that surely lies before `ours`, in milliseconds since 1970. */
	before(ours: number): number {
		if (this.offsetMs === undefined) return ours - UNKNOWN_SKEW_MS;
		return ours + this.offsetMs - KNOWN_SKEW_MS;
	}
}
