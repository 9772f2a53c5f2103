import { SendblueInputError } from './errors';

/** The form Sendblue takes (E.164): a plus sign, the country code, and the rest, 7 to 15 digits in all. */
const E164 = /^\+[1-9]\d{6,14}$/;

const EXAMPLE = '+15551234567';

const FORM = `A valid number starts with a plus sign and the country code, such as ${EXAMPLE}.`;

const CORRECT_AT_SOURCE = 'Correct the number where it comes from, for example in the sheet or the CRM.';

/** Invisible characters that copied numbers contain: joiners, direction marks, soft hyphens, and the like. */
const INVISIBLE = /[\p{Cf}\p{Cc}]/gu;

/** Spaces and hyphens of any script. */
const SPACES = /[\s\p{Zs}]+/gu;
const DASHES = /[\p{Pd}\u2212]/gu;

/** Prefixes that other services and links use. */
const SCHEME = /^(?:tel|callto|sms|smsto|mms|imessage|facetime|whatsapp):\s*(?:\/\/)?/i;

/** A WhatsApp address: a number with its country code, without the plus sign. */
const WHATSAPP_ADDRESS = /^(\d+)(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$/;

/**
 * Mexican mobile numbers were written with a 1 after the country code until 2019, and still are in many address books.
 */
const OLD_MEXICAN_MOBILE = /^\+521(\d{10})$/;

/** The texts that an expression without a result becomes. */
const NOTHING = ['', 'undefined', 'null', 'nan'];

const EMAIL_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The longest part of an invalid value that a message quotes, in characters. */
const LONGEST_SHOWN = 40;

/** What is wrong with a phone number. */
export type PhoneNumberProblem =
	| 'empty'
	/** It may be valid, but has no country code. */
	| 'noCountry'
	/** With a plus sign in front it would be valid. */
	| 'noPlus'
	| 'name'
	| 'several'
	| 'emailAddress'
	| 'extension'
	/** The default country is not a country. */
	| 'unknownCountry'
	| 'invalid';

/** The error for a value that is not a phone number Sendblue accepts. */
export class PhoneNumberError extends SendblueInputError {
	constructor(
		readonly problem: PhoneNumberProblem,
		message: string,
		hint: string,
	) {
		super(message, hint);
		this.name = 'PhoneNumberError';
	}
}

/** Whether a text is an email address; Sendblue accepts one for a group member, and when asked who has iMessage. */
export function isEmailAddress(text: string): boolean {
	return EMAIL_ADDRESS.test(text);
}

/**
 * Converts a phone number to E.164, however it is written: `(555) 123-4567`, `tel:+1-555-123-4567`, `whatsapp:+1…`, a
 * JSON number, full-width or Arabic digits.
 *
 * A country is never guessed: a number without a plus sign needs `defaultCountry`. The phone number library is loaded
 * on the first call.
 *
 * @param value text, or a number as it comes out of a spreadsheet
 * @param defaultCountry ISO 3166 code of two letters
 * @throws {PhoneNumberError} if it is not exactly one phone number, has an extension, or has no country code, or if
 * `defaultCountry` is unknown
 */
export async function toE164(value: unknown, defaultCountry?: string): Promise<string> {
	const text = cleaned(value);
	const { isSupportedCountry, parsePhoneNumberFromString } = await import('./vendor/phone');

	const country = (defaultCountry ?? '').trim().toUpperCase();
	if (country !== '' && !isSupportedCountry(country)) {
		throw new PhoneNumberError(
			'unknownCountry',
			`“${country.slice(0, LONGEST_SHOWN)}” is not a two-letter country code.`,
			'Use the ISO code, such as US, GB or DE.',
		);
	}
	const parse = (number: string) =>
		parsePhoneNumberFromString(number, { defaultCountry: country === '' ? undefined : country, extract: false });
	const withPlus = `+${text.replace(/^00/, '').replace(/\D/g, '')}`;
	const lacksPlus = (): boolean => !/\p{L}/u.test(text) && E164.test(withPlus) && parse(withPlus)?.isValid() === true;

	if (!text.startsWith('+') && country === '') {
		if (!/\d/.test(text)) throw refused('name', value, `is a name, not a phone number. ${FORM}`);
		if (text.startsWith('00') || lacksPlus()) throw plusMissing(value, withPlus);
		throw refused('noCountry', value, `has no country code. ${FORM}`);
	}
	const parsed = parse(text.replace(OLD_MEXICAN_MOBILE, '+52$1'));
	if (parsed?.ext) {
		throw refused('extension', value, `has an extension, and a message cannot be sent to one. ${FORM}`);
	}
	if (parsed?.isPossible() && E164.test(parsed.number)) return parsed.number;
	if (!text.startsWith('+') && lacksPlus()) throw plusMissing(value, withPlus);
	throw refused(
		'invalid',
		value,
		`is not a ${country === '' ? 'phone number' : `valid phone number in ${country}`}. ${FORM}`,
	);
}

function cleaned(value: unknown): string {
	const text = textOf(value)
		.normalize('NFKC')
		.trim()
		// Two lines are two numbers.
		.replace(/\s*[\r\n]+\s*/g, ', ')
		.replace(INVISIBLE, ' ')
		.replace(/\p{Nd}/gu, asciiDigit)
		.replace(DASHES, '-')
		.replace(SPACES, ' ')
		.trim()
		// Spreadsheets mark text with an apostrophe, and some exports keep quotes.
		.replace(/^['"]+|['"]+$/g, '')
		.replace(SCHEME, '')
		.replace(WHATSAPP_ADDRESS, '+$1')
		.trim();
	if (NOTHING.includes(text.toLowerCase())) {
		throw new PhoneNumberError('empty', 'The phone number is empty.', CORRECT_AT_SOURCE);
	}
	if (/[,;/|]|\sor\s|\sand\s/i.test(text.replace(/;\s*ext=.*/i, ''))) {
		throw refused('several', value, 'is more than one phone number.');
	}
	if (text.includes('@')) {
		throw refused('emailAddress', value, `is an email address. Sendblue sends to phone numbers. ${FORM}`);
	}
	return OLD_MEXICAN_MOBILE.test(text.replace(/[^\d+]/g, '')) ? text.replace(/[^\d+]/g, '') : text;
}

function textOf(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'bigint' && value > 0n) return value.toString();
	// A number beyond the safe integers has lost digits.
	if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return String(value);
	if (Array.isArray(value)) throw refused('several', value, 'is a list, not a phone number.');
	if (typeof value === 'object') throw refused('invalid', value, `is an object, not a phone number. ${FORM}`);
	throw refused('invalid', value, `is not a phone number. ${FORM}`);
}

const DECIMAL_DIGIT = /\p{Nd}/u;

/** The value of a decimal digit of any script: Unicode lays the ten of each out in order, often several sets in a row. */
function asciiDigit(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	let first = code;
	while (DECIMAL_DIGIT.test(String.fromCodePoint(first - 1))) first--;
	return String((code - first) % 10);
}

function plusMissing(value: unknown, corrected: string): PhoneNumberError {
	return refused('noPlus', value, `lacks the plus sign in front. Write it as ${corrected}.`);
}

/** @param why the rest of the sentence after the value, with its period */
function refused(problem: PhoneNumberProblem, value: unknown, why: string): PhoneNumberError {
	const isPlain = ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
	const given = isPlain ? String(value).replace(SPACES, ' ').trim() : '';
	const shown = given.length > LONGEST_SHOWN ? `${given.slice(0, LONGEST_SHOWN)}…` : given;
	const subject = shown === '' ? 'This' : `“${shown}”`;
	return new PhoneNumberError(problem, `${subject} ${why}`, CORRECT_AT_SOURCE);
}
