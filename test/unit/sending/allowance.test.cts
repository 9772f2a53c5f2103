import { allowanceOf, isNewContact, LineAllowance } from '../../../nodes/Sendblue/sending/allowance';
import type { LinesUsage, LineUsage } from '../../../nodes/Sendblue/sendblue/resources/lines';

import { scriptedClient } from '../../support/sendblue/scriptedTransport.cts';

const LINE = '+15550100001';
const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const HOURLY = { used: 8, limit: 15, remaining: 7, nextSlotAt: '2026-11-22T10:20:00.000Z' };
const DAILY = { used: 31, limit: 50, remaining: 19, nextSlotAt: '2026-11-23T08:00:00.000Z' };

function usage(fields: Partial<LineUsage> = {}, enabled = true): LinesUsage {
	return {
		enabled,
		lines: [{ phone: LINE, state: 'available', hourly: HOURLY, daily: DAILY, availableAt: null, ...fields }],
	};
}

describe('allowanceOf', () => {
	test('room left', () => {
		expect(allowanceOf(usage(), LINE, NOW)).toEqual({ allowed: true, remaining: 7 });
	});

	test('the hour is used up', () => {
		const result = allowanceOf(usage({ hourly: { ...HOURLY, used: 15, remaining: 0 } }), LINE, NOW);
		expect(result).toMatchObject({ allowed: false, remaining: 0, nextSlotAt: HOURLY.nextSlotAt });
		expect(result.reason).toMatch(/\+15550100001.*one hour \(15\).*opens at 2026-11-22T10:20/);
	});

	test('hour and day are used up: the later slot counts', () => {
		const full = { hourly: { ...HOURLY, remaining: 0 }, daily: { ...DAILY, remaining: 0 } };
		expect(allowanceOf(usage(full), LINE, NOW).nextSlotAt).toBe(DAILY.nextSlotAt);
	});

	test('resetsAt stands in for a missing nextSlotAt, and without either no time is made up', () => {
		const daily = { limit: 50, used: 50, resetsAt: '2026-11-23T07:00:00.000Z' };
		expect(allowanceOf(usage({ daily }), LINE, NOW)).toMatchObject({ allowed: false, nextSlotAt: daily.resetsAt });
		const noTime = allowanceOf(usage({ daily: { remaining: 0 } }), LINE, NOW);
		expect(noTime).toMatchObject({ allowed: false });
		expect(noTime.nextSlotAt).toBeUndefined();
	});

	test('a line that is closed until later', () => {
		const availableAt = '2026-11-22T12:00:00.000Z';
		expect(allowanceOf(usage({ availableAt }), LINE, NOW)).toMatchObject({ allowed: false, nextSlotAt: availableAt });
		expect(allowanceOf(usage({ availableAt: '2026-11-22T09:00:00.000Z' }), LINE, NOW).allowed).toBe(true);
	});

	test('a slot that has opened since the sample is open', () => {
		const hourly = { ...HOURLY, remaining: 0 };
		const later = Date.parse(HOURLY.nextSlotAt) + 1;
		expect(allowanceOf(usage({ hourly }), LINE, later).allowed).toBe(true);
	});

	test('no limits, or no figures for the line: allowed, and not limited', () => {
		const unlimited = usage({ hourly: { remaining: 0 } }, false);
		expect(allowanceOf(unlimited, LINE, NOW)).toEqual({ allowed: true });
		expect(allowanceOf(usage(), '+15550100002', NOW)).toEqual({ allowed: true });
		expect(allowanceOf({ enabled: true, lines: [{ phone: LINE }] }, LINE, NOW).allowed).toBe(true);
		const isLimited = (figures: LinesUsage, line: string) => new LineAllowance(figures, () => NOW).isLimited(line);
		expect([isLimited(unlimited, LINE), isLimited(usage(), '+15550100002'), isLimited(usage(), LINE)]).toEqual([
			false,
			false,
			true,
		]);
	});

	test('a person is new again after as many days as Sendblue says', () => {
		const days = (newContactLookbackDays?: number) =>
			new LineAllowance(usage({ newContactLookbackDays }), () => NOW).lookbackDays(LINE);
		expect([days(7), days(), days(0)]).toEqual([7, 30, 30]);
	});
});

describe('LineAllowance', () => {
	test('counts down what this execution uses, each number once', () => {
		const allowance = new LineAllowance(usage({ hourly: { ...HOURLY, remaining: 2 } }), () => NOW);
		allowance.take(LINE, '+15551110001');
		allowance.take(LINE, '+15551110001');
		expect(allowance.check(LINE, '+15551110002')).toMatchObject({ allowed: true, remaining: 1 });
		allowance.take(LINE, '+15551110002');
		expect(allowance.check(LINE, '+15551110003')).toMatchObject({ allowed: false, nextSlotAt: HOURLY.nextSlotAt });
		expect(allowance.check(LINE, '+15551110002').allowed).toBe(true);
		expect(allowance.check('+15550100002', '+15551110003').allowed).toBe(true);
	});
});

test('a contact met by two messages stays met when one of them is taken back', () => {
	const allowance = new LineAllowance(usage({ hourly: { ...HOURLY, remaining: 1 } }), () => NOW);
	allowance.take(LINE, '+15551110001');
	allowance.take(LINE, '+15551110001');
	allowance.giveBack(LINE, '+15551110001');
	expect(allowance.check(LINE, '+15551110002').allowed).toBe(false);
	allowance.giveBack(LINE, '+15551110001');
	expect(allowance.check(LINE, '+15551110002').allowed).toBe(true);
});

describe('isNewContact', () => {
	const ask = async (data: unknown[], days?: number) => {
		const { client, time, transport } = scriptedClient([{ body: { data } }]);
		const result = await time.run(isNewContact(client, LINE, '+15551234567', days));
		return { result, query: transport.requests[0].query };
	};

	test('no message with this line within the time looked back', async () => {
		const { result, query } = await ask([{ from_number: '+15550100002', to_number: '+15551234567' }], 7);
		expect(result).toBe(true);
		expect(query).toMatchObject({ number: '+15551234567', created_at_gte: '2026-11-15T10:00:00.000Z' });
	});

	test.each([
		[{ from_number: LINE }],
		[{ sendblue_number: LINE }],
		[{ to_number: LINE }],
		[{ to_number: ['+15550000000', LINE] }],
	])('a message like %j makes it none', async (message) => {
		expect((await ask([message])).result).toBe(false);
	});
});
