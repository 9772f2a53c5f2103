import { SendblueInputError } from './errors';

/** The form Sendblue takes (E.164): a plus sign, the country code, and the rest, 7 to 15 digits in all. */
const E164 = /^\+[1-9]\d{6,14}$/;

const EXAMPLE = '+15551234567';

/** The message alone says what a right number looks like; this goes with it. */
const CORRECT_AT_SOURCE = 'Correct the number where it comes from, for example in the sheet or the CRM.';
const EXAMPLE_ADVICE = `A right number starts with a plus sign and the country code, such as ${EXAMPLE}.`;

const COUNTRY_ADVICE = `${EXAMPLE_ADVICE} For numbers without a country code, set the option Default Country (such as US).`;

/** Marks that come along with copied numbers and mean nothing: joiners, direction marks, soft hyphens, and the like. */
const INVISIBLE = /[\p{Cf}\p{Cc}]/gu;

/** Spaces and hyphens of any script. */
const SPACES = /[\s\p{Zs}]+/gu;
const DASHES = /[\p{Pd}\u2212]/gu;

/** Longest part of a wrong value that is repeated in a message, in characters. */
const LONGEST_SHOWN = 40;

/**
 * Makes a phone number E.164, whichever way it was typed: `(555) 123-4567`, `tel:+1-555-123-4567`, a JSON number, full-
 * width or Arabic digits.
 *
 * A country is never guessed: a number without a plus sign needs `defaultCountry`. The phone number library is loaded
 * on the first call.
 *
 * @param value text, or a number as it comes out of a spreadsheet
 * @param defaultCountry ISO 3166 code of two letters
 * @throws {SendblueInputError} where it is no single phone number, has an extension, or lacks its country code
 */
export async function toE164(value: unknown, defaultCountry?: string): Promise<string> {
	const text = cleaned(textOf(value));
	const { isSupportedCountry, parsePhoneNumberFromString } = await import('./vendor/phone');

	const country = (defaultCountry ?? '').trim().toUpperCase();
	if (country !== '' && !isSupportedCountry(country)) {
		throw new SendblueInputError(
			`Default Country is “${country.slice(0, LONGEST_SHOWN)}”, which is not a country code of two letters.`,
			'Use the ISO code, such as US, GB or DE.',
		);
	}
	if (!text.startsWith('+') && country === '') {
		throw refused(value, 'has no country code', COUNTRY_ADVICE);
	}
	const parsed = parsePhoneNumberFromString(text, {
		defaultCountry: country === '' ? undefined : country,
		extract: false,
	});
	if (parsed?.ext) throw refused(value, 'has an extension, and a message cannot be sent to one', EXAMPLE_ADVICE);
	if (!parsed || !parsed.isPossible() || !E164.test(parsed.number)) {
		throw refused(value, `is not a phone number${country === '' ? '' : ` (as seen from ${country})`}`, COUNTRY_ADVICE);
	}
	return parsed.number;
}

function textOf(value: unknown): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'bigint' && value > 0n) return value.toString();
	// Beyond this, a JSON number has lost digits.
	if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return String(value);
	throw refused(value, 'is not a phone number', COUNTRY_ADVICE);
}

function cleaned(text: string): string {
	const plain = text
		.normalize('NFKC')
		.replace(INVISIBLE, ' ')
		.replace(/\p{Nd}/gu, asciiDigit)
		.replace(DASHES, '-')
		.replace(SPACES, ' ')
		.trim()
		// Spreadsheets mark text with an apostrophe, and some exports keep quotes.
		.replace(/^['"]+|['"]+$/g, '')
		.replace(/^tel:\s*/i, '')
		.trim();
	if (plain === '') throw refused(text, 'is empty', EXAMPLE_ADVICE);
	if (/[,;/|\n]|\sor\s|\sand\s/i.test(plain.replace(/;\s*ext=.*/i, ''))) {
		throw refused(text, 'is more than one phone number', `Give one number per item. ${EXAMPLE_ADVICE}`);
	}
	if (plain.includes('@')) {
		throw refused(text, 'is an email address', `Sendblue sends to phone numbers. ${EXAMPLE_ADVICE}`);
	}
	return plain;
}

/** The value of a decimal digit of any script; Unicode lays every set of ten out in order, from xxx0 or xxx6. */
function asciiDigit(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	const rowStart = code - (code % 16);
	const zero = /\p{Nd}/u.test(String.fromCodePoint(rowStart)) ? rowStart : rowStart + 6;
	return String(code - zero);
}

function refused(value: unknown, why: string, advice: string): SendblueInputError {
	const isPlain = ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
	const given = isPlain ? String(value).replace(SPACES, ' ').trim() : '';
	const shown = given.length > LONGEST_SHOWN ? `${given.slice(0, LONGEST_SHOWN)}…` : given;
	const subject = shown === '' ? 'The phone number' : `“${shown}”`;
	return new SendblueInputError(`${subject} ${why}. ${advice}`, CORRECT_AT_SOURCE);
}
