/** What `npm run n8n` says while it prepares: all that lies ahead, which step it is at, and that it moves. */
import { Writable } from 'node:stream';

interface Work {
	title: string;
	cost: string;
	minutes: [number, number];
	gigabytes?: number;
	isOnce?: boolean;
}
interface State {
	text: string;
	part?: number;
}
const { announce, step } = require('../../server/lab/progress.mjs') as {
	announce(works: Work[], options: { keptIn: string; out: Writable }): void;
	step<T>(title: string, work: (show: (state: State) => void) => Promise<T>, out: Writable): Promise<T>;
};
const { countPackages } = require('../../server/lab/npmProgress.mjs') as {
	countPackages(total: number | undefined, show: (state: State) => void): (text: string) => void;
};

/** Takes what is written. */
function screen(isTTY: boolean): { out: Writable; text: () => string } {
	let text = '';
	const out = new Writable({
		write(chunk, _encoding, done) {
			text += String(chunk);
			done();
		},
	});
	return { out: Object.assign(out, { isTTY, columns: 80 }), text: () => text };
}

const WORKS: Work[] = [
	{ title: 'Downloading n8n', cost: '390 MB, 3 to 8 minutes', minutes: [3, 8], gigabytes: 2.9, isOnce: true },
	{ title: 'Building the package', cost: 'half a minute', minutes: [0.3, 1] },
];

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('tells all that lies ahead, how large it is and how long it takes', () => {
	const { out, text } = screen(false);
	announce(WORKS, { keptIn: '.cache/n8n-lab', out });
	expect(text()).toBe(
		[
			'2 steps, 4 to 9 minutes:',
			'  1  Downloading n8n       390 MB, 3 to 8 minutes, once',
			'  2  Building the package  half a minute',
			'It takes 2.9 GB in .cache/n8n-lab, which can be removed at any time.',
			'',
			'',
		].join('\n'),
	);
});

it('tells nothing of the disk where nothing is kept', () => {
	const { out, text } = screen(false);
	announce([{ title: 'Starting n8n', cost: 'about 15 seconds', minutes: [0.2, 0.5] }], { keptIn: 'x', out });
	expect(text()).toBe('One step, less than a minute:\n  1  Starting n8n  about 15 seconds\n\n');
});

it('numbers the steps that were announced, and says in a log how far each is', async () => {
	const { out, text } = screen(false);
	announce(WORKS, { keptIn: 'x', out: screen(false).out });
	const done = step(
		'Building the package',
		async (show) => {
			show({ text: '5 of 10 packages', part: 0.5 });
			await jest.advanceTimersByTimeAsync(45_000);
			return 'built';
		},
		out,
	);
	expect(await done).toBe('built');
	expect(text()).toBe(
		[
			'Step 2 of 2: Building the package (half a minute) …',
			'  … ████████████░░░░░░░░░░░░  20.0 s  5 of 10 packages',
			'  … ████████████░░░░░░░░░░░░  40.0 s  5 of 10 packages',
			'  done in 45.0 s',
			'',
		].join('\n'),
	);
});

it('moves one line on a screen, and leaves none behind', async () => {
	const { out, text } = screen(true);
	await step('Something else', async () => void (await jest.advanceTimersByTimeAsync(600)), out);
	const lines = text().split('\r\u001b[2K');
	expect(lines).toEqual(['Something else …\n', '  ⠋ 0.3 s', '  ⠙ 0.5 s', '  done in 0.6 s\n']);
});

it('stops moving where the work fails', async () => {
	const { out, text } = screen(true);
	await expect(step('Something', async () => await Promise.reject(new Error('no network')), out)).rejects.toThrow();
	await jest.advanceTimersByTimeAsync(5_000);
	expect(text()).toBe('Something …\n\r\u001b[2K');
});

it('counts what npm looks up, downloads and unpacks', () => {
	const states: State[] = [];
	const read = countPackages(3, (state) => states.push(state));
	const fetched = (name: string): string =>
		`npm http fetch GET 200 https://registry.npmjs.org/${name} 33ms (cache updated)\n`;
	read(fetched('a') + fetched('b'));
	read('npm http cache a@https://registry.npmjs.org/a/-/a-1.0.0.tgz 0ms (ca');
	expect(states.at(-1)).toEqual({ text: '2 packages looked up' });
	read(`che hit)\n${fetched('b/-/b-2.0.0.tgz')}`);
	expect(states.at(-1)).toEqual({ text: '2 of 3 packages', part: 2 / 3 });
	read(fetched('c/-/c-2.0.0.tgz'));
	expect(states.at(-1)).toEqual({ text: '3 packages, being unpacked', part: 1 });
});
