import { SendblueInputError } from '../../../nodes/Sendblue/sendblue/errors';
import { toE164 } from '../../../nodes/Sendblue/sendblue/phoneNumbers';

describe('toE164', () => {
	test.each<[unknown, string | undefined, string]>([
		['+15551234567', undefined, '+15551234567'],
		['+1 (555) 123-4567', undefined, '+15551234567'],
		['(555) 123-4567', 'US', '+15551234567'],
		['(555) 123-4567', ' us ', '+15551234567'],
		['555.123.4567', 'US', '+15551234567'],
		['1 555 123 4567', 'US', '+15551234567'],
		[5551234567, 'US', '+15551234567'],
		[15551234567, 'US', '+15551234567'],
		[5551234567n, 'US', '+15551234567'],
		['07911 123456', 'GB', '+447911123456'],
		['0044 7911 123456', 'GB', '+447911123456'],
		['+44 (0)7911 123456', 'US', '+447911123456'],
		['tel:+1-555-123-4567', undefined, '+15551234567'],
		['TEL: +15551234567', undefined, '+15551234567'],
		['\u202a+1\u00a0555\u2011123\u20114567\u202c', undefined, '+15551234567'],
		['+1\u2212555\u2013123\u20144567', undefined, '+15551234567'],
		['\uff0b\uff11\uff15\uff15\uff15\uff11\uff12\uff13\uff14\uff15\uff16\uff17', undefined, '+15551234567'],
		['+\u0661\u0665\u0665\u0665\u0661\u0662\u0663\u0664\u0665\u0666\u0667', undefined, '+15551234567'],
		['+\u0967\u096b\u096b\u096b\u0967\u0968\u0969\u096a\u096b\u096c\u096d', undefined, '+15551234567'],
		["'+15551234567", undefined, '+15551234567'],
		['"+15551234567"', undefined, '+15551234567'],
		['  +15551234567\n', undefined, '+15551234567'],
		['+4915112345678', 'US', '+4915112345678'],
	])('%p (%p) is %s', async (value, country, number) => {
		expect(await toE164(value, country)).toBe(number);
	});

	test.each<[unknown, string | undefined, RegExp]>([
		['5551234567', undefined, /no country code.*\+15551234567.*Default Country/],
		[5551234567, undefined, /no country code.*Default Country/],
		['15551234567', undefined, /no country code/],
		['0044 7911 123456', undefined, /no country code/],
		['447911123456', 'US', /not a phone number \(as seen from US\)/],
		['+1555123', undefined, /not a phone number/],
		['+1555123456789', undefined, /not a phone number/],
		['+0 555 123 4567', undefined, /not a phone number/],
		['+9999999999', undefined, /not a phone number/],
		['555-123-4567 ext 5', 'US', /extension/],
		['555-123-4567 x5', 'US', /extension/],
		['tel:+15551234567;ext=5', undefined, /extension/],
		['1-800-FLOWERS', 'US', /not a phone number/],
		['call me on 555-123-4567', 'US', /not a phone number/],
		['+15551234567, +15551234568', undefined, /more than one/],
		['+15551234567 or +15551234568', undefined, /more than one/],
		['jane@example.com', 'US', /email address/],
		['', undefined, /empty/],
		['   ', 'US', /empty/],
		['undefined', undefined, /country code|not a phone number/],
		[undefined, 'US', /not a phone number.*\+15551234567/],
		[null, 'US', /not a phone number/],
		[{}, 'US', /not a phone number/],
		[['+15551234567'], 'US', /not a phone number/],
		[true, 'US', /not a phone number/],
		[1.5, 'US', /not a phone number/],
		[-5551234567, 'US', /not a phone number/],
		[1e20, 'US', /not a phone number/],
		[Number.NaN, 'US', /not a phone number/],
		['+15551234567', 'Germany', /Default Country.*GERMANY/],
		['+15551234567', 'XX', /Default Country/],
	])('%p (%p) is refused: %s', async (value, country, message) => {
		const error = await toE164(value, country).then(
			(number) => number,
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(SendblueInputError);
		expect((error as SendblueInputError).message).toMatch(message);
		expect((error as SendblueInputError).message.length).toBeLessThan(400);
		expect((error as SendblueInputError).advice).not.toBe('');
	});

	test('a text of any length is refused in few words', async () => {
		await expect(toE164('9'.repeat(100_000), 'US')).rejects.toThrow(/^“9{40}…” is not a phone number/);
	});

	test('no country is guessed: the same digits mean what the option says', async () => {
		expect(await toE164('0151 12345678', 'DE')).toBe('+4915112345678');
		await expect(toE164('0151 12345678')).rejects.toThrow(/Default Country/);
	});
});
