'use strict';

const { createApp } = require('./app.cjs');
const { LINES, SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, SHARED_LINE } = require('./constants.cjs');
const { setFaults } = require('./control.cjs');
const { advance } = require('./delivery.cjs');
const { deliverInbound } = require('./inbound.cjs');
const { acceptedMessages } = require('./messages.cjs');
const { createServer } = require('./server.cjs');
const { applySettings } = require('./settings.cjs');

/**
 * Starts a local Sendblue on 127.0.0.1. What its control returns in-process is what `/_sandbox/` answers over HTTP.
 * @param {import('./types.cjs').SandboxOptions} [options]
 * @returns {Promise<import('./types.cjs').Sandbox>}
 */
async function startSandbox({ port = 0, log, settings, keys } = {}) {
	const app = createApp({ settings, keys, log });
	const server = createServer(app);
	await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => resolve(undefined));
	});
	const address = /** @type {import('net').AddressInfo} */ (server.address());
	app.url = `http://127.0.0.1:${address.port}`;

	return {
		url: app.url,
		port: address.port,
		messages: () => acceptedMessages(app),
		requests: () => structuredClone(app.requests),
		deliveries: () => structuredClone(app.deliveries),
		reactions: () => structuredClone(app.reactions),
		settings: () => structuredClone(app.settings),
		setSettings: (patch) => applySettings(app, patch),
		setFaults: (rules) => setFaults(app, rules),
		advance: (options = {}) => advance(app, options),
		deliverInbound: (options = {}) => deliverInbound(app, options),
		idle: () => untilIdle(app),
		reset: () => app.reset(),
		async close() {
			app.stop();
			await new Promise((resolve) => {
				server.close(resolve);
				server.closeAllConnections();
			});
		},
	};
}

/** How often in a row nothing may be going on before nothing is expected to come, and the pause between two looks. */
const QUIET_LOOKS = 3;
const LOOK_MS = 5;

/**
 * @param {import('./types.cjs').App} app
 * @returns {Promise<void>} resolves when no request is being handled and nothing is left to happen by itself
 */
async function untilIdle(app) {
	for (let quiet = 0; quiet < QUIET_LOOKS; ) {
		quiet = app.atWork === 0 && app.timers.pending === 0 ? quiet + 1 : 0;
		await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
	}
}

module.exports = { startSandbox, SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, LINES, SHARED_LINE };
