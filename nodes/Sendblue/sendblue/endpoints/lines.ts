import type { Call } from '../call';
import { isRecord } from '../envelope';
import type { LinesUsage, LineState, LineUsage, SendblueLine } from '../types';
import { READ } from './rules';

/** `GET /api/lines`: the account's own numbers, E.164; may be empty on a plan with a shared line. */
export async function listLines(call: Call): Promise<string[]> {
	const body = await call({ method: 'GET', path: '/api/lines' }, READ);
	const numbers = isRecord(body) ? (body.numbers ?? body.data) : body;
	if (!Array.isArray(numbers)) return [];
	return numbers.flatMap((entry: unknown) => {
		const number = isRecord(entry) ? (entry.sendblue_number ?? entry.number ?? entry.phone) : entry;
		return typeof number === 'string' && number !== '' ? [number] : [];
	});
}

/** `GET /api/v2/lines/state`: health of every line, shared ones included. */
export async function lineStates(call: Call): Promise<LineState[]> {
	const body = await call({ method: 'GET', path: '/api/v2/lines/state' }, READ);
	const states = isRecord(body) ? body.data : body;
	if (!Array.isArray(states)) return [];
	return states.filter((state): state is LineState => isRecord(state) && typeof state.sendblue_number === 'string');
}

/**
 * Both lists of lines as one; either list alone is enough, since some plans have only one.
 *
 * @throws {SendblueApiError} where neither list could be had
 */
export async function allLines(call: Call): Promise<SendblueLine[]> {
	const [numbers, states] = await Promise.allSettled([listLines(call), lineStates(call)]);
	if (numbers.status === 'rejected' && states.status === 'rejected') throw numbers.reason;

	const lines = new Map<string, SendblueLine>();
	for (const number of numbers.status === 'fulfilled' ? numbers.value : []) {
		lines.set(number, { number, shared: false });
	}
	for (const state of states.status === 'fulfilled' ? states.value : []) {
		lines.set(state.sendblue_number, {
			number: state.sendblue_number,
			status: state.status,
			shared: state.assignment === 'shared',
		});
	}
	return [...lines.values()];
}

/** `GET /api/v2/lines/usage`: room for new contacts, line by line. */
export async function lineUsage(call: Call): Promise<LinesUsage> {
	const body = await call({ method: 'GET', path: '/api/v2/lines/usage' }, READ);
	const answer = isRecord(body) ? body : {};
	const lines = Array.isArray(answer.lines) ? (answer.lines as unknown[]) : [];
	return {
		...answer,
		enabled: answer.enabled === true,
		lines: lines.filter((line): line is LineUsage => isRecord(line) && typeof line.phone === 'string'),
	};
}
