import { SendblueInputError } from '../../../nodes/Sendblue/sendblue/errors';
import { toE164, type PhoneNumberError, type PhoneNumberProblem } from '../../../nodes/Sendblue/sendblue/phoneNumbers';

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

	test.each<[unknown, string | undefined, PhoneNumberProblem, RegExp]>([
		['5551234567', undefined, 'noCountry', /no country code.*\+15551234567/],
		[5551234567, undefined, 'noCountry', /no country code/],
		['020 7946 0958', undefined, 'noCountry', /no country code/],
		['14155550123', undefined, 'noPlus', /“14155550123” lacks the plus sign in front\. Write it as \+14155550123\./],
		['447911123456', undefined, 'noPlus', /\+447911123456/],
		['447911123456', 'US', 'noPlus', /\+447911123456/],
		['0044 7911 123456', undefined, 'noPlus', /\+447911123456/],
		['Mom', undefined, 'name', /“Mom” is a name/],
		['+1555123', undefined, 'invalid', /not a phone number/],
		['+1555123456789', undefined, 'invalid', /not a phone number/],
		['+0 555 123 4567', undefined, 'invalid', /not a phone number/],
		['+9999999999', undefined, 'invalid', /not a phone number/],
		['555-123-4567 ext 5', 'US', 'extension', /extension/],
		['555-123-4567 x5', 'US', 'extension', /extension/],
		['tel:+15551234567;ext=5', undefined, 'extension', /extension/],
		['1-800-FLOWERS', 'US', 'invalid', /not a valid phone number in US/],
		['call me on 555-123-4567', 'US', 'invalid', /not a valid phone number in US/],
		['+15551234567, +15551234568', undefined, 'several', /more than one/],
		['+15551234567 or +15551234568', undefined, 'several', /more than one/],
		['+15551234567\n+15551234568', undefined, 'several', /more than one/],
		['jane@example.com', 'US', 'emailAddress', /email address/],
		['', undefined, 'empty', /empty/],
		['   ', 'US', 'empty', /empty/],
		['undefined', undefined, 'empty', /empty/],
		['null', 'US', 'empty', /empty/],
		[undefined, 'US', 'empty', /empty/],
		[null, 'US', 'empty', /empty/],
		[{}, 'US', 'invalid', /object, not a phone number/],
		[['+15551234567'], 'US', 'several', /list, not a phone number/],
		[true, 'US', 'invalid', /not a phone number/],
		[1.5, 'US', 'invalid', /not a phone number/],
		[-5551234567, 'US', 'invalid', /not a phone number/],
		[1e20, 'US', 'invalid', /not a phone number/],
		[Number.NaN, 'US', 'invalid', /not a phone number/],
		['+15551234567', 'Germany', 'unknownCountry', /GERMANY/],
		['+15551234567', 'USA', 'unknownCountry', /“USA” is not a two-letter country code/],
		['+15551234567', 'XX', 'unknownCountry', /XX/],
	])('%p (%p) is refused: %s', async (value, country, problem, message) => {
		const error = await toE164(value, country).then(
			(number) => number,
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(SendblueInputError);
		expect(error).toMatchObject({ problem, message: expect.stringMatching(message) });
		expect((error as PhoneNumberError).message.length).toBeLessThan(400);
		expect((error as PhoneNumberError).hint).not.toBe('');
	});

	test.each<[string, string]>([
		['whatsapp:+14155550123', '+14155550123'],
		['sms:+14155550123', '+14155550123'],
		['SMSTO:+1 415 555 0123', '+14155550123'],
		['imessage://+14155550123', '+14155550123'],
		['14155550123@c.us', '+14155550123'],
		['14155550123:7@s.whatsapp.net', '+14155550123'],
		['+52 1 55 1234 5678', '+525512345678'],
		['+5215512345678', '+525512345678'],
		['+52 55 1234 5678', '+525512345678'],
	])('%p, as other services write it, is %s', async (value, number) => {
		expect(await toE164(value)).toBe(number);
	});

	test.each([
		['Arabic', 0x660],
		['mathematical bold', 0x1d7ce],
		['mathematical monospaced', 0x1d7f6],
		['Myanmar Pao Karen', 0x116da],
		['Ol Onal', 0x1e5f1],
	])('%s digits have their values', async (_, zero) => {
		const digits = [...'14155550123'].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');
		expect(await toE164(`+${digits}`)).toBe('+14155550123');
	});

	test('a text of any length is refused in few words', async () => {
		await expect(toE164('9'.repeat(100_000), 'US')).rejects.toThrow(/^“9{40}…” is not a valid phone number in US/);
	});

	test('no country is guessed: the same digits mean what the option says', async () => {
		expect(await toE164('0151 12345678', 'DE')).toBe('+4915112345678');
		await expect(toE164('0151 12345678')).rejects.toMatchObject({ problem: 'noCountry' });
	});
});
