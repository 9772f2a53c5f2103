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
