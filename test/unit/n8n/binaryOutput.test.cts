import { cafFileName } from '../../../nodes/Sendblue/n8n/binaryOutput';

describe('cafFileName', () => {
	it.each([
		['AudioMessage.caf', 'AudioMessage.caf'],
		['Greeting', 'Greeting.caf'],
		['Greeting.CAF', 'Greeting.caf'],
		['Good morning, Ada!.caf', 'Good_morning_Ada.caf'],
		['v1.2-final_take', 'v1.2-final_take.caf'],
		['Grüße', 'Grue.caf'],
		['../../etc/passwd', 'passwd.caf'],
		['C:\\Users\\ada\\note.caf', 'note.caf'],
		['a..b', 'a.b.caf'],
		['.hidden', 'hidden.caf'],
		['', 'AudioMessage.caf'],
		['   ', 'AudioMessage.caf'],
		['.caf', 'AudioMessage.caf'],
		['语音', 'AudioMessage.caf'],
		[undefined, 'AudioMessage.caf'],
		[42, '42.caf'],
	])('makes of %j the name %s', (wanted, name) => {
		expect(cafFileName(wanted)).toBe(name);
	});

	it('bounds the length', () => {
		const name = cafFileName('a'.repeat(1_000));

		expect(name).toHaveLength(100);
		expect(name).toMatch(/a\.caf$/);
	});

	it('gives names that need no encoding in a URL', () => {
		for (const wanted of ['a b', 'a%20b', 'a?b=c#d', 'a&b', '"quoted"', 'tab\there']) {
			expect(encodeURIComponent(cafFileName(wanted))).toBe(cafFileName(wanted));
		}
	});
});
