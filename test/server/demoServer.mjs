import { parseArgs } from 'node:util';
import { EXAMPLES, exampleCredentials, exampleText, fittedExample } from './lab/examples.mjs';
import { currentN8n } from './lab/installation.mjs';
import { openLab, sandboxKeys } from './lab/lab.mjs';
import { ownKeys } from './lab/ownKeys.mjs';
import { step } from './lab/progress.mjs';
import { OWNER } from './lab/restClient.mjs';
import { isStopping, stopNow } from './lab/stopping.mjs';
import { packageTarball } from './lab/tarball.mjs';
import { byNumber, chain, fromList, manualTrigger, readFile, sendVoiceNote } from './lab/workflows.mjs';

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
const lab = await step(`Starting n8n ${installation.version} (about 15 seconds)`, async () => {
	const opened = await openLab({ installation, tarball, port: Number(values.port) });
	await opened.rest.installPackage(tarball);
	return opened;
});
printAddresses(await createWorkflows());
// Ctrl-C is how it is meant to end.
process.exitCode = 0;
await lab.server.ended;
if (!isStopping()) {
	console.error(`n8n has ended by itself. The end of its log:\n${(await lab.server.log()).slice(-3_000)}`);
	await stopNow(1);
}

/** @returns {Promise<{ name: string, id: string }[]>} a first workflow, and the examples */
async function createWorkflows() {
	const { rest, sandbox, standIns, samples } = lab;
	const keys = realKeys ?? sandboxKeys(sandbox);
	const sendblue = await rest.createCredential(realKeys ? 'Sendblue' : 'Sendblue sandbox', 'sendblueApi', keys);

	const send = sendVoiceNote(sendblue, realKeys ? { from: fromList(''), to: byNumber('') } : {});
	const drafts = [chain('Your first voice note', [manualTrigger(), readFile(samples.mp3), send])];

	// With real keys the examples stay as they are: their other services need keys of their own.
	const credentials = realKeys ? undefined : await exampleCredentials(rest, sendblue, standIns);
	for (const name of EXAMPLES) {
		drafts.push(credentials ? await fittedExample(name, lab, credentials) : JSON.parse(await exampleText(name)));
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

Open the first workflow${realKeys ? ', choose From and To in its last node' : ''} and press "Execute workflow".
Ctrl-C stops everything and removes it.`);
}
