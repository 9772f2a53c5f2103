import assert from 'node:assert/strict';
import { LINES, sandboxKeys } from '../lab/lab.mjs';
import { SENDBLUE_NODE } from '../lab/workflows.mjs';

/**
 * Keys are tested, and *From* offers the account's lines.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkCredentials(report, { rest, sandbox }) {
	const keys = sandboxKeys(sandbox);
	const credential = await rest.createCredential('Tested', 'sendblueApi', keys);

	await report.check('right keys pass the test of the credential', async () => {
		const { status, message } = await rest.testCredential(credential, 'sendblueApi', keys);
		assert.equal(status, 'OK', message);
		return message;
	});

	await report.check('a wrong key fails the test of the credential', async () => {
		const wrong = { ...keys, apiSecretKey: 'wrong' };
		const { status, message } = await rest.testCredential(credential, 'sendblueApi', wrong);
		assert.equal(status, 'Error');
		assert.match(message, /does not know these keys/);
		return message;
	});

	const elsewhere = [
		['a web page, such as that of n8n itself', rest.url, /leads to something other than Sendblue/],
		['another path', `${sandbox.url}/v9`, /no Sendblue API at this Base URL/],
	];
	for (const [what, baseUrl, words] of elsewhere) {
		await report.check(`${what} fails the test of the credential`, async () => {
			const { status, message } = await rest.testCredential(credential, 'sendblueApi', { ...keys, baseUrl });
			assert.equal(status, 'Error', message);
			assert.match(message, words);
			return message;
		});
	}

	await report.check('an address that would carry the keys in the clear fails the test of the credential', async () => {
		const unprotected = { ...keys, baseUrl: 'http://api.sendblue.example' };
		const { status, message } = await rest.testCredential(credential, 'sendblueApi', unprotected);
		assert.equal(status, 'Error');
		assert.match(message, /does not start with https:\/\//);
		return message;
	});

	await report.check('From lists the lines of the account', async () => {
		const { results } = await searchLines(rest, credential);
		const values = results.map(({ value }) => value);
		for (const line of LINES) assert.ok(values.includes(line), `${line} is not in ${values}`);
		return results.map(({ name }) => name).join(', ');
	});

	await report.check('From finds a line by a part of its number', async () => {
		const { results } = await searchLines(rest, credential, '0002');
		assert.deepEqual(
			results.map(({ value }) => value),
			['+15550100002'],
		);
	});
}

/**
 * @param {import('../lab/restClient.mjs').RestClient} rest
 * @param {{ id: string, name: string }} credential
 * @param {string} [filter]
 */
async function searchLines(rest, credential, filter) {
	return await rest.call('POST', '/rest/dynamic-node-parameters/resource-locator-results', {
		nodeTypeAndVersion: { name: SENDBLUE_NODE, version: 1 },
		path: 'parameters.from',
		methodName: 'searchLines',
		currentNodeParameters: { resource: 'voiceNote', operation: 'send' },
		credentials: { sendblueApi: credential },
		filter,
	});
}
