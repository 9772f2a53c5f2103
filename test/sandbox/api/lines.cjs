'use strict';

const { usageView } = require('../allowance.cjs');
const { LINES, SHARED_LINE } = require('../constants.cjs');
const { ok } = require('../replies.cjs');

const STATUS_CHANGED_AT = '2026-01-01T00:00:00.000Z';

/**
 * @param {string | null} line
 * @param {'assigned' | 'shared'} assignment
 * @returns {import('../types.cjs').LineStateView}
 */
function stateView(line, assignment) {
	return {
		assignment,
		sendblue_number: line,
		status: 'ONLINE',
		worker_id: `worker-${line?.slice(-2) ?? '00'}`,
		degraded_since: null,
		effective_until: null,
		status_changed_at: STATUS_CHANGED_AT,
	};
}

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/api/lines', () => ok({ numbers: [...LINES] })],
	[
		'GET',
		'/api/v2/lines/state',
		({ app }) => {
			const own = [...LINES.map((line) => stateView(line, 'assigned')), stateView(SHARED_LINE, 'shared')];
			const set = app.settings.lineStates;
			const known = own.map((state) => ({
				...state,
				...set.find((one) => one.sendblue_number === state.sendblue_number),
			}));
			const added = set.filter((one) => !own.some((state) => state.sendblue_number === one.sendblue_number));
			const data = [...known, ...added.map((one) => ({ ...stateView(null, 'assigned'), ...one }))];
			return ok({ status: 'OK', data, snapshot_at: new Date().toISOString() });
		},
	],
	[
		'GET',
		'/api/v2/lines/usage',
		({ app }) => {
			const lines = [...app.allowances].map(([line, allowance]) => usageView(line, allowance));
			return ok({ status: 'OK', enabled: true, lines });
		},
	],
];

module.exports = { routes };
