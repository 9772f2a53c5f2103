import type { Call } from '../http/call';
import { CHECK, READ } from '../http/rules';
import type { SendblueService } from './messages';

/** Answer of `GET /api/evaluate-service`. */
export interface EvaluatedService {
	number?: string;
	/** `iMessage` or `SMS`; RCS is never named. */
	service?: SendblueService | (string & {});
	[field: string]: unknown;
}

/** Phone numbers of other people. */
export class Numbers {
	constructor(private readonly call: Call) {}

	/**
	 * `GET /api/evaluate-service`: whether a number has iMessage, as far as Sendblue knows.
	 *
	 * @param needed false if whoever asks goes on without the answer
	 * @throws {SendblueApiError}
	 */
	async evaluateService(number: string, needed = true): Promise<EvaluatedService> {
		const rule = needed ? READ : CHECK;
		const query = { number };
		return (await this.call({ method: 'GET', path: '/api/evaluate-service', query }, rule)) as EvaluatedService;
	}
}
