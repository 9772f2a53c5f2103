'use strict';

const { setMaxListeners } = require('node:events');
const { createAllowances } = require('./allowance.cjs');
const { createFaults } = require('./faults.cjs');
const { defaultSettings } = require('./settings.cjs');
const { createTimers } = require('./timers.cjs');

/** @typedef {import('./types.cjs').App} App */

/**
 * Everything a sandbox knows, in memory.
 * @param {{ settings?: Partial<import('./types.cjs').Settings>, log?: (line: string) => void }} options
 * @returns {App}
 */
function createApp({ settings, log = () => {} }) {
	const fresh = () => ({
		settings: { ...defaultSettings(), ...structuredClone(settings) },
		messages: [],
		groups: new Map(),
		profiles: new Map(),
		profileShares: new Map(),
		reactions: [],
		contacts: new Map(),
		allowances: createAllowances(),
		media: new Map(),
		webhooks: new Map(),
		globalSecret: null,
		deliveries: [],
		requests: [],
		faults: createFaults(),
		connections: createConnections(),
	});
	/** @type {App} */
	const app = {
		url: '',
		timers: createTimers(),
		log,
		...fresh(),
		reset() {
			app.stop();
			Object.assign(app, fresh());
		},
		stop() {
			app.timers.clear();
			app.connections.abort();
		},
	};
	return app;
}

/** @returns {AbortController} for any number of connections at once */
function createConnections() {
	const connections = new AbortController();
	setMaxListeners(0, connections.signal);
	return connections;
}

module.exports = { createApp };
