'use strict';

const { ACCOUNT_EMAIL, SEATS } = require('../constants.cjs');
const { notFound, ok } = require('../replies.cjs');
const { wholeNumber } = require('../validation.cjs');

/** @typedef {import('../types.cjs').Call} Call */

const CREATED_AT = '2026-01-01T00:00:00.000Z';

/** @param {typeof SEATS[number]} seat */
const seatView = (seat) => ({ ...seat, account: ACCOUNT_EMAIL, created_at: CREATED_AT, forwarding_number: null });

/** @param {Call} call */
function seatsOf({ query }) {
	const email = query.get('email');
	return SEATS.filter((seat) => !email || seat.email === email).map(seatView);
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	[
		'GET',
		'/api/v2/seats',
		(call) => {
			const offset = wholeNumber(call.query, 'offset', { fallback: 0, max: 10_000 });
			const limit = wholeNumber(call.query, 'limit', { fallback: 100, max: 1_000 });
			return ok(seatsOf(call).slice(offset, offset + limit));
		},
	],
	['GET', '/api/v2/seats/count', (call) => ok({ count: seatsOf(call).length })],
	[
		'GET',
		'/api/v2/seats/:id',
		({ params }) => {
			const seat = SEATS.find(({ seat_id }) => seat_id === params.id);
			if (!seat) throw notFound('Seat not found');
			return ok({ status: 'OK', seat: seatView(seat) });
		},
	],
];

module.exports = { routes };
