import { createBlank } from './http/blank';
import { createCall } from './http/call';
import { type Clock, DEFAULT_TIMINGS, ServerTime, type Timings } from './http/time';
import { Throttle } from './http/retry';
import type { Transport } from './http/transport';
import { ContactCards } from './resources/contactCards';
import { Contacts, Numbers } from './resources/contacts';
import { Files } from './resources/files';
import { Groups } from './resources/groups';
import { Lines } from './resources/lines';
import { Messages } from './resources/messages';
import { Seats } from './resources/seats';
import { Webhooks } from './resources/webhooks';

/** The settings and services a client needs. */
export interface SendblueClientOptions extends Clock {
	transport: Transport;
	/** 0 … 1, as `Math.random`. */
	random?(): number;
	/** Aborted when the execution is stopped: no request is started after that. */
	signal?: AbortSignal;
	/** As {@link normalizeBaseUrl} returns it. */
	baseUrl: string;
	/** Identifies the account, without containing a key; the base URL by default. */
	account?: string;
	/** Keys, which are removed from answers that repeat them. */
	secrets?: readonly string[];
	/** The times that differ from {@link DEFAULT_TIMINGS}, in milliseconds. */
	timings?: Partial<Timings>;
}

/**
 * The Sendblue API, typed, by resource. One client serves one execution: pauses after a 429 are shared by all its
 * calls.
 *
 * Uploads and reads are repeated after network errors, a 429 and errors inside Sendblue. Requests that reach people or
 * change the account are repeated only after a 429, or if they were never sent. Messages go out through
 * `sending/`, which sends each at most once.
 */
export class SendblueClient {
	readonly baseUrl: string;

	/** Identifies the account; never contains a key. */
	readonly account: string;

	readonly clock: Clock;

	readonly signal?: AbortSignal;

	readonly timings: Timings;

	/** 0 … 1, as `Math.random`. */
	readonly random: () => number;

	readonly serverTime = new ServerTime();

	readonly contactCards: ContactCards;

	readonly contacts: Contacts;

	readonly files: Files;

	readonly groups: Groups;

	readonly lines: Lines;

	readonly messages: Messages;

	readonly numbers: Numbers;

	readonly seats: Seats;

	readonly webhooks: Webhooks;

	constructor(options: SendblueClientOptions) {
		this.baseUrl = options.baseUrl;
		this.account = options.account ?? options.baseUrl;
		this.signal = options.signal;
		this.timings = { ...DEFAULT_TIMINGS, ...options.timings };
		this.clock = { sleep: async (ms) => await options.sleep(ms), now: () => options.now() };
		this.random = () => options.random?.() ?? Math.random();
		const call = createCall({
			transport: options.transport,
			baseUrl: options.baseUrl,
			clock: this.clock,
			random: this.random,
			throttle: new Throttle(this.clock),
			serverTime: this.serverTime,
			timings: this.timings,
			signal: options.signal,
			blank: createBlank(options.secrets ?? []),
		});
		this.contactCards = new ContactCards(call);
		this.contacts = new Contacts(call);
		this.files = new Files(call, this.baseUrl);
		this.groups = new Groups(call);
		this.lines = new Lines(call);
		this.messages = new Messages(call);
		this.numbers = new Numbers(call);
		this.seats = new Seats(call);
		this.webhooks = new Webhooks(call);
	}
}
