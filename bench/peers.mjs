/** The other ways to turn audio into Opus: ffmpeg's program, its usual wrapper, and its WebAssembly build. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { timed } from './measure.mjs';
import { CACHE } from './paths.mjs';

const require = createRequire(import.meta.url);
const SCRATCH = mkdtempSync(path.join(os.tmpdir(), 'sendblue-bench-'));
process.on('exit', () => rmSync(SCRATCH, { recursive: true, force: true }));

/** Sendblue's documented command, made to work: the encoder named, and Ogg, which every version can write. */
export const DOCUMENTED = ['-c:a', 'libopus', '-b:a', '24k'];
/** The same, tuned as we encode. */
export const TUNED = [...DOCUMENTED, '-ac', '1', '-ar', '24000', '-application', 'voip', '-rematrix_maxval', '1'];

const FFMPEG = process.env.FFMPEG_BIN || 'ffmpeg';
const commandLine = (file, settings, output) => [
	'-v',
	'error',
	'-y',
	'-i',
	file,
	'-vn',
	...settings,
	'-f',
	'ogg',
	output,
];

/** Version line of ffmpeg, or undefined if there is none. */
export function ffmpegVersion() {
	const { status, stdout } = spawnSync(FFMPEG, ['-version'], { encoding: 'utf8' });
	return status === 0 ? stdout.split('\n')[0].replace(/ Copyright.*/, '') : undefined;
}

/**
 * Runs ffmpeg, process start included. The shell around it, which costs about a millisecond, tells the CPU time.
 */
export function runFfmpeg(file, settings) {
	const output = path.join(SCRATCH, 'out.ogg');
	const before = performance.now();
	const { status, stdout, stderr } = spawnSync(
		'sh',
		['-c', '"$@"; code=$?; times; exit $code', 'sh', FFMPEG, ...commandLine(file, settings, output)],
		{ encoding: 'utf8' },
	);
	const wall = performance.now() - before;
	if (status !== 0) throw new Error(`ffmpeg failed: ${stderr}`);
	return { wall, cpu: childTime(stdout) };
}

/** The last line of `times`: user and system time of the shell's children, as in `0m1.250000s 0m0.030000s`. */
function childTime(text) {
	const [, ...parts] = /([\d.]+)m([\d.]+)s ([\d.]+)m([\d.]+)s\s*$/.exec(text).map(Number);
	return ((parts[0] + parts[2]) * 60 + parts[1] + parts[3]) * 1_000;
}

/** Starts ffmpeg and resolves at its end. */
export function startFfmpeg(file, settings, slot) {
	return new Promise((resolve, reject) => {
		const child = spawn(FFMPEG, commandLine(file, settings, path.join(SCRATCH, `out-${slot}.ogg`)), {
			stdio: 'ignore',
		});
		child.on('error', reject);
		child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`))));
	});
}

/** Bytes of what ffmpeg writes. */
export function ffmpegOutput(file, settings) {
	const { stdout, status } = spawnSync(FFMPEG, commandLine(file, settings, 'pipe:1'), { maxBuffer: 2 ** 28 });
	if (status !== 0) throw new Error('ffmpeg failed');
	return new Uint8Array(stdout);
}

/** fluent-ffmpeg as a node would call it: the audio in memory goes through files, in and out. */
export async function runFluentFfmpeg(bytes) {
	const ffmpeg = require('fluent-ffmpeg');
	const input = path.join(SCRATCH, 'fluent-in');
	const output = path.join(SCRATCH, 'fluent-out.ogg');
	const { wall } = await timed(async () => {
		writeFileSync(input, bytes);
		await new Promise((resolve, reject) => {
			ffmpeg(input)
				.setFfmpegPath(FFMPEG)
				.noVideo()
				.audioCodec('libopus')
				.audioBitrate('24k')
				.format('ogg')
				.on('end', resolve)
				.on('error', reject)
				.save(output);
		});
		readFileSync(output);
	});
	return { wall, cpu: NaN };
}

const CORE_PACKAGE = '@ffmpeg/core@0.12.10';
const CORE_FOLDER = path.join(CACHE, 'ffmpeg-core');

/**
 * ffmpeg as WebAssembly, fetched from npm into the cache folder.
 *
 * @returns a function that converts bytes, or undefined if the package cannot be had
 */
export async function loadFfmpegCore() {
	const folder = path.join(CORE_FOLDER, 'node_modules/@ffmpeg/core/dist/umd');
	if (!existsSync(path.join(folder, 'ffmpeg-core.wasm'))) {
		mkdirSync(CORE_FOLDER, { recursive: true });
		writeFileSync(path.join(CORE_FOLDER, 'package.json'), '{ "private": true }');
		const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
		spawnSync('npm', ['install', ...flags, CORE_PACKAGE], { cwd: CORE_FOLDER, timeout: 180_000 });
		if (!existsSync(path.join(folder, 'ffmpeg-core.wasm'))) return undefined;
	}
	// The package expects a browser's worker around it, but only while it starts; others take it for a real one.
	globalThis.self = globalThis;
	globalThis.location = { href: 'file:///' };
	const createCore = require(path.join(folder, 'ffmpeg-core.js'));
	const wasmBinary = readFileSync(path.join(folder, 'ffmpeg-core.wasm'));
	const settings = Buffer.from(JSON.stringify({ wasmURL: '', workerURL: '' })).toString('base64');
	const core = await createCore({ wasmBinary, mainScriptUrlOrBlob: `file:///core.js#${settings}` });
	delete globalThis.self;
	delete globalThis.location;
	core.setLogger(() => {});
	return (bytes) =>
		timed(() => {
			core.FS.writeFile('in', bytes);
			core.exec(...commandLine('in', TUNED, 'out.ogg'));
			if (core.ret !== 0) throw new Error('@ffmpeg/core failed');
			core.FS.readFile('out.ogg');
			core.reset();
		});
}
