import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type ItemOutcome, Limiter, pause, runItems } from '../../../nodes/Sendblue/n8n/concurrency';
import { PromiseCache } from '../../../nodes/Sendblue/sending/promiseCache';

/** Keeps the thread, as a slice of a conversion does. */
function work(ms: number): void {
	const end = performance.now() + ms;
	while (performance.now() < end);
}

describe('pause', () => {
	test('lets timers and immediates have their turn', async () => {
		let timers = 0;
		let immediates = 0;
		const timer = setInterval(() => timers++, 1);
		setImmediate(() => immediates++);
		for (let slice = 0; slice < 20; slice++) {
			work(2);
			await pause();
		}
		clearInterval(timer);
		expect(timers).toBeGreaterThan(10);
		expect(immediates).toBe(1);
	});

	test('lets the network have its turn', async () => {
		const server = createServer((_, response) => response.end('answered'));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		let answer = '';
		const request = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
			.then((response) => response.text())
			.then((text) => (answer = text));
		for (let slice = 0; slice < 2_000 && answer === ''; slice++) {
			work(1);
			await pause();
		}
		expect(answer).toBe('answered');
		await request;
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
});

const tick = async () => await new Promise<void>((resolve) => setImmediate(resolve));

describe('Limiter', () => {
	it('serves first come, first served, and never more than its slots', async () => {
		const limiter = new Limiter(2);
		const order: number[] = [];
		let running = 0;
		let most = 0;
		await Promise.all(
			[0, 1, 2, 3, 4].map(
				async (index) =>
					await limiter.run(async () => {
						order.push(index);
						most = Math.max(most, ++running);
						await tick();
						running--;
					}),
			),
		);

		expect(order).toEqual([0, 1, 2, 3, 4]);
		expect(most).toBe(2);
	});

	it('gives the slot back when the task fails', async () => {
		const limiter = new Limiter(1);
		await expect(limiter.run(async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');

		await expect(limiter.run(async () => 1)).resolves.toBe(1);
	});

	it('gives a slot back once, however often it is released', async () => {
		const limiter = new Limiter(1);
		const release = await limiter.acquire();
		release();
		release();
		await limiter.acquire();
		let got = false;
		void limiter.acquire().then(() => {
			got = true;
		});
		await tick();

		expect(got).toBe(false);
	});
});

describe('PromiseCache', () => {
	it('does the same work once, even at the same time', async () => {
		const cache = new PromiseCache<number>();
		let calls = 0;
		const create = async () => {
			await tick();
			return ++calls;
		};

		expect(await Promise.all([cache.get('a', create), cache.get('a', create)])).toEqual([1, 1]);
		expect(await cache.get('a', create)).toBe(1);
		expect(await cache.get('b', create)).toBe(2);
	});

	it('forgets work that failed', async () => {
		const cache = new PromiseCache<number>();
		await expect(cache.get('a', async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');

		expect(cache.has('a')).toBe(false);
		expect(await cache.get('a', async () => 7)).toBe(7);
	});
});

const kinds = <T,>(outcomes: Array<ItemOutcome<T>>) => outcomes.map(({ kind }) => kind);

describe('runItems', () => {
	it('returns outcomes in order, whichever item is done first', async () => {
		const outcomes = await runItems(4, { stopAfterFailure: true }, async (index) => {
			for (let waited = index; waited < 4; waited++) await tick();
			return index * 10;
		});

		expect(outcomes).toEqual([0, 10, 20, 30].map((value) => ({ kind: 'done', value })));
	});

	it('works on no more items at once than it is told to', async () => {
		let running = 0;
		let most = 0;
		await runItems(20, { inFlight: 3, stopAfterFailure: true }, async () => {
			most = Math.max(most, ++running);
			await tick();
			running--;
		});

		expect(most).toBe(3);
	});

	it('starts nothing after a failure, and lets earlier and committed items settle', async () => {
		const started: number[] = [];
		const committed: number[] = [];
		const outcomes = await runItems(10, { inFlight: 4, stopAfterFailure: true }, async (index, checkpoint) => {
			started.push(index);
			if (index === 1) throw new Error('no');
			if (index !== 3) await tick();
			checkpoint();
			committed.push(index);
			await tick();
		});

		// Item 3 had passed its checkpoint before item 1 failed; item 2 had not, and item 0 comes before it.
		expect(kinds(outcomes).slice(0, 4)).toEqual(['done', 'failed', 'stopped', 'done']);
		expect(kinds(outcomes).slice(4)).toEqual(Array(6).fill('stopped'));
		expect(started).toEqual([0, 1, 2, 3]);
		expect(committed).toEqual([3, 0]);
	});

	it('goes on after a failure if it is told to', async () => {
		const outcomes = await runItems(4, { inFlight: 2, stopAfterFailure: false }, async (index, checkpoint) => {
			if (index === 0) throw new Error('no');
			checkpoint();
		});

		expect(kinds(outcomes)).toEqual(['failed', 'done', 'done', 'done']);
	});

	it('stops at the next checkpoint when it is aborted', async () => {
		const controller = new AbortController();
		const outcomes = await runItems(
			6,
			{ inFlight: 1, stopAfterFailure: false, signal: controller.signal },
			async (index, checkpoint) => {
				if (index === 2) controller.abort();
				await tick();
				checkpoint();
			},
		);

		expect(kinds(outcomes)).toEqual(['done', 'done', 'stopped', 'stopped', 'stopped', 'stopped']);
	});
});
