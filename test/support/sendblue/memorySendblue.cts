import type { SendblueRequest, SendblueResponse, Transport } from '../../../nodes/Sendblue/sendblue/http/transport';

/** One way to misbehave, once. `accept` says whether the message is taken; `afterMs`, how much later. */
export interface Fault {
	accept?: boolean;
	afterMs?: number;
	/** How much later than its acceptance the message is listed, in milliseconds. */
	listedAfterMs?: number;
	/** What the caller gets; the proper answer if it is left out. */
	answer?: Partial<SendblueResponse> | Error;
	/** Fields that replace those of the listed message. */
	listedAs?: Record<string, unknown>;
}

interface Taken {
	at: number;
	listedAt: number;
	message: Record<string, unknown>;
}

/** A Sendblue in memory: accepts messages, lists them, and fails as configured, send by send. */
export class MemorySendblue {
	readonly taken: Taken[] = [];

	/** Faults by the path of the request, used up in order; undefined ones are good answers. */
	readonly faults: Record<string, Array<Fault | undefined>> = {};

	readonly requests: SendblueRequest[] = [];

	constructor(
		private readonly now: () => number,
		/** Server time minus the client's, in milliseconds. */
		private readonly skewMs = 0,
	) {}

	/** Messages that are or will be with people. */
	get messages(): Array<Record<string, unknown>> {
		return this.taken.map((entry) => entry.message);
	}

	readonly transport: Transport = async (request) => {
		this.requests.push(request);
		await new Promise((resolve) => setImmediate(resolve));
		const fault = this.faults[request.path]?.shift();
		const proper = this.answer(request, fault);
		const given = fault?.answer ?? proper;
		if (given instanceof Error) throw given;
		const date = new Date(this.now() + this.skewMs).toUTCString();
		return { status: 200, body: {}, ...given, headers: { date, ...given.headers } };
	};

	private answer(request: SendblueRequest, fault: Fault | undefined): Partial<SendblueResponse> {
		if (request.path === '/api/v2/messages') return { body: { status: 'OK', data: this.list(request) } };
		if (request.path.startsWith('/api/send-')) return { body: this.accept(request, fault) };
		return { body: { status: 'OK' } };
	}

	private accept(request: SendblueRequest, fault: Fault | undefined): Record<string, unknown> {
		const at = this.now() + (fault?.afterMs ?? 0);
		const message = {
			...(request.json as Record<string, unknown>),
			message_handle: `handle-${this.taken.length + 1}`,
			is_outbound: true,
			status: 'QUEUED',
			error_code: null,
			date_sent: new Date(at + this.skewMs).toISOString(),
			content: (request.json as { content?: string }).content ?? '',
			...fault?.listedAs,
		};
		const refused = fault?.answer !== undefined && fault.accept !== true;
		if (!refused) this.taken.push({ at, listedAt: at + (fault?.listedAfterMs ?? 0), message });
		return message;
	}

	private list(request: SendblueRequest): Array<Record<string, unknown>> {
		const { number, created_at_gte: since } = request.query ?? {};
		return this.taken
			.filter((entry) => entry.listedAt <= this.now())
			.filter((entry) => number === undefined || entry.message.number === number)
			.filter((entry) => since === undefined || entry.at + this.skewMs >= Date.parse(String(since)))
			.map((entry) => entry.message)
			.reverse();
	}
}
