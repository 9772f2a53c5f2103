import assert from 'node:assert/strict';
import { atLeast } from '../lab/environment.mjs';
import { sandboxKeys } from '../lab/lab.mjs';
import { skip } from '../lab/report.mjs';
import { chain, convertToCaf, manualTrigger, readFile, sendVoiceNote } from '../lab/workflows.mjs';
import { assertConverted, assertSent } from './voiceNotes.mjs';

/** n8n's protection of internal addresses, with this machine allowed. */
export const PROTECTION_ON = {
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.0/8',
};

/** An address of a private network, which stays forbidden. Nobody needs to be there: the request does not leave. */
const FORBIDDEN_URL = 'http://10.255.255.1/Speech.mp3';

/**
 * Every request of the node passes n8n's protection of internal addresses.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab of a server with `PROTECTION_ON`
 */
export async function checkAddressProtection(report, { home, rest, sandbox, standIns, samples }) {
	const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const run = async (name, nodes) => {
		const workflow = await rest.createWorkflow(chain(name, [manualTrigger(), ...nodes]));
		return await rest.run(workflow, 'Start');
	};
	const fromUrl = (audioUrl) => convertToCaf({ audioSource: 'url', audioUrl });

	await report.check('protection of internal addresses on: sends to an allowed address', async () => {
		assertSent(await run('Allowed', [readFile(samples.mp3), sendVoiceNote(credential)]), sandbox);
	});

	await report.check('protection of internal addresses on: downloads from an allowed address', async () => {
		await assertConverted(rest, await run('Allowed URL', [fromUrl(`${standIns.url}/audio/Speech.mp3`)]));
	});

	await report.check('protection of internal addresses on: a forbidden address is refused and named', async () => {
		if (!atLeast(home.installation.version, 2, 10)) skip('this n8n has no such protection');
		const execution = await run('Forbidden', [fromUrl(FORBIDDEN_URL)]);
		assert.equal(execution.status, 'error');
		assert.match(execution.errorText, /internal addresses|restricted/i);
		return execution.errorText;
	});
}
