import { readPages } from '../../../nodes/Sendblue/sendblue/resources/paging';

/** Reads a list of numbers as a server would give it, and notes the pages asked for. */
async function read(list: number[], limit?: number, mostPerPage = Number.POSITIVE_INFINITY) {
	const pages: Array<{ limit: number; offset: number }> = [];
	const entries = await readPages<number>({
		limit,
		pageSize: 10,
		keyOf: String,
		readPage: async (page) => {
			pages.push(page);
			const found = list.slice(page.offset, page.offset + Math.min(page.limit, mostPerPage));
			return { entries: found, hasMore: page.offset + found.length < list.length };
		},
	});
	return { entries, pages };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('lists in pages', () => {
	it('are read to the end', async () => {
		const { entries, pages } = await read(numbers(25));

		expect(entries).toEqual(numbers(25));
		expect(pages).toEqual([0, 10, 20].map((offset) => ({ limit: 10, offset })));
	});

	it('are read no further than wanted', async () => {
		const { entries, pages } = await read(numbers(25), 12);

		expect(entries).toEqual(numbers(12));
		expect(pages).toEqual([
			{ limit: 10, offset: 0 },
			{ limit: 2, offset: 10 },
		]);
	});

	it('go on from what came if the server gives less than asked for', async () => {
		expect((await read(numbers(9), undefined, 4)).pages.map(({ offset }) => offset)).toEqual([0, 4, 8]);
	});

	it('hold an entry once that moved to the next page meanwhile', async () => {
		const { entries } = await read([...numbers(10), 9, 10, 11], 12);

		expect(entries).toEqual(numbers(12));
	});

	it('hold no more than wanted if the server ignores the limit', async () => {
		const readPage = async () => ({ entries: numbers(50), hasMore: true });

		expect(await readPages<number>({ limit: 10, pageSize: 10, keyOf: String, readPage })).toEqual(numbers(10));
	});

	it('end if a server gives the same page again and again', async () => {
		const readPage = jest.fn(async () => ({ entries: numbers(10), hasMore: true }));

		expect(await readPages<number>({ pageSize: 10, keyOf: String, readPage })).toEqual(numbers(10));
		expect(readPage).toHaveBeenCalledTimes(2);
	});

	it('end if a server promises more and gives nothing', async () => {
		const readPage = jest.fn(async () => ({ entries: [], hasMore: true }));

		expect(await readPages<number>({ pageSize: 10, keyOf: String, readPage })).toEqual([]);
		expect(readPage).toHaveBeenCalledTimes(1);
	});
});
