import { SendblueClient, type SendblueClientOptions } from '../../../nodes/Sendblue/sendblue/client';
import type { SendblueRequest, SendblueResponse, Transport } from '../../../nodes/Sendblue/sendblue/http/transport';

import { VirtualTime } from '../clock.cts';

/** An answer, an error to reject with, or a function that makes either. */
export type Step =
	| Partial<SendblueResponse>
	| Error
	| ((request: SendblueRequest) => Partial<SendblueResponse> | Error);

/** A transport that plays steps in order, the last one again and again, and notes what was asked of it. */
class ScriptedTransport {
	readonly requests: SendblueRequest[] = [];

	/** When each request came, in milliseconds since 1970. */
	readonly times: number[] = [];

	constructor(
		private readonly steps: Step[],
		private readonly now: () => number = () => 0,
	) {}

	readonly send: Transport = async (request) => {
		const step = this.steps[Math.min(this.requests.length, this.steps.length - 1)];
		this.requests.push(request);
		this.times.push(this.now());
		await new Promise((resolve) => setImmediate(resolve));
		const result = typeof step === 'function' ? step(request) : step;
		if (result instanceof Error) throw result;
		return { status: 200, headers: {}, body: {}, ...result };
	};
}

/** A client over scripted steps in virtual time; `random` always gives 1, so that pauses are exact. */
export function scriptedClient(steps: Step[], options: Partial<SendblueClientOptions> = {}) {
	const time = new VirtualTime();
	const transport = new ScriptedTransport(steps, time.now);
	const client = new SendblueClient({
		transport: transport.send,
		sleep: time.sleep,
		now: time.now,
		random: () => 1,
		baseUrl: 'https://api.sendblue.com',
		...options,
	});
	return { client, time, transport };
}

/** An error as Node's network functions throw it. */
export function networkError(code: string, fields: object = {}): Error {
	return Object.assign(new Error(`${code} with headers sb-api-secret-key: s3cr3t-key`), { code, ...fields });
}
