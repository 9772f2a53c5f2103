import sandboxModule from '../../sandbox/index.cjs';
import { createHome, startN8n } from './n8nProcess.mjs';
import { RestClient } from './restClient.mjs';
import { writeSamples } from './sampleAudio.mjs';
import { startStandIns } from './standInServices.mjs';

const { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, startSandbox } = sandboxModule;

/** What the checks need to know of the sandbox's account, and somebody to write to. */
export const LINES = sandboxModule.LINES;
export const PERSON = '+14155550123';

/**
 * Everything around one n8n server.
 *
 * @typedef {object} Lab
 * @property {import('./tarball.mjs').Tarball} tarball
 * @property {import('./n8nProcess.mjs').Home} home
 * @property {import('./n8nProcess.mjs').N8nProcess} server
 * @property {RestClient} rest signed in as the owner
 * @property {any} sandbox
 * @property {import('./standInServices.mjs').StandIns} standIns
 * @property {{ mp3: string, ogg: string, png: string }} samples
 * @property {() => Promise<void>} restart stops the server and starts it again in the same home
 * @property {() => Promise<void>} close
 */

/**
 * Starts the sandbox, the stand-ins and an n8n with an owner.
 *
 * @param {Parameters<typeof createHome>[0]} options of the home
 * @param {(home: import('./n8nProcess.mjs').Home) => Promise<void>} [beforeStart] what needs n8n not to run
 * @returns {Promise<Lab>}
 */
export async function openLab(options, beforeStart) {
	const closing = [];
	const close = async () => {
		for (const each of closing.splice(0).reverse()) await each();
	};
	try {
		const sandbox = await startSandbox();
		closing.push(() => sandbox.close());
		const standIns = await startStandIns();
		closing.push(() => standIns.close());
		const home = await createHome(options);
		closing.push(() => home.remove());
		const samples = await writeSamples(home.filesDir);
		await beforeStart?.(home);
		const server = await startN8n(home);
		const rest = new RestClient(server.url);
		const restart = async () => {
			await lab.server.stop();
			lab.server = await startN8n(home);
		};
		const lab = { tarball: options.tarball, home, server, rest, sandbox, standIns, samples, restart, close };
		closing.push(() => lab.server.stop());
		await rest.signUp();
		return lab;
	} catch (error) {
		await close();
		throw error;
	}
}

/**
 * The keys of the sandbox's account.
 *
 * @param {{ url: string }} sandbox
 */
export function sandboxKeys({ url }) {
	return { apiKeyId: SANDBOX_KEY_ID, apiSecretKey: SANDBOX_SECRET_KEY, baseUrl: url };
}
