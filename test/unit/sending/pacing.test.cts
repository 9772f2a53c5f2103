import { LinePacer } from '../../../nodes/Sendblue/sending/pacing';

import { settle, VirtualTime } from '../../support/clock.cts';

function setUp(signal?: AbortSignal) {
	const time = new VirtualTime(0);
	const pacer = new LinePacer({ sleep: time.sleep, now: time.now, signal });
	const log: string[] = [];
	const task =
		(name: string, takesMs = 0) =>
		async () => {
			log.push(`${name}@${time.now()}`);
			if (takesMs > 0) await time.sleep(takesMs);
			return name;
		};
	return { time, pacer, log, task };
}

test('one message per second and line by default', async () => {
	const { time, pacer, log, task } = setUp();
	const tickets = ['a', 'b', 'c'].map((name) => ({ name, ticket: pacer.reserve('L') }));
	const results = await time.run(Promise.all(tickets.map(({ name, ticket }) => ticket.run(task(name)))));
	expect(results).toEqual(['a', 'b', 'c']);
	expect(log).toEqual(['a@0', 'b@1000', 'c@2000']);
});

test.each([
	[2, ['a@0', 'b@500']],
	[0.5, ['a@0', 'b@2000']],
	[0, ['a@0', 'b@0']],
])('%p per second', async (perSecond, expected) => {
	const { time, pacer, log, task } = setUp();
	await time.run(Promise.all(['a', 'b'].map((name) => pacer.reserve('L', perSecond).run(task(name)))));
	expect(log).toEqual(expected);
});

test('lines do not wait for one another', async () => {
	const { time, pacer, log, task } = setUp();
	const names = ['L1', 'L2', 'L1', 'L2'];
	await time.run(Promise.all(names.map((line) => pacer.reserve(line).run(task(line)))));
	expect(log).toEqual(['L1@0', 'L2@0', 'L1@1000', 'L2@1000']);
});

test('the order is that of reserving, not of being ready', async () => {
	const { time, pacer, log, task } = setUp();
	const first = pacer.reserve('L');
	const second = pacer.reserve('L');
	const runs = [second.run(task('second')), time.sleep(5000).then(async () => await first.run(task('first')))];
	await time.run(Promise.all(runs));
	expect(log).toEqual(['first@5000', 'second@6000']);
});

test('a task that takes long holds the line, and the spacing counts from its start', async () => {
	const { time, pacer, log, task } = setUp();
	await time.run(Promise.all([pacer.reserve('L').run(task('a', 2500)), pacer.reserve('L').run(task('b'))]));
	expect(log).toEqual(['a@0', 'b@2500']);
});

test('a task can let the next one start before it is done', async () => {
	const { time, pacer, log, task } = setUp();
	const long = pacer.reserve('L').run(async (next) => {
		log.push(`a@${time.now()}`);
		next();
		await time.sleep(30_000);
	});
	await time.run(pacer.reserve('L').run(task('b')));
	expect(log).toEqual(['a@0', 'b@1000']);
	await time.run(long);
});

test('a released ticket costs neither time nor order', async () => {
	const { time, pacer, log, task } = setUp();
	const [a, b, c] = ['a', 'b', 'c'].map(() => pacer.reserve('L'));
	const runs = [c.run(task('c')), a.run(task('a'))];
	b.release();
	b.release();
	await time.run(Promise.all(runs));
	expect(log).toEqual(['a@0', 'c@1000']);
});

test('a task that fails frees the line and still counts for the spacing', async () => {
	const { time, pacer, log, task } = setUp();
	const failing = pacer.reserve('L').run(async () => await Promise.reject(new Error('no')));
	const next = pacer.reserve('L').run(task('b'));
	await expect(time.run(failing)).rejects.toThrow('no');
	await time.run(next);
	expect(log).toEqual(['b@1000']);
});

test('an idle line starts at once', async () => {
	const { time, pacer, log, task } = setUp();
	await time.run(pacer.reserve('L').run(task('a')));
	await time.run(time.sleep(10_000));
	await time.run(pacer.reserve('L').run(task('b')));
	expect(log).toEqual(['a@0', 'b@10000']);
});

test('stopping frees every ticket at once and runs nothing', async () => {
	const abort = new AbortController();
	const { pacer, log, task } = setUp(abort.signal);
	const runs = ['a', 'b', 'c'].map((name) => pacer.reserve('L').run(task(name)));
	const settled = Promise.allSettled(runs);
	await settle();
	abort.abort();
	// No virtual time passes here.
	const [first, ...rest] = await settled;
	expect(first.status).toBe('fulfilled');
	for (const result of rest) expect(result).toMatchObject({ reason: { outcome: 'notSent', cancelled: true } });
	expect(log).toEqual(['a@0']);
});
