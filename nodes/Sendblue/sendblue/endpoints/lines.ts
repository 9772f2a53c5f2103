import type { Call, CallRule } from '../call';
import { isRecord } from '../envelope';
import type { LinesUsage, LineState, LineUsage, SendblueLine } from '../types';
import { CHECK, READ } from './rules';

/** `GET /api/lines`: the account's own numbers, E.164; may be empty on a plan with a shared line. */
export async function listLines(call: Call, rule: CallRule = READ): Promise<string[]> {
	const body = await call({ method: 'GET', path: '/api/lines' }, rule);
	const numbers = isRecord(body) ? (body.numbers ?? body.data) : body;
	if (!Array.isArray(numbers)) return [];
	return numbers.flatMap((entry: unknown) => {
		const number = isRecord(entry) ? (entry.sendblue_number ?? entry.number ?? entry.phone) : entry;
		return typeof number === 'string' && number !== '' ? [number] : [];
	});
}

/** `GET /api/v2/lines/state`: health of every line, shared ones included. */
export async function lineStates(call: Call, rule: CallRule = READ): Promise<LineState[]> {
	const body = await call({ method: 'GET', path: '/api/v2/lines/state' }, rule);
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

/**
 * The numbers of all lines, by both lists.
 *
 * @returns undefined where a list could not be had or both are empty, so that no line can be said to be missing
 */
export async function completeLines(call: Call): Promise<ReadonlySet<string> | undefined> {
	try {
		const [numbers, states] = await Promise.all([listLines(call, CHECK), lineStates(call, CHECK)]);
		const all = new Set([...numbers, ...states.map((state) => state.sendblue_number)]);
		return all.size === 0 ? undefined : all;
	} catch {
		return undefined;
	}
}

/**
 * `GET /api/v2/lines/usage`: room for new contacts, line by line.
 *
 * @param needed false where whoever asks goes on without the answer
 */
export async function lineUsage(call: Call, needed = true): Promise<LinesUsage> {
	const body = await call({ method: 'GET', path: '/api/v2/lines/usage' }, needed ? READ : CHECK);
	const answer = isRecord(body) ? body : {};
	const lines = Array.isArray(answer.lines) ? (answer.lines as unknown[]) : [];
	return {
		...answer,
		enabled: answer.enabled === true,
		lines: lines.filter((line): line is LineUsage => isRecord(line) && typeof line.phone === 'string'),
	};
}
