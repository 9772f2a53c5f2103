/** What is heard of a file, and what the user is told of it, is decided in one place: readers hand on facts and claims. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const VOICE_NOTE = join(__dirname, '../../nodes/Sendblue/voiceNote');

/** All sources of a room, by their paths. */
function sourcesOf(room: string): Array<[string, string]> {
	return readdirSync(join(VOICE_NOTE, room), { recursive: true })
		.map(String)
		.filter((file) => file.endsWith('.ts'))
		.map((file) => [join(room, file), readFileSync(join(VOICE_NOTE, room, file), 'utf8')]);
}

const readers = [...sourcesOf('containers'), ...sourcesOf('codecs')];
const pipeline = sourcesOf('pipeline');
const filesWith = (sources: Array<[string, string]>, pattern: RegExp): string[] =>
	sources.filter(([, source]) => pattern.test(source)).map(([file]) => file);

test('only reconcile.ts trims', () => {
	expect(filesWith([...readers, ...pipeline], /\bfrom '.*\/trimFrames'/)).toEqual(['pipeline/reconcile.ts']);
	expect(filesWith(readers, /\b(trimFrames|pickFrames)\(/)).toEqual([]);
});

test('only remarks.ts makes sentences of findings', () => {
	expect(filesWith([...readers, ...pipeline], /\bwas(?: not)? converted\b/)).toEqual(['pipeline/remarks.ts']);
	expect(filesWith(readers, /\bRemarks\b.*from '.*pipeline/)).toEqual([]);
});

test('the kinds of findings are what readers report', () => {
	const kinds = [...readFileSync(join(VOICE_NOTE, 'containers/track.ts'), 'utf8').matchAll(/\| \{ kind: '(\w+)'/g)];
	expect(kinds.length).toBeGreaterThan(5);
	const reported = [...readers, ...pipeline].filter(([file]) => !/track\.ts|remarks\.ts/.test(file));
	for (const [, kind] of kinds) expect(filesWith(reported, new RegExp(`kind: '${kind}'`))).not.toEqual([]);
});
