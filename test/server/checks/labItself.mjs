import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { runCommand } from '../lab/command.mjs';
import { withLock } from '../lab/lock.mjs';
import { projectDir } from '../lab/places.mjs';
import { until } from '../lab/progress.mjs';

const lab = (name) => pathToFileURL(path.join(projectDir, 'test/server/lab', `${name}.mjs`)).href;
const DEMO_SERVER = path.join(projectDir, 'test/server/demoServer.mjs');

/** How often the command shows that it is alive, in milliseconds. */
const TICK_MS = 50;

/** After this time, in milliseconds, a holder that does not find out that its lock is lost is ended. */
const HOLDER_MS = 20_000;

/** How long something takes to stop in which another command could start, in milliseconds. */
const STOPPING_MS = 500;

/** Fills a folder in `ms` milliseconds, by a command that starts another, as npm does. */
const script = (folder, ms) => `
import { writeFile } from 'node:fs/promises';
import { installOnce } from '${lab('installOnce')}';
import { runCommand } from '${lab('command')}';
await installOnce(${JSON.stringify(folder)}, 'tick', async (draft) => {
	console.log('filling');
	await writeFile(draft + '/half', '');
	const program = 'setInterval(() => fs.writeFileSync("tick", String(Date.now())), ${TICK_MS}); setTimeout(process.exit, ${ms})';
	await runCommand('sh', ['-c', '"$0" -e "$1"; true', process.execPath, program], { cwd: draft });
});
process.exit(0);
`;

/** Starts a command that makes a file when it has ended another, while a server still takes its time to stop. */
const goesOn = (started, late) => `
import { setTimeout as sleep } from 'node:timers/promises';
import { onStop } from '${lab('stopping')}';
import { runCommand } from '${lab('command')}';
onStop(async () => {
	onStop(() => console.log('added while stopping'));
	await sleep(${STOPPING_MS});
});
const command = (file) => ['-e', 'fs.writeFileSync(process.argv[1], ""); setInterval(() => {}, 1_000)', file];
await runCommand(process.execPath, command(${JSON.stringify(started)})).catch(() => {});
await runCommand(process.execPath, command(${JSON.stringify(late)}));
`;

/** Holds a lock until it is ended, or loses it. */
const holder = (file) => `
import { withLock } from '${lab('lock')}';
await withLock(${JSON.stringify(file)}, async () => {
	console.log('held');
	await new Promise(() => {});
});
`;

/**
 * The set-up of the lab: several at the same time, interrupted ones, and somebody's own keys.
 *
 * @param {import('../lab/report.mjs').Report} report
 */
export async function checkLabItself(report) {
	const parent = await mkdtemp(path.join(tmpdir(), 'lab-itself-'));
	const install = (folder, ms) => ['--input-type=module', '-e', script(folder, ms)];
	try {
		await report.check('two set-ups at the same time: one installs, the other waits for it', async () => {
			const folder = path.join(parent, 'together');
			const both = [install(folder, 300), install(folder, 300)];
			const results = await Promise.all(both.map((args) => runCommand(process.execPath, args)));
			assert.equal(results.filter(({ output }) => output.includes('filling')).length, 1);
			assert.deepEqual(await readdir(parent), ['together']);
			assert.deepEqual((await readdir(folder)).sort(), ['half', 'tick']);
		});

		await report.check('an interrupted set-up ends what it started, and is begun again', async () => {
			const folder = path.join(parent, 'interrupted');
			const child = spawn(process.execPath, install(folder, 60_000), { stdio: ['ignore', 'pipe', 'ignore'] });
			await once(child.stdout, 'data');
			const [draft] = (await readdir(parent)).filter((name) => name.startsWith('interrupted.unfinished'));
			const tick = async () => await readFile(path.join(parent, draft, 'tick'), 'utf8').catch(() => undefined);
			await until('the command', tick);
			child.kill('SIGINT');
			const [code] = await once(child, 'close');
			assert.equal(code, 130);
			const last = await tick();
			await sleep(10 * TICK_MS);
			assert.equal(await tick(), last, 'the command goes on');
			assert.ok(!(await readdir(parent)).includes('interrupted.lock'));

			const { output } = await runCommand(process.execPath, install(folder, 300));
			assert.match(output, /Removing what an interrupted installation left/);
			assert.deepEqual((await readdir(folder)).sort(), ['half', 'tick']);
			assert.ok(!(await readdir(parent)).includes(draft));
		});

		await report.check('a folder that lacks the program is no installation, and is filled anew', async () => {
			const folder = path.join(parent, 'lacking');
			await mkdir(path.join(folder, 'node_modules'), { recursive: true });
			const { output } = await runCommand(process.execPath, install(folder, 300));
			assert.match(output, /Removing what an interrupted installation left/);
			assert.deepEqual((await readdir(folder)).sort(), ['half', 'tick']);
			assert.deepEqual(
				(await readdir(parent)).filter((name) => name.startsWith('lacking')),
				['lacking'],
			);

			const again = await runCommand(process.execPath, install(folder, 300));
			assert.equal(again.output, '');
		});

		await report.check('work that goes on while all is stopped starts no program any more', async () => {
			const [started, late] = ['started', 'late'].map((name) => path.join(parent, name));
			const child = spawn(process.execPath, ['--input-type=module', '-e', goesOn(started, late)]);
			let said = '';
			child.stdout.on('data', (chunk) => (said += chunk));
			await until('the first command', async () => (existsSync(started) ? true : undefined));
			child.kill('SIGINT');
			assert.deepEqual(await once(child, 'close'), [130, null]);
			assert.ok(!existsSync(late), 'the second command was started');
			assert.match(said, /added while stopping/);
		});

		await report.check('a holder that slept leaves the lock to its successor, and says so', async () => {
			const file = path.join(parent, 'slept.lock');
			const child = spawn(process.execPath, ['--input-type=module', '-e', holder(file)], {
				timeout: HOLDER_MS,
				killSignal: 'SIGKILL',
			});
			let said = '';
			child.stderr.on('data', (chunk) => (said += chunk));
			await once(child.stdout, 'data');
			child.kill('SIGSTOP');
			await utimes(file, 0, 0);
			await withLock(file, async () => {
				const own = await readFile(file, 'utf8');
				child.kill('SIGCONT');
				const [code] = await once(child, 'close');
				assert.equal(code, 1);
				assert.match(said, /slept\.lock was taken over by another process/);
				assert.equal(await readFile(file, 'utf8'), own);
			});
			assert.deepEqual(
				(await readdir(parent)).filter((name) => name.startsWith('slept')),
				[],
			);
		});
	} finally {
		await rm(parent, { recursive: true, force: true });
	}

	await report.check('own keys are asked for in a terminal only, and never printed', async () => {
		const env = { ...process.env, SENDBLUE_API_KEY_ID: 'half-of-the-keys' };
		delete env.SENDBLUE_API_SECRET_KEY;
		const { code, output } = await runCommand(process.execPath, [DEMO_SERVER, '--real'], { env, anyCode: true });
		assert.equal(code, 1);
		assert.match(output, /SENDBLUE_API_SECRET_KEY/);
		assert.ok(!output.includes('half-of-the-keys'), output);
	});
}
