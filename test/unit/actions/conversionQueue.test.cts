import { ConversionQueue } from '../../../nodes/Sendblue/actions/voiceNote/sharedConversions';

describe('a stopped execution', () => {
	it('begins none of the conversions that waited for the one under way', async () => {
		const stop = new AbortController();
		const queue = new ConversionQueue({ signal: stop.signal });
		const begun: string[] = [];
		const under = queue.run(async () => {
			begun.push('first');
			stop.abort();
			return [];
		});
		const waiting = queue.run(async () => {
			begun.push('second');
			return [];
		});

		await under;
		await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
		expect(begun).toEqual(['first']);
	});
});

describe('the end of an execution', () => {
	it('stops the conversion of an item that failed, waits for that, and begins no other', async () => {
		const queue = new ConversionQueue({});
		const begun: string[] = [];
		await new Promise<void>((isUnderWay) => {
			const first = queue.run(async (_core, { signal }) => {
				begun.push('first');
				isUnderWay();
				await new Promise((aborted) => signal?.addEventListener('abort', aborted));
				begun.push('stopped');
				return [];
			});
			first.catch(() => undefined);
		});
		const waiting = queue.run(async () => {
			begun.push('second');
			return [];
		});
		waiting.catch(() => undefined);

		await queue.end();

		await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
		await expect(queue.run(async () => [])).rejects.toMatchObject({ code: 'cancelled' });
		expect(begun).toEqual(['first', 'stopped']);
	});
});
