import { BLANK, createBlank } from '../../../nodes/Sendblue/sendblue/http/blank';

const KEY = 'a1B2+c3/d4 "e5"\\&f6';
const SECRET = 'secret-abcd';
const blank = createBlank([KEY, SECRET, '']);

it.each([
	['as they are', SECRET],
	['in another case', SECRET.toUpperCase()],
	['percent-encoded', encodeURIComponent(KEY)],
	['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
	['percent-encoded throughout', Buffer.from(SECRET).toString('hex').replace(/../g, '%$&')],
	['in JSON', JSON.stringify(KEY).slice(1, -1)],
	['in JSON within JSON', JSON.stringify(JSON.stringify(KEY)).slice(3, -3)],
	['with code points', KEY.replace(/[^a-z0-9]/gi, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)],
	['in JSON within an address', encodeURIComponent(JSON.stringify(KEY).slice(1, -1))],
	['in hexadecimal digits', Buffer.from(KEY).toString('hex').toUpperCase()],
	['in HTML', KEY.replace(/[&"]/g, (sign) => `&#${sign.charCodeAt(0)};`)],
])('takes out keys %s', (_form, text) => {
	expect(blank(`Key ${text} is wrong`)).toBe(`Key ${BLANK} is wrong`);
});

it.each([0, 1, 2, 3, 4, 5])('takes out keys in Base64 behind %d characters', (before) => {
	for (const encoding of ['base64', 'base64url'] as const) {
		const text = Buffer.from(`${'x'.repeat(before)}${SECRET}:${KEY}`).toString(encoding);
		const left = String(blank(text)).split(BLANK);
		// What is left are the characters that hold something else besides the key.
		expect(left).toHaveLength(3);
		for (const rest of left) expect(rest.length).toBeLessThanOrEqual(8);
	}
});

it('goes through lists, objects and their names, and leaves the rest as it is', () => {
	const answer = { status: 'OK', count: 3, nothing: null, data: [{ [SECRET]: true, list: [SECRET, 7] }] };
	expect(blank(answer)).toEqual({
		status: 'OK',
		count: 3,
		nothing: null,
		data: [{ [BLANK]: true, list: [BLANK, 7] }],
	});
});

it('leaves out what is nested without end', () => {
	const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
	expect(JSON.stringify(blank(deep)).length).toBeLessThan(1_000);
});

it('takes short texts for no keys', () => {
	expect(createBlank(['', 'OK'])({ status: 'OK' })).toEqual({ status: 'OK' });
});
