'use strict';

const { setAllowance } = require('./allowance.cjs');
const { MAX_UPLOAD_BYTES } = require('./constants.cjs');
const { refuse } = require('./replies.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').Settings} Settings
 * @typedef {import('./types.cjs').SettingsPatch} SettingsPatch
 */

/** @returns {Settings} */
function defaultSettings() {
	return {
		acceptLateMs: 0,
		listLateMs: 0,
		groupDemandsContent: false,
		groupRequiresContentField: true,
		shape: 'full',
		defaultOrder: 'desc',
		autoDeliverMs: null,
		services: {},
		lineStates: [],
		webhookRetryDelaysMs: [50, 100, 200],
		webhookTimeoutMs: 10_000,
		globalSecretWins: false,
		webhooksAreSigned: false,
		maxUploadBytes: MAX_UPLOAD_BYTES,
		rejectedWebhookTypes: [],
	};
}

/**
 * Changes the settings given and leaves the others as they are.
 * @param {App} app
 * @param {SettingsPatch} patch
 * @returns {Settings}
 */
function applySettings(app, { allowance, ...patch }) {
	const unknown = Object.keys(patch).find((name) => !(name in app.settings));
	if (unknown) throw refuse(`Unknown setting ${unknown}; known: ${Object.keys(app.settings).join(', ')}, allowance`);
	if (allowance) setAllowance(app, allowance);
	Object.assign(app.settings, structuredClone(patch));
	return structuredClone(app.settings);
}

module.exports = { defaultSettings, applySettings };
