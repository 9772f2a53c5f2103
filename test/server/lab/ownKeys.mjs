import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { stopNow } from './stopping.mjs';

/**
 * The keys of one's own Sendblue account, from the environment or asked for in the terminal. They are kept in n8n's
 * database of this run, encrypted, until the server stops; they are not printed or passed on by the environment.
 *
 * @returns {Promise<{ apiKeyId: string, apiSecretKey: string }>}
 * @throws if they are neither set nor can be asked for
 */
export async function ownKeys() {
	const { SENDBLUE_API_KEY_ID: id, SENDBLUE_API_SECRET_KEY: secret } = process.env;
	delete process.env.SENDBLUE_API_KEY_ID;
	delete process.env.SENDBLUE_API_SECRET_KEY;
	const apiKeyId = id || (await asked('Sendblue API key ID', true));
	const apiSecretKey = secret || (await asked('Sendblue API secret key (is not shown)', false));
	return { apiKeyId, apiSecretKey };
}

/**
 * @param {string} what
 * @param {boolean} isShown whether the terminal shows what is typed
 */
async function asked(what, isShown) {
	if (!process.stdin.isTTY) {
		throw new Error('Set SENDBLUE_API_KEY_ID and SENDBLUE_API_SECRET_KEY, or start this in a terminal to be asked.');
	}
	const prompt = `${what}: `;
	if (!isShown) process.stdout.write(prompt);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const terminal = createInterface({ input: process.stdin, output: isShown ? process.stdout : silent, terminal: true });
	terminal.on('SIGINT', () => void stopNow(130));
	try {
		const answer = (await terminal.question(isShown ? prompt : '')).trim();
		if (answer === '') throw new Error(`Nothing was entered for the ${what.replace(/ \(.*/, '')}.`);
		return answer;
	} finally {
		terminal.close();
		if (!isShown) process.stdout.write('\n');
	}
}
