import { type Call, READ } from '../http/call';
import { isRecord } from '../http/envelope';

/** A person of the account's team, to whom messages can be attributed. */
export interface Seat {
	seat_id: string;
	email?: string;
	first_name?: string | null;
	last_name?: string | null;
	[field: string]: unknown;
}

/** The seats of the account. */
export class Seats {
	constructor(private readonly call: Call) {}

	/**
	 * `GET /api/v2/seats`.
	 *
	 * @throws {SendblueApiError}
	 */
	async list(): Promise<Seat[]> {
		const body = await this.call({ method: 'GET', path: '/api/v2/seats', query: { limit: 1000 } }, READ);
		const seats = isRecord(body) ? (body.seats ?? body.data) : body;
		if (!Array.isArray(seats)) return [];
		return seats.filter((seat): seat is Seat => isRecord(seat) && typeof seat.seat_id === 'string');
	}
}
