'use strict';

const { ACCOUNT_EMAIL, PLAN } = require('../constants.cjs');
const { ok } = require('../replies.cjs');

/** @type {import('../types.cjs').Route[]} */
const routes = [
	['GET', '/account', () => ok({ status: 'OK', email: ACCOUNT_EMAIL, accountEmail: ACCOUNT_EMAIL, plan: PLAN })],
];

module.exports = { routes };
