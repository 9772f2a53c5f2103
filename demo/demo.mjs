#!/usr/bin/env node
/**
 * `npm run demo`: sends a voice note through a real workflow in n8n's own engine, against a local Sendblue. With your
 * keys in SENDBLUE_API_KEY_ID and SENDBLUE_API_SECRET_KEY, and with --from and --to, it is sent for real.
 */
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FOLDER = path.dirname(fileURLToPath(import.meta.url));
const OUTPUT_FOLDER = path.resolve(FOLDER, '../demo-output');
const require = createRequire(import.meta.url);

const USAGE = `npm run demo                                   sends demo/hello.mp3 to a local Sendblue
npm run demo -- path/to/audio                  the same with your audio
SENDBLUE_API_KEY_ID=… SENDBLUE_API_SECRET_KEY=… npm run demo -- [path] --from +1… --to +1…
                                               sends it for real`;

const { values: options, positionals } = commandLine();

function commandLine() {
	try {
		const parsed = parseArgs({
			allowPositionals: true,
			options: { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
		});
		if (parsed.positionals.length > 1) throw new Error('Name one audio file at a time.');
		return parsed;
	} catch (failure) {
		console.error(`${failure.message}\n\n${USAGE}`);
		process.exit(1);
	}
}

const begun = performance.now();
let lastStep = begun;

/** Prints a step that is done, with the time it took. */
function step(text) {
	const now = performance.now();
	console.log(`${`${Math.round(now - lastStep)} ms`.padStart(9)}  ${text}`);
	lastStep = now;
}

/** The account to send with: one's own if everything for it is given, else the local one. */
async function account() {
	const { SENDBLUE_API_KEY_ID: apiKeyId, SENDBLUE_API_SECRET_KEY: apiSecretKey } = process.env;
	if (options.from || options.to) {
		if (!apiKeyId || !apiSecretKey || !options.from || !options.to) {
			throw new Error(
				'Not sent. To send for real, give all four: SENDBLUE_API_KEY_ID, SENDBLUE_API_SECRET_KEY, --from and --to.\n' +
					'Leave out --from and --to to use the local Sendblue.',
			);
		}
		const credential = { apiKeyId, apiSecretKey, baseUrl: 'https://api.sendblue.com' };
		return { credential, from: options.from, to: options.to, real: true, requests: () => [], close: async () => {} };
	}
	if (apiKeyId) console.log('Your keys are not used: there is no --from and --to.\n');
	const { startSandbox, SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, LINES } = require('../test/sandbox/index.cjs');
	const sandbox = await startSandbox();
	const credential = { apiKeyId: SANDBOX_KEY_ID, apiSecretKey: SANDBOX_SECRET_KEY, baseUrl: sandbox.url };
	return {
		credential,
		from: LINES[0],
		to: '+14155550123',
		real: false,
		requests: () => sandbox.requests(),
		close: () => sandbox.close(),
	};
}

function sendNode(engine, { from, to }) {
	return {
		name: 'Sendblue',
		type: engine.typeOf('sendblue'),
		parameters: {
			resource: 'voiceNote',
			operation: 'send',
			from: { __rl: true, mode: 'number', value: from },
			to,
			options: { includeCaf: true },
		},
	};
}

async function main() {
	if (options.help) return console.log(USAGE);
	// npm starts the demo in the project's folder, wherever it was called.
	const file = positionals[0]
		? path.resolve(process.env.INIT_CWD ?? '', positionals[0])
		: path.join(FOLDER, 'hello.mp3');
	if (!existsSync(file)) throw new Error(`No such file: ${file}`);
	if (statSync(file).isDirectory()) throw new Error(`${file} is a folder; name an audio file.`);
	const bytes = readFileSync(file);
	console.log(
		`\n  ${path.basename(file)} (${bytes.length.toLocaleString('en')} bytes)  →  n8n workflow  →  Apple voice note  →  Sendblue\n`,
	);

	// What an earlier run wrote would be taken for the result of this one, should it fail.
	removeEarlierOutput(file);
	const target = await account();
	step(target.real ? 'Using your Sendblue account' : 'Started a local Sendblue (nothing leaves this machine)');
	const { startEngine } = require('../test/engine/support/engine.cjs');
	const engine = await startEngine();
	step(`Loaded n8n's engine ${engine.version} with the package ${engine.loader.packageName}`);
	try {
		const run = await engine.run({
			items: [{ json: {}, files: { data: { bytes, fileName: path.basename(file) } } }],
			nodes: [sendNode(engine, target)],
			credentials: { sendblueApi: target.credential },
		});
		step(run.error ? 'The workflow stopped' : 'Ran the workflow: audio → Send Voice Note');
		for (const { method, path: route, status } of target.requests())
			console.log(`${''.padStart(11)}${method} ${route} → ${status}`);
		if (run.error) throw new Error(`${run.error.message}\n${run.error.description ?? ''}`);
		await show(engine, run.items('Sendblue')[0]);
	} finally {
		await target.close();
		await engine.stop();
	}
	console.log(`\nDone in ${((performance.now() - begun) / 1_000).toFixed(1)} s.`);
}

/** Removes the voice notes of earlier runs, but not the file to be sent. */
function removeEarlierOutput(file) {
	mkdirSync(OUTPUT_FOLDER, { recursive: true });
	const notes = readdirSync(OUTPUT_FOLDER).filter((name) => name.endsWith('.caf'));
	const paths = notes.map((name) => path.join(OUTPUT_FOLDER, name)).filter((note) => note !== file);
	for (const note of paths) rmSync(note);
}

async function show(engine, item) {
	const { voiceNote, ...response } = item.json;
	console.log("\nSendblue's response:");
	console.log(JSON.stringify(response, null, 2).replace(/^/gm, '  '));
	console.log(`  ${response.status}: Sendblue accepted the message; whether it is delivered, a later status tells.`);
	console.log(
		`\nThe voice note: ${voiceNote.durationSeconds.toFixed(2)} s, ${voiceNote.bytes.toLocaleString('en')} bytes, ` +
			`${voiceNote.method} from ${voiceNote.sourceFormat}, Opus ${voiceNote.sampleRate / 1_000} kHz mono, ${voiceNote.packets} packets`,
	);
	for (const remark of voiceNote.remarks ?? []) console.log(`Remark: ${remark}`);
	const caf = path.join(OUTPUT_FOLDER, voiceNote.fileName);
	writeFileSync(caf, await engine.readBinary(item.binary.data));
	console.log(`Written to ${path.relative(process.cwd(), caf)} (on a Mac QuickTime plays it, elsewhere ffplay)`);
}

await main().catch((failure) => {
	console.error(`\n${failure.message}`);
	process.exitCode = 1;
});
