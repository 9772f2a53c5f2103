import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { EXAMPLES, exampleCredentials, exampleText, fittedExample } from './lab/examples.mjs';
import { currentN8n } from './lab/installation.mjs';
import { openLab, sandboxKeys } from './lab/lab.mjs';
import { step } from './lab/progress.mjs';
import { OWNER } from './lab/restClient.mjs';
import { packageTarball } from './lab/tarball.mjs';
import { chain, manualTrigger, readFile, sendVoiceNote, SENDBLUE_TRIGGER } from './lab/workflows.mjs';

const USAGE = `Starts a real n8n with this package, a local Sendblue and the example workflows.

npm run n8n -- [options]
  --real           use your own Sendblue account: keys from SENDBLUE_API_KEY_ID and
                   SENDBLUE_API_SECRET_KEY, or asked for
  --port NUMBER    where the editor is (default 5678, or a free port where that is taken)
  --tarball FILE   use this tarball; without it the package is built and packed`;

const { values } = parseArgs({
	options: {
		real: { type: 'boolean', default: false },
		port: { type: 'string', default: '5678' },
		tarball: { type: 'string' },
		help: { type: 'boolean', default: false },
	},
});
if (values.help) {
	console.log(USAGE);
	process.exit(0);
}

const realKeys = values.real ? await ownKeys() : undefined;
const installation = await currentN8n();
const tarball = await packageTarball(values.tarball);

/** Resolves when somebody presses Ctrl-C; while n8n starts, it is then stopped as soon as it runs. */
const stopRequest = new Promise((resolve) => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve(signal));
});
const lab = await step(`Starting n8n ${installation.version} (about 15 seconds)`, async () => {
	const opened = await openLab({ installation, tarball, port: Number(values.port) });
	await opened.rest.installPackage(tarball);
	return opened;
});
try {
	const workflows = await createWorkflows();
	printAddresses(workflows);
	await Promise.race([stopRequest, lab.server.ended]);
	console.log('\nStopping …');
} finally {
	await lab.close();
}
console.log('Stopped.');
process.exit(0);

/** The keys of one's own account, which are kept until the server stops, in its encrypted database. */
async function ownKeys() {
	const { SENDBLUE_API_KEY_ID: id, SENDBLUE_API_SECRET_KEY: secret } = process.env;
	if (id && secret) return { apiKeyId: id, apiSecretKey: secret };
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const apiKeyId = await terminal.question('Sendblue API key ID: ');
	const apiSecretKey = await terminal.question('Sendblue API secret key: ');
	terminal.close();
	return { apiKeyId: apiKeyId.trim(), apiSecretKey: apiSecretKey.trim() };
}

/** @returns {Promise<{ name: string, id: string }[]>} a first workflow, and the examples */
async function createWorkflows() {
	const { rest, sandbox, standIns, samples } = lab;
	const keys = realKeys ?? sandboxKeys(sandbox);
	const sendblue = await rest.createCredential(realKeys ? 'Sendblue' : 'Sendblue sandbox', 'sendblueApi', keys);

	const send = sendVoiceNote(sendblue, realKeys ? { from: { __rl: true, mode: 'list', value: '' }, to: '' } : {});
	const drafts = [chain('Your first voice note', [manualTrigger(), readFile(samples.mp3), send])];

	const types = await (await rest.fetch('/types/nodes.json')).json();
	const hasTrigger = types.some(({ name }) => name === SENDBLUE_TRIGGER);
	// With real keys the examples stay as they are: their other services need keys of their own.
	const credentials = realKeys ? undefined : await exampleCredentials(rest, sendblue, standIns);
	for (const name of EXAMPLES) {
		const draft = credentials
			? await fittedExample(name, lab, credentials)
			: JSON.parse(await exampleText(name));
		const needsTrigger = draft.nodes.some(({ type }) => type === SENDBLUE_TRIGGER);
		if (hasTrigger || !needsTrigger) drafts.push(draft);
	}
	const created = [];
	for (const draft of drafts) created.push(await rest.createWorkflow(draft));
	return created;
}

/** @param {{ name: string, id: string }[]} workflows */
function printAddresses(workflows) {
	const { server, sandbox } = lab;
	const links = workflows.map(({ name, id }) => `    ${server.url}/workflow/${id}  ${name}`);
	const account = realKeys
		? '  Sendblue   your own account: messages reach people'
		: `  Sendblue   played on this machine, nobody gets a message
  Sent       ${sandbox.url}/_sandbox/messages`;
	console.log(`
n8n is ready.
  Editor     ${server.url}
  Sign in    ${OWNER.email}
  Password   ${OWNER.password}
${account}
  Workflows
${links.join('\n')}

Open the first workflow and press "Execute workflow". Ctrl-C stops everything and removes it.`);
}
