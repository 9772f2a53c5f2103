import { Deadline } from '../../../nodes/Sendblue/n8n/exchange';

/** Timers that the test lets run out. */
let timers: Array<{ ms: number; end: () => void }> = [];

beforeEach(() => {
	timers = [];
	jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		const controller = new AbortController();
		timers.push({ ms, end: () => controller.abort() });
		return controller.signal;
	});
});
afterEach(() => jest.restoreAllMocks());

it('ends an exchange when its time is over', () => {
	const deadline = new Deadline(500);
	expect(timers.map(({ ms }) => ms)).toEqual([500]);
	timers[0]?.end();
	expect([deadline.signal.aborted, deadline.passed]).toEqual([true, true]);
});

it('waits for what was allowed meanwhile, and no longer', () => {
	const deadline = new Deadline(500);
	deadline.extend(20);
	deadline.extend(30);
	timers[0]?.end();
	expect([deadline.signal.aborted, timers[1]?.ms]).toEqual([false, 50]);
	deadline.extend(0.01);
	timers[1]?.end();
	expect(deadline.passed).toBe(true);
});

it('ends with the execution too, which is not the time', () => {
	const parent = new AbortController();
	const deadline = new Deadline(500, parent.signal);
	parent.abort();
	expect([deadline.signal.aborted, deadline.passed]).toEqual([true, false]);
	expect(new Deadline(500, parent.signal).signal.aborted).toBe(true);
});

it('does nothing any more once it is cleared', () => {
	const parent = new AbortController();
	const deadline = new Deadline(500, parent.signal);
	deadline.clear();
	timers[0]?.end();
	parent.abort();
	expect([deadline.signal.aborted, deadline.passed]).toEqual([false, false]);
});
