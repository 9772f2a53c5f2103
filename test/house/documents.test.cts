/** What the pages say of the source is so: their links lead somewhere, and the files they name are there. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DEFAULT_TIMINGS } from '../../nodes/Sendblue/sendblue/http/time';
import { DEFAULT_BITRATE } from '../../nodes/Sendblue/voiceNote/limits';

const ROOT = resolve(__dirname, '../..');
const PLACES = ['', 'nodes/Sendblue', 'nodes/Sendblue/voiceNote', 'nodes/Sendblue/sending'];

const pagesIn = (folder: string): string[] =>
	readdirSync(join(ROOT, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join(folder, name));
const PAGES = [
	...pagesIn(''),
	...pagesIn('docs'),
	...pagesIn('docs/decisions'),
	...pagesIn('bench'),
	...pagesIn('examples'),
	'nodes/Sendblue/sending/README.md',
];

const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

describe.each(PAGES)('%s', (page) => {
	it('links to files that are there', () => {
		const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
			([, link]) => link,
		);
		const lost = links.filter((link) => !existsSync(join(ROOT, dirname(page), decodeURI(link))));
		expect(lost).toEqual([]);
	});
});

it('CONTRIBUTING.md names files that are there', () => {
	const names =
		textOf('CONTRIBUTING.md').match(/(?<![\w<>/.*-])(?:[\w.-]+\/)+[\w.-]*\w(?:\.[cm]?[jt]s)(?![\w…])/g) ?? [];
	const folders = textOf('CONTRIBUTING.md').match(/(?<=`)(?:[\w.-]+\/)+(?=`)/g) ?? [];
	const isThere = (name: string): boolean => PLACES.some((place) => existsSync(join(ROOT, place, name)));
	const inTest = (name: string): boolean =>
		existsSync(join(ROOT, 'test', name)) && statSync(join(ROOT, 'test', name)).isDirectory();
	expect(names.length).toBeGreaterThan(15);
	expect([
		...names.filter((name) => !isThere(name)),
		...folders.filter((name) => !isThere(name) && !inTest(name)),
	]).toEqual([]);
});

it('the page on formats names the bitrate that is used', () => {
	expect(textOf('docs/formats.md')).toContain(`audio is encoded at ${DEFAULT_BITRATE} kb/s`);
});

it('the page on sending names how long a lost message is looked for', () => {
	expect(textOf('docs/sending.md')).toContain(`for up to ${DEFAULT_TIMINGS.lookUpFor / 1_000} seconds`);
	expect(textOf('docs/sending.md')).toContain(
		`does not show the message within ${DEFAULT_TIMINGS.refusalPause / 1_000} seconds`,
	);
});

it('the README names every operation', () => {
	const actions = 'nodes/Sendblue/actions';
	const sources = readdirSync(join(ROOT, actions), { recursive: true })
		.map(String)
		.filter((file) => file.endsWith('.ts'));
	const names = sources.flatMap((file) =>
		[...textOf(join(actions, file)).matchAll(/name: '([^']+)',\s+value: '\w+',\s+action:/g)].map(([, name]) => name),
	);
	expect(names.length).toBeGreaterThan(20);
	const table = textOf('README.md').split('## Operations')[1].split('\n\n')[1];
	expect(names.filter((name) => !table.includes(name))).toEqual([]);
});
