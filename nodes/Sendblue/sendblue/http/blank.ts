import { isRecord } from './envelope';

/** The replacement for a key. */
export const BLANK = '[key]';

/** The fewest characters of a key; anything shorter would match inside ordinary words. */
const SHORTEST_KEY = 6;

/** The deepest nesting; anything deeper is left out: no real answer is that deep, and recursion uses up the stack. */
const DEEPEST = 60;

/**
 * The most characters of a text that is searched for keys; a longer one that may hold a key is replaced as a whole, as
 * no real field is that long.
 */
const LONGEST_TEXT = 40_000;

/** Matches escapes that may stand for letters or digits, which no one needs to escape. */
const ESCAPED_WORD = /%(25)?[3-7][0-9a-f]|\\u00|&(amp;)?#/i;

/** The characters that mark escapes, which are themselves percent-encoded in URLs. */
const BACKSLASH = '(?:\\\\|%5c)';
const AMPERSAND = '(?:&|%26)';
const HASH = '(?:#|%23)';
const SEMICOLON = '(?:;|%3b)';

/** HTML's names for characters that have one. */
const HTML_NAMES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/**
 * Builds the function that takes keys out of an answer: as they are, in any case, percent-encoded, escaped as in JSON
 * or HTML, in hexadecimal digits, and at any place within Base64. It goes through objects and lists, names of fields
 * included, and changes nothing if there is no key.
 */
export function createBlank(keys: readonly string[]): (value: unknown) => unknown {
	const real = keys.filter((key) => key.length >= SHORTEST_KEY);
	if (real.length === 0) return (value) => value;
	const forms = real.flatMap((key) => [key, Buffer.from(key).toString('hex'), ...base64FormsOf(key)]);
	const pattern = new RegExp(forms.map(spellingsOf).join('|'), 'gi');
	const marks = forms.map(longestWord);
	const blankText = (text: string): string => {
		// A cheap test first: the pattern is slow, and hardly any text contains a key.
		const small = text.toLowerCase();
		if (!marks.some((mark) => small.includes(mark)) && !ESCAPED_WORD.test(text)) return text;
		return text.length > LONGEST_TEXT ? BLANK : text.replace(pattern, BLANK);
	};

	const blank = (value: unknown, depth: number): unknown => {
		if (typeof value === 'string') return blankText(value);
		if (typeof value !== 'object' || value === null) return value;
		if (depth > DEEPEST) return null;
		if (Array.isArray(value)) return value.map((entry) => blank(entry, depth + 1));
		if (!isRecord(value)) return value;
		const fields = Object.entries(value).map(([name, field]) => [blankText(name), blank(field, depth + 1)]);
		return Object.fromEntries(fields) as unknown;
	};
	return (value) => blank(value, 0);
}

/** The longest run of letters and digits, in lower case: the part that no escaping has to change. */
function longestWord(text: string): string {
	const words = text.toLowerCase().split(/[^a-z0-9]+/);
	return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

/** A pattern that matches a text with each character escaped in any way. */
function spellingsOf(text: string): string {
	return [...text].map(spellingsOfCharacter).join('');
}

function spellingsOfCharacter(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const name = HTML_NAMES[character];
	const percent = [...Buffer.from(character)].map((byte) => `%(?:25)?${hex(byte, 2)}`).join('');
	return `(?:${[
		// Escaped with a backslash, or with several if JSON is nested in JSON.
		character === '\\' ? `${BACKSLASH}+` : `${BACKSLASH}*${escaped(character)}`,
		`${BACKSLASH}+u${hex(code, 4)}`,
		`${BACKSLASH}*${percent}`,
		`${AMPERSAND}${HASH}0*${code}${SEMICOLON}`,
		`${AMPERSAND}${HASH}x0*${hex(code, 1)}${SEMICOLON}`,
		...(name ? [`${AMPERSAND}${name}${SEMICOLON}`] : []),
		// Forms write a space as a plus; URL-safe Base64 replaces two characters.
		...(character === ' ' ? ['\\+'] : []),
		...(character === '+' ? ['-'] : []),
		...(character === '/' ? ['_'] : []),
	].join('|')})`;
}

/**
 * The characters of Base64 that depend on a key alone, for each of the three places at which it can begin within a
 * group of three bytes; the others depend on what comes before and after it.
 */
function base64FormsOf(key: string): string[] {
	const bytes = Buffer.from(key);
	return [0, 1, 2].map((before) => {
		const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
		const first = Math.ceil((before * 8) / 6);
		const last = Math.floor(((before + bytes.length) * 8) / 6);
		return text.slice(first, last);
	});
}

function hex(value: number, digits: number): string {
	return value.toString(16).padStart(digits, '0');
}

function escaped(character: string): string {
	return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}
