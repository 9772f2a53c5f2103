import { headerOf, type SendblueResponse } from './transport';

/** How far the server's clock may be from ours while no answer has shown it, in milliseconds. */
const UNKNOWN_SKEW_MS = 120_000;

/** What is left when it has: a `date` header counts whole seconds, and an answer takes time. */
const KNOWN_SKEW_MS = 5_000;

/** A `date` header counts whole seconds, and so may the dates of messages; in milliseconds. */
const SECOND_MS = 1_000;

/** The server's clock, learnt from the `date` headers of its answers. */
export class ServerTime {
	/** Server time minus ours as the last answer shows it, in milliseconds. */
	private offsetMs?: number;

	/** The least and the most that this difference can be, by all answers that agree. */
	private bounds?: { least: number; most: number };

	/** Takes note of an answer to a request of `startedAt` that arrived at `now` (milliseconds since 1970, our clock). */
	observe(response: SendblueResponse, startedAt: number, now: number): void {
		const date = Date.parse(headerOf(response, 'date') ?? '');
		if (Number.isNaN(date)) return;
		this.offsetMs = date - now;
		const shown = { least: date - now, most: date + SECOND_MS - startedAt };
		const least = Math.max(shown.least, this.bounds?.least ?? shown.least);
		const most = Math.min(shown.most, this.bounds?.most ?? shown.most);
		// A clock that was set meanwhile.
		this.bounds = least > most ? shown : { least, most };
	}

	/** The latest moment of the server's clock that surely lies before `ours`, in milliseconds since 1970. */
	before(ours: number): number {
		if (this.offsetMs === undefined) return ours - UNKNOWN_SKEW_MS;
		return ours + this.offsetMs - KNOWN_SKEW_MS;
	}

	/**
	 * Whether a moment of the server's clock lies within a time of ours, as closely as can be told; all in milliseconds
	 * since 1970. False while the server's clock is not known.
	 */
	isWithin(server: number, from: number, to: number): boolean {
		if (!this.bounds) return false;
		const { least, most } = this.bounds;
		return server >= from + least - SECOND_MS && server <= to + most + SECOND_MS;
	}
}
