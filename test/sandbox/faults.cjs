'use strict';

const { refuse } = require('./replies.cjs');

/**
 * @typedef {import('./types.cjs').FaultRule} FaultRule
 * @typedef {import('./types.cjs').FaultKind} FaultKind
 * @typedef {{ rule: FaultRule, seen: number, hits: number, random: () => number }} ActiveRule
 */

/** @type {FaultKind[]} */
const FAULT_KINDS = [
	'status',
	'slow',
	'cutBeforeRequest',
	'cutDuringUpload',
	'cutAfterAccepted',
	'halfResponse',
	'invalidJson',
	'htmlError',
	'errorIn200',
	'noMediaUrl',
	'mediaUrlWithoutCaf',
	'acceptLate',
	'listLate',
	'groupDemandsContent',
	'play',
];

/**
 * The rules in force and how often each has been met.
 */
function createFaults() {
	/** @type {ActiveRule[]} */
	let active = [];
	return {
		/**
		 * Replaces all rules; counters start anew.
		 * @param {FaultRule[]} rules
		 */
		set(rules) {
			active = rules.map(normalise).map((rule) => {
				return { rule, seen: 0, hits: 0, random: createRandom(rule.seed ?? 1) };
			});
		},
		/**
		 * The rule that decides about a request: the first that fires. Every matching rule counts the request.
		 * @param {string} method
		 * @param {string} path
		 * @returns {FaultRule | null}
		 */
		take(method, path) {
			/** @type {FaultRule | null} */
			let chosen = null;
			for (const entry of active) {
				if (!matches(entry.rule, method, path)) continue;
				entry.seen += 1;
				if (chosen || !fires(entry)) continue;
				entry.hits += 1;
				chosen = entry.rule;
			}
			return chosen;
		},
	};
}

/**
 * @param {ActiveRule} entry
 */
function fires({ rule, seen, hits, random }) {
	// Drawn for every request met, so that a seed gives the same pattern whatever else the rule says.
	const drawn = rule.probability === undefined || random() < rule.probability;
	const times = rule.times ?? (rule.nth === undefined ? Infinity : 1);
	return drawn && seen >= (rule.nth ?? 1) && hits < times;
}

/**
 * @param {FaultRule} rule
 * @param {string} method
 * @param {string} path
 */
function matches(rule, method, path) {
	if (rule.method && rule.method.toUpperCase() !== method) return false;
	if (!rule.path.includes('*')) return path.startsWith(rule.path);
	const pattern = rule.path.split('*').map(escapeRegExp).join('.*');
	return new RegExp(`^${pattern}$`).test(path);
}

/**
 * @param {string} text
 */
function escapeRegExp(text) {
	return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * Checks a rule and writes its short form (`status429`) out.
 * @param {FaultRule} rule
 * @returns {FaultRule}
 */
function normalise(rule) {
	if (typeof rule?.path !== 'string') throw refuse('A fault rule needs a path');
	const short = /^status(\d{3})$/.exec(String(rule.kind));
	const full = short ? { ...rule, kind: /** @type {const} */ ('status'), status: Number(short[1]) } : rule;
	if (!FAULT_KINDS.some((kind) => kind === full.kind)) {
		throw refuse(`Unknown fault kind ${full.kind}; known: ${FAULT_KINDS.join(', ')}`);
	}
	if (full.kind === 'status' && !(Number(full.status) >= 200 && Number(full.status) <= 599)) {
		throw refuse('A status fault needs a status from 200 to 599');
	}
	if (full.kind === 'play' && typeof full.play !== 'function') throw refuse('A play needs a function');
	for (const field of /** @type {const} */ (['nth', 'times'])) {
		const value = full[field];
		if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
			throw refuse(`${field} must be a whole number from 1`);
		}
	}
	return full;
}

/**
 * Mulberry32: a small generator whose sequence depends on the seed alone.
 * @param {number} seed
 * @returns {() => number} numbers from 0 up to 1
 */
function createRandom(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

module.exports = { createFaults };
