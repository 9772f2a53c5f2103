/**
 * What is allowed to come of a file whose content is known.
 *
 * Allowed: all of it; or less, with a remark that says how many seconds within 10 %; or a clear error. Forbidden: more than
 * 0.1 s lost, added, repeated, out of order, at another speed, or noise, without a remark; a remark if nothing is missing.
 */
import { SYMBOL_SECONDS, symbolsBetween } from './signal.mjs';
import { sum } from './sources/track.mjs';

/** @typedef {{ voice: string | undefined, from: number, to: number, held: number }} Part a stretch of a voice, or silence */

/**
 * @typedef {object} Expectation
 * @property {Part[][]} contents   what may be heard; the first is the whole, the others as good
 * @property {boolean} [readable]  an error is forbidden as well
 * @property {RegExp} [refuse]     it must be refused, in these words
 * @property {RegExp} [errorWords] if it is refused, then in these words
 * @property {boolean} [cut]       it really ends early, so that nobody knows how many seconds are missing
 * @property {number} [unit]       seconds that a cut may cost beyond what is whole: a page, a cluster
 * @property {number} [blur]      seconds of a sound that a coarse codec makes sound like another one
 * @property {boolean} [mayRemark] a remark is no fault if all is there
 * @property {number} [says]      seconds that a remark must name: of what is left out whatever comes out
 * @property {boolean} [mustRemark] something is missing whatever comes out, and is to be said
 */

const TOLERANCE_SECONDS = 0.1;
/** At a joint a decoder starts anew, and one symbol is cut in two. */
const JOINT_SECONDS = 0.08;
const SAID_WITHIN = 0.1;

/** How a result is to be judged: `all`, `less, said`, `refused`, or `forbidden` with the reason. */
export function judge(expected, got) {
	if (got.error) return judgeError(expected, got.error);
	if (expected.refuse) return forbidden(`${seconds(got.seconds)} of sound, but it should be refused`);
	if (Math.abs(got.decoded - got.seconds) > 0.06)
		return forbidden(`the note lasts ${seconds(got.decoded)}, but says ${seconds(got.seconds)}`);
	const verdicts = expected.contents.map((parts) => compare(parts, expected, got));
	return verdicts.find(({ outcome }) => outcome !== 'forbidden') ?? verdicts[0];
}

const forbidden = (reason) => ({ outcome: 'forbidden', reason });
const seconds = (value) => `${value.toFixed(2)} s`;

function judgeError(expected, { typed, message, hint }) {
	if (!typed) return forbidden(`threw: ${message}`);
	if (!hint) return forbidden(`error without a hint: ${message}`);
	if (expected.readable) return forbidden(`refused: ${message}`);
	const words = expected.refuse ?? expected.errorWords;
	if (words && !words.test(`${message} ${hint}`)) return forbidden(`refused in words that do not help: ${message}`);
	return { outcome: 'refused', reason: message };
}

function compare(parts, expected, got) {
	const symbols = parts.flatMap(({ voice, from, to }) => (voice === undefined ? [] : symbolsBetween(voice, from, to)));
	const content = sum(parts.map(({ from, to }) => to - from));
	const held = sum(parts.map((part) => part.held));
	const said = secondsIn(got.hints);
	const common = longestCommonSubsequence(symbols, got.symbols);
	const tolerance = TOLERANCE_SECONDS + JOINT_SECONDS * (parts.length - 1);
	// A symbol of which less than half is there may be heard or not, at both ends of each part.
	const symbolTolerance = tolerance + SYMBOL_SECONDS * parts.length + (expected.blur ?? 0);
	const lost = (symbols.length - common) * SYMBOL_SECONDS;
	const gained = (got.symbols.length - common) * SYMBOL_SECONDS;

	if (got.noise > symbolTolerance) return forbidden(`${seconds(got.noise)} of ${seconds(got.seconds)} are noise`);
	if (gained > symbolTolerance)
		return forbidden(
			`${seconds(gained)} are repeated, out of order or not of the file (${seconds(got.seconds)} heard)`,
		);
	if (got.seconds > held + tolerance)
		return forbidden(`${seconds(got.seconds)} of sound, but the file holds ${seconds(held)}`);
	if (expected.says !== undefined && !said.some((value) => within(value, expected.says, expected.says)))
		return forbidden(`no remark names the ${seconds(expected.says)} that are left out: ${got.hints.join(' ')}`);
	if (got.seconds >= content - tolerance && lost <= symbolTolerance) {
		if (expected.mustRemark && got.hints.length === 0) return forbidden('nothing is said of what is missing');
		if (got.hints.length > 0 && !expected.mayRemark && !expected.mustRemark && !expected.cut)
			return forbidden(`false remark: ${got.hints.join(' ')}`);
		return { outcome: 'all', reason: '' };
	}
	const missing = Math.max(lost, content - got.seconds);
	if (got.hints.length === 0) return forbidden(`${seconds(missing)} of ${seconds(content)} lost without a remark`);
	if (expected.cut) {
		if (missing <= (expected.unit ?? 0) + symbolTolerance)
			return { outcome: 'less, said', reason: got.hints.join(' ') };
		return forbidden(
			`${seconds(missing)} of the ${seconds(content)} in front of the cut are lost: ${got.hints.join(' ')}`,
		);
	}
	const lower = content - got.seconds;
	const upper = held - got.seconds;
	if (said.some((value) => within(value, lower, upper) || within(value, lost, lost)))
		return { outcome: 'less, said', reason: got.hints.join(' ') };
	return forbidden(`${seconds(missing)} of ${seconds(content)} lost, which no remark says: ${got.hints.join(' ')}`);
}

function within(value, lower, upper) {
	const slack = (bound) => Math.max(SAID_WITHIN * bound, TOLERANCE_SECONDS);
	return value >= lower - slack(lower) && value <= upper + slack(upper);
}

const UNITS = { ms: 0.001, millisecond: 0.001, s: 1, sec: 1, second: 1, min: 60, minute: 60 };

/** All durations that the remarks name, and their sum. */
export function secondsIn(remarks) {
	const named = remarks.flatMap((remark) =>
		[...remark.matchAll(/(\d+(?:[.,]\d+)?)[\s-]*(milliseconds?|ms|seconds?|sec|s|minutes?|min)\b/gi)].map(
			([, value, unit]) => Number(value.replace(',', '.')) * UNITS[unit.toLowerCase().replace(/(?<=..)s$/, '')],
		),
	);
	return named.length > 1 ? [...named, sum(named)] : named;
}

/** Length of the longest list that is in both, in the same order. */
function longestCommonSubsequence(a, b) {
	let row = new Uint16Array(b.length + 1);
	for (const symbol of a) {
		const next = new Uint16Array(b.length + 1);
		for (let index = 0; index < b.length; index++)
			next[index + 1] = symbol === b[index] ? row[index] + 1 : Math.max(row[index + 1], next[index]);
		row = next;
	}
	return row[b.length];
}
