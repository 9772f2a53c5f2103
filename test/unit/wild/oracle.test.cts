import {
	FAULTS,
	Random,
	caf,
	decodeNote,
	hear,
	judge,
	makeCase,
	opusTrack,
	secondsIn,
	symbolsBetween,
	voiceSamples,
	voiceSeconds,
} from '../../wild/index.mjs';
import type { Expectation, Heard, Part, Result } from '../../wild/index.mjs';

const part = (voice: string, from = 0, to = voiceSeconds(voice)): Part => ({ voice, from, to, held: to - from });

/** A result in which these parts are heard. */
function heard(parts: Part[], more: Partial<Heard> = {}): Heard {
	const seconds = parts.reduce((sum, { from, to }) => sum + to - from, 0);
	const symbols = parts.flatMap(({ voice, from, to }) => (voice === undefined ? [] : symbolsBetween(voice, from, to)));
	return { seconds, decoded: seconds, symbols, noise: 0, silent: 0, hints: [], ...more };
}

const outcome = (expected: Partial<Expectation>, got: Result) =>
	judge({ contents: [[part('a'), part('b')]], ...expected }, got).outcome;

describe('what may come of a file', () => {
	const all = [part('a'), part('b')];
	const first = [part('a')];

	it('is all of it, without a remark', () => {
		expect(outcome({}, heard(all))).toBe('all');
		expect(outcome({}, heard(all, { hints: ['The file is cut short.'] }))).toBe('forbidden');
		expect(outcome({ mayRemark: true }, heard(all, { hints: ['Damaged.'] }))).toBe('all');
		expect(outcome({ mustRemark: true }, heard(all))).toBe('forbidden');
	});

	it('is less only with a remark that says how many seconds', () => {
		expect(outcome({}, heard(first))).toBe('forbidden');
		expect(outcome({}, heard(first, { hints: ['The rest was left out.'] }))).toBe('forbidden');
		expect(outcome({}, heard(first, { hints: ['1.6 seconds were left out.'] }))).toBe('less, said');
		expect(outcome({}, heard(first, { hints: ['1.7 s were left out.'] }))).toBe('less, said');
		expect(outcome({}, heard(first, { hints: ['2.4 s were left out.'] }))).toBe('forbidden');
		expect(outcome({}, heard(first, { hints: ['One part of 0.9 s, and another of 0.7 s, were left out.'] }))).toBe(
			'less, said',
		);
	});

	it('is not more, twice, in another order, or noise', () => {
		expect(outcome({}, heard([...all, part('c')]))).toBe('forbidden');
		expect(outcome({}, heard([part('a'), part('a', 1), part('b')]))).toBe('forbidden');
		expect(outcome({}, heard([part('b'), part('a')]))).toBe('forbidden');
		expect(outcome({}, heard([part('a'), part('a', 0, 1.6)]))).toBe('forbidden');
		expect(outcome({}, heard(all, { noise: 0.6 }))).toBe('forbidden');
		expect(outcome({}, heard(all, { seconds: 4.6, decoded: 4.6 }))).toBe('forbidden');
		expect(outcome({}, heard(all, { decoded: 2 }))).toBe('forbidden');
	});

	it('may be one of several contents', () => {
		const contents = [all, [part('b')]];
		expect(outcome({ contents }, heard([part('b')]))).toBe('all');
		expect(outcome({ contents }, heard([part('c')]))).toBe('forbidden');
	});

	it('is what stands in front of a cut, with any remark', () => {
		expect(outcome({ cut: true }, heard(first, { hints: ['The file ends early.'] }))).toBe('forbidden');
		expect(outcome({ cut: true, unit: 2 }, heard(first, { hints: ['The file ends early.'] }))).toBe('less, said');
	});

	it('is an error only with a hint, in the right words, and if the file is not sound', () => {
		const error = { typed: true, message: 'The audio is damaged', hint: 'Export it again.' };
		expect(outcome({}, { error })).toBe('refused');
		expect(outcome({ readable: true }, { error })).toBe('forbidden');
		expect(outcome({}, { error: { ...error, hint: undefined } })).toBe('forbidden');
		expect(outcome({}, { error: { ...error, typed: false } })).toBe('forbidden');
		expect(outcome({ refuse: /text/ }, { error })).toBe('forbidden');
		expect(outcome({ refuse: /damaged/ }, { error })).toBe('refused');
		expect(outcome({ errorWords: /text/ }, { error })).toBe('forbidden');
		expect(outcome({ refuse: /damaged/ }, heard(all))).toBe('forbidden');
	});
});

test('remarks are searched for durations', () => {
	expect(secondsIn(['2.5 seconds of 8 s'])).toEqual([2.5, 8, 10.5]);
	expect(secondsIn(['The last 300 ms'])).toEqual([0.3]);
	expect(secondsIn(['A part of 1 minute is missing'])).toEqual([60]);
	expect(secondsIn(['Track 2 of 3 was left out'])).toEqual([]);
});

describe('listening', () => {
	const RATE = 8_000;
	const sound = (voice: string) => voiceSamples(voice, RATE);

	it('hears every voice, and knows where in it', async () => {
		for (const voice of ['a', 'b', 'c']) {
			const { symbols, noise, silent } = hear(await decodeNote(caf(await opusTrack(voice))));
			expect(symbols).toEqual(symbolsBetween(voice, 0, voiceSeconds(voice)));
			expect({ noise, silent }).toEqual({ noise: 0, silent: 0 });
		}
	});

	it('hears what is left out and what is repeated', () => {
		const cut = Float32Array.from([...sound('a').subarray(0, RATE), ...sound('a').subarray(0.5 * RATE, 1.5 * RATE)]);
		expect(hear(cut).symbols).toEqual([...symbolsBetween('a', 0, 1), ...symbolsBetween('a', 0.5, 1.5)]);
	});

	it('takes another speed, and noise, for noise', () => {
		const faster = sound('a').filter((_, index) => index % 3 < 2);
		expect(hear(faster).noise).toBeGreaterThan(1);
		const random = new Random(1);
		const hiss = Float32Array.from({ length: 2 * RATE }, () => random.next() - 0.5);
		expect(hear(hiss).noise).toBeGreaterThan(1.5);
		expect(hear(new Float32Array(RATE)).silent).toBeGreaterThan(0.9);
	});
});

describe('the generator', () => {
	it('makes the same file of the same seed, and another of another', async () => {
		for (const number of [0, 7, 30, 400]) {
			const [first, again, other] = [await makeCase(1, number), await makeCase(1, number), await makeCase(2, number)];
			expect(first.bytes.equals(again.bytes)).toBe(true);
			expect(first.expected).toEqual(again.expected);
			if (number === 7) expect(first.bytes.equals(other.bytes)).toBe(false);
		}
	});

	it('makes a file, and knows what to expect of it, for every kind', async () => {
		const kinds = [...new Set(FAULTS.map(({ kind }) => kind))];
		const seconds = [];
		for (const kind of kinds) {
			const { bytes, expected } = await makeCase(
				3,
				FAULTS.findIndex((fault) => fault.kind === kind),
			);
			expect(Buffer.isBuffer(bytes)).toBe(true);
			seconds.push(...expected.contents.flat().flatMap(({ from, to, held }) => [to - from, held]));
		}
		expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0);
		expect(kinds.length).toBeGreaterThan(40);
	});
});
