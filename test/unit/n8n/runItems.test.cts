import { runItems, type ItemOutcome } from '../../../nodes/Sendblue/n8n/runItems';

const tick = async () => await new Promise<void>((resolve) => setImmediate(resolve));

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
