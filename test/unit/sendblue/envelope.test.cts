import { bodyOf } from '../../../nodes/Sendblue/sendblue/http/envelope';

function read(body: string): unknown {
	return bodyOf({ status: 200, headers: {}, body });
}

describe('numbers in answers', () => {
	test.each([
		['12345678901234567890', '12345678901234567890'],
		['-9007199254740993', '-9007199254740993'],
		['9007199254740993', '9007199254740993'],
		['9007199254740991', 9007199254740991],
		['15551234567', 15551234567],
		['0.1234567890123456', 0.1234567890123456],
		['1234567890123456.5', 1234567890123456.5],
		['1.5e300', 1.5e300],
		['1234567890123456e3', 1234567890123456e3],
	])('%s keeps its digits', (written, value) => {
		for (const text of [`{"message_handle":${written}}`, `{ "message_handle" : ${written} }`]) {
			expect(read(text)).toEqual({ message_handle: value });
		}
		expect(read(`[1,${written},"x"]`)).toEqual([1, value, 'x']);
	});

	test.each([
		['a number', ' 12345678901234567890 '],
		['quotes before a number', '\\": 12345678901234567890'],
		['a backslash at its end', 'C:\\'],
	])('%s in a text stays as it is', (_name, text) => {
		const value = { content: text, next: 'x', [text]: 1 };
		expect(read(JSON.stringify(value))).toEqual(value);
	});

	test.each(['{"a":NaN}', '{"a":12345678901234567890', '{"a":1-12345678901234567890}', '<html>'])(
		'%s is no JSON, and stays text',
		(text) => expect(read(text)).toBe(text),
	);
});
