import assert from 'node:assert/strict';
import { SENDBLUE_NODE } from '../lab/workflows.mjs';

/** What n8n passes to npm when it installs a package from the panel: scripts and global links are off. */
const INSTALL_FLAGS = [
	'--ignore-scripts=true',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--package-lock=false',
];

/**
 * The package is installed from *Settings → Community nodes*, and n8n offers what is in it.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkInstallation(report, { home, rest, tarball }) {
	await report.check('installs through the call of the panel', async () => {
		const installed = await rest.installPackage(tarball);
		assert.equal(installed.packageName, tarball.name);
		assert.equal(installed.installedVersion, tarball.version);
		return `${tarball.name} ${installed.installedVersion}`;
	});

	await report.check('was installed by npm with the flags of the panel', async () => {
		const calls = await home.npm.calls();
		const install = calls.find((call) => call.startsWith('install'));
		assert.ok(install, `npm was called with: ${calls.join(' | ')}`);
		for (const flag of INSTALL_FLAGS) assert.ok(install.includes(flag), `${flag} is not in: npm ${install}`);
	});

	await report.check('is listed among the community packages', async () => {
		const packages = await rest.call('GET', '/rest/community-packages');
		const names = packages.map(({ packageName }) => packageName);
		assert.ok(names.includes(tarball.name), names.join(', '));
	});

	await checkTypes(report, rest);
}

/**
 * n8n knows the node and the credential, and serves their icons.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/restClient.mjs').RestClient} rest
 */
async function checkTypes(report, rest) {
	let nodeType;
	let credentialType;
	await report.check('offers the node', async () => {
		const types = await (await rest.fetch('/types/nodes.json')).json();
		nodeType = types.find(({ name }) => name === SENDBLUE_NODE);
		assert.ok(nodeType, `not among ${types.length} types`);
		for (const alias of ['imessage', 'voice note', 'caf']) assert.ok(nodeType.codex.alias.includes(alias), alias);
		assert.ok(
			types.some(({ name }) => name === `${SENDBLUE_NODE}Tool`),
			'not offered as a tool',
		);
		return `${nodeType.displayName}, also as a tool`;
	});

	await report.check('offers the credential, for this node', async () => {
		const types = await (await rest.fetch('/types/credentials.json')).json();
		credentialType = types.find(({ name }) => name === 'sendblueApi');
		assert.ok(credentialType, `not among ${types.length} types`);
		assert.ok(credentialType.supportedNodes.includes(SENDBLUE_NODE), String(credentialType.supportedNodes));
	});

	await report.check('serves the icons of both themes', async () => {
		const addresses = [nodeType, credentialType].flatMap(({ iconUrl }) => Object.values(iconUrl));
		assert.equal(addresses.length, 4);
		for (const address of addresses) {
			const response = await rest.fetch(`/${address}`);
			assert.equal(response.status, 200, address);
			assert.match(response.headers.get('content-type') ?? '', /svg/);
			assert.match(await response.text(), /<svg/);
		}
	});
}
