import { Limiter } from '../../../nodes/Sendblue/n8n/limiter';
import { PromiseCache } from '../../../nodes/Sendblue/sending/promiseCache';

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
