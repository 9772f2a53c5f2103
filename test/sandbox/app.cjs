'use strict';

const { setMaxListeners } = require('node:events');
const { createAllowances } = require('./allowance.cjs');
const { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY } = require('./constants.cjs');
const { createFaults } = require('./faults.cjs');
const { defaultSettings } = require('./settings.cjs');
const { createTimers } = require('./timers.cjs');

/** @typedef {import('./types.cjs').App} App */

/**
 * Everything a sandbox knows, in memory.
 * @param {Pick<import('./types.cjs').SandboxOptions, 'settings' | 'keys' | 'log'>} options
 * @returns {App}
 */
function createApp({ settings, keys = { id: SANDBOX_KEY_ID, secret: SANDBOX_SECRET_KEY }, log = () => {} }) {
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
		keys,
		atWork: 0,
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
