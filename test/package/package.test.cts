/**
 * The package as it is published: what `npm pack` gives, alone in a folder with nothing but n8n-workflow.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// It measures, and the machine may be busy with other things at that moment.
jest.retryTimes(2);

const ROOT = path.resolve(__dirname, '../..');
/** Loading is measured this often and the best counts, as the machine may be busy with other things. */
const LOAD_TRIES = 15;
const MAX_LOAD_MS = 15;

let folder: string;
let packed: string;

beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'package-'));
	execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, stdio: 'ignore' });
	const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
	execFileSync('tar', ['-xzf', path.join(folder, String(tarball)), '-C', folder]);
	packed = path.join(folder, 'package');
	mkdirSync(path.join(packed, 'node_modules'));
	symlinkSync(path.join(ROOT, 'node_modules/n8n-workflow'), path.join(packed, 'node_modules/n8n-workflow'));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script in a process of its own, in the unpacked package, and returns what it prints as JSON. */
function runInPackage(script: string, nodeOptions: string[] = []): unknown {
	return JSON.parse(execFileSync(process.execPath, [...nodeOptions, '-e', script], { cwd: packed, encoding: 'utf8' }));
}

test('converts an MP3 with nothing beside it but n8n-workflow', () => {
	const info = runInPackage(`
		const { toVoiceNote } = require('./dist/nodes/Sendblue/voiceNote');
		const mp3 = require('fs').readFileSync(${JSON.stringify(path.join(ROOT, 'demo/hello.mp3'))});
		toVoiceNote(mp3).then(({ info }) => console.log(JSON.stringify(info)));
	`);
	expect(info).toMatchObject({ method: 'encoded', sourceFormat: 'mp3', sampleRate: 24_000, channels: 1 });
	expect((info as { durationSeconds: number }).durationSeconds).toBeGreaterThan(4);
});

// A module that cannot be compiled would be taken for one that the processor lacks instructions for.
test('both builds of libopus are whole', () => {
	const valid = runInPackage(`
		const { libopusModule } = require('./dist/nodes/Sendblue/voiceNote/vendor/libopus.js');
		const { scalarLibopusModule } = require('./dist/nodes/Sendblue/voiceNote/vendor/scalarLibopus.js');
		const isWhole = (module) => WebAssembly.validate(module) && WebAssembly.Module.imports(new WebAssembly.Module(module)).length === 0;
		console.log(JSON.stringify([libopusModule, scalarLibopusModule].map(isWhole)));
	`);
	expect(valid).toEqual([true, true]);
});

// Virtual machines often show fewer instructions than their processor has.
test('converts alike on a processor without vector instructions', () => {
	const script = `
		const { toVoiceNote } = require('./dist/nodes/Sendblue/voiceNote');
		const mp3 = require('fs').readFileSync(${JSON.stringify(path.join(ROOT, 'demo/hello.mp3'))});
		const vectors = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
		const hasVectors = WebAssembly.validate(Uint8Array.from(vectors));
		toVoiceNote(mp3).then(({ bytes, info }) => console.log(JSON.stringify({ hasVectors, bytes: bytes.length, ...info })));
	`;
	interface Outcome {
		hasVectors: boolean;
		bytes: number;
		durationSeconds: number;
	}
	const usual = runInPackage(script) as Outcome;
	const scalar = runInPackage(script, ['--no-enable-sse4-1', '--no-enable-ssse3']) as Outcome;
	expect(usual.hasVectors).toBe(true);
	// Only x86 processors have generations without them.
	expect(scalar.hasVectors).toBe(process.arch !== 'x64');
	expect(scalar.durationSeconds).toBe(usual.durationSeconds);
	expect(scalar.bytes / usual.bytes).toBeCloseTo(1, 2);
});

test('answers promptly although nothing else keeps the process awake', () => {
	// Asynchronous WebAssembly calls can hang for good on Node 20 when the event loop is otherwise idle.
	const script = `
		const { toVoiceNote } = require('./dist/nodes/Sendblue/voiceNote');
		const mp3 = require('fs').readFileSync(${JSON.stringify(path.join(ROOT, 'demo/hello.mp3'))});
		(async () => {
			for (let round = 0; round < 3; round++) await toVoiceNote(mp3);
			console.log('"done"');
		})();
	`;
	for (let process = 0; process < 4; process++) expect(runInPackage(script)).toBe('done');
}, 60_000);

describe.each([
	['Sendblue', ['voiceNote/limits.js']],
	['SendblueTrigger', []],
])('the node %s', (name, beside) => {
	const file = `./dist/nodes/Sendblue/${name}.node.js`;

	test('loads no codec and nothing else that is not needed yet', () => {
		const loaded = runInPackage(`
			require('n8n-workflow');
			require('${file}');
			console.log(JSON.stringify(Object.keys(require.cache)));
		`) as string[];
		const ours = loaded.flatMap((each) => each.split(`${packed}/dist/nodes/Sendblue/`)[1] ?? []);
		expect(ours.sort()).toEqual([`${name}.node.js`, ...beside]);
	});

	test(`is loaded in under ${MAX_LOAD_MS} ms`, () => {
		const times = Array.from({ length: LOAD_TRIES }, () =>
			runInPackage(`
				require('n8n-workflow');
				const start = performance.now();
				require('${file}');
				console.log(JSON.stringify(performance.now() - start));
			`),
		) as number[];
		expect(Math.min(...times)).toBeLessThan(MAX_LOAD_MS);
	}, 60_000);
});
