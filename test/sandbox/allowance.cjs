'use strict';

const constants = require('./constants.cjs');
const { refuse } = require('./replies.cjs');

/**
 * @typedef {import('./types.cjs').AllowanceSetting} AllowanceSetting
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').LineAllowance} LineAllowance
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days start anew at 3 AM Eastern Standard Time. */
const RESET_HOUR_UTC = 8;

/** @returns {Map<string, LineAllowance>} every line with nothing used */
function createAllowances() {
	const lines = [...constants.LINES, constants.SHARED_LINE];
	return new Map(
		lines.map((line) => {
			const limits = { hourlyLimit: constants.HOURLY_LIMIT, dailyLimit: constants.DAILY_LIMIT };
			return [line, { ...limits, hourly: [], daily: [], enforce: false }];
		}),
	);
}

/**
 * Declares limits or used slots, of one line or of all.
 * @param {App} app
 * @param {AllowanceSetting} setting
 */
function setAllowance(app, setting) {
	const lines = setting.line === undefined ? [...app.allowances.keys()] : [setting.line];
	for (const line of lines) {
		const allowance = app.allowances.get(line);
		if (!allowance) throw refuse(`${line} is not a line of the sandbox`);
		const freeAt = Date.now() + (setting.nextSlotInMs ?? HOUR_MS);
		const { hourlyUsed, dailyUsed } = setting;
		allowance.hourlyLimit = setting.hourlyLimit ?? allowance.hourlyLimit;
		allowance.dailyLimit = setting.dailyLimit ?? allowance.dailyLimit;
		if (hourlyUsed !== undefined) allowance.hourly = new Array(hourlyUsed).fill(freeAt);
		if (dailyUsed !== undefined) allowance.daily = new Array(dailyUsed).fill(freeAt);
		const declared = hourlyUsed !== undefined || dailyUsed !== undefined;
		allowance.enforce = setting.enforce ?? (declared || allowance.enforce);
	}
}

/**
 * Counts a message against its line's allowance when the recipient is new to the line.
 * @param {App} app
 * @param {string} line
 * @param {string} number
 */
function takeSlot(app, line, number) {
	const allowance = app.allowances.get(line);
	if (!allowance || !isNewContact(app, line, number)) return;
	const now = Date.now();
	forgetFreeSlots(allowance, now);
	const full = allowance.hourly.length >= allowance.hourlyLimit || allowance.daily.length >= allowance.dailyLimit;
	if (full && allowance.enforce) {
		throw refuse('The line has no new-contact capacity left', {
			status: 429,
			code: constants.ERROR_RATE_WINDOW,
		});
	}
	allowance.hourly.push(now + HOUR_MS);
	allowance.daily.push(nextReset(now));
}

/**
 * @param {App} app
 * @param {string} line
 * @param {string} number
 */
function isNewContact(app, line, number) {
	const since = Date.now() - constants.NEW_CONTACT_LOOKBACK_DAYS * DAY_MS;
	return !app.messages.some(({ view }) => {
		return view.sendblue_number === line && view.number === number && Date.parse(view.date_sent) >= since;
	});
}

/**
 * @param {LineAllowance} allowance
 * @param {number} now ms since 1970
 */
function forgetFreeSlots(allowance, now) {
	allowance.hourly = allowance.hourly.filter((freeAt) => freeAt > now);
	allowance.daily = allowance.daily.filter((freeAt) => freeAt > now);
}

/**
 * @param {number} now ms since 1970
 * @returns {number} the next 3 AM Eastern
 */
function nextReset(now) {
	const today = new Date(now).setUTCHours(RESET_HOUR_UTC, 0, 0, 0);
	return today > now ? today : today + DAY_MS;
}

/**
 * A line as `GET /api/v2/lines/usage` shows it.
 * @param {string} line
 * @param {LineAllowance} allowance
 */
function usageView(line, allowance) {
	const now = Date.now();
	forgetFreeSlots(allowance, now);
	const hourly = windowView(allowance.hourly, allowance.hourlyLimit);
	const daily = windowView(allowance.daily, allowance.dailyLimit);
	const waits = [hourly, daily].flatMap(({ remaining, nextSlotAt }) => {
		return remaining === 0 && nextSlotAt ? [nextSlotAt] : [];
	});
	return {
		phone: line,
		state: waits.length === 0 ? 'available' : 'limited',
		sampledAt: new Date(now).toISOString(),
		newContactLookbackDays: constants.NEW_CONTACT_LOOKBACK_DAYS,
		hourly,
		daily: { ...daily, resetsAt: new Date(nextReset(now)).toISOString() },
		availableAt: waits.sort().at(-1) ?? null,
	};
}

/**
 * @param {number[]} slots
 * @param {number} limit
 */
function windowView(slots, limit) {
	const used = Math.min(slots.length, limit);
	const nextSlotAt = slots.length === 0 ? null : new Date(Math.min(...slots)).toISOString();
	return { used, limit, remaining: limit - used, nextSlotAt };
}

module.exports = { createAllowances, setAllowance, takeSlot, usageView };
