import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { crmEventWorkflow, inboundWorkflow, runAnywhere, seedPeople, spokenNote } from './lab/demoWorld.mjs';
import { EXAMPLES, exampleCredentials, exampleText, fittedExample, WAITING_TABLE } from './lab/examples.mjs';
import { currentN8n, currentN8nWork } from './lab/installation.mjs';
import { openLab, sandboxKeys } from './lab/lab.mjs';
import { ownKeys } from './lab/ownKeys.mjs';
import { labDir, N8N_VERSION } from './lab/places.mjs';
import { announce, step } from './lab/progress.mjs';
import { OWNER } from './lab/restClient.mjs';
import { startSentPage } from './lab/sentPage.mjs';
import { isStopping, stopNow } from './lab/stopping.mjs';
import { packageTarball, packageWork } from './lab/tarball.mjs';

const USAGE = `Starts a real n8n with this package, a local Sendblue and the example workflows.

npm run n8n -- [options]
  --real           use your own Sendblue account: keys from SENDBLUE_API_KEY_ID and
                   SENDBLUE_API_SECRET_KEY, or asked for
  --port NUMBER    where the editor is (default 5678, or a free port where that is taken)
  --tarball FILE   use this tarball; without it the package is built and packed`;

/** Examples that wait for a call; the demo publishes them, so that its buttons find them. */
const STARTED_FROM_OUTSIDE = ['convert-only', 'ask-and-wait-replies', 'crm-event-webhook', 'voice-agent'];

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
const starting = `Starting n8n ${N8N_VERSION}`;
announce(
	[
		...currentN8nWork(),
		...packageWork(values.tarball),
		{ title: starting, cost: 'about 15 seconds', minutes: [0.2, 0.5] },
	],
	{ keptIn: labDir },
);
const installation = await currentN8n();
const tarball = await packageTarball(values.tarball);
const lab = await step(starting, async () => {
	const opened = await openLab({ installation, tarball, port: Number(values.port) });
	await opened.rest.installPackage(tarball);
	return opened;
});
const note = await spokenNote(await readFile(lab.samples.ogg));
const sentPage = realKeys ? undefined : await startSentPage(lab.sandbox, note);
printAddresses(await createWorkflows());
// Ctrl-C is how it is meant to end.
process.exitCode = 0;
await lab.server.ended;
if (!isStopping()) {
	console.error(`n8n has ended by itself. The end of its log:\n${(await lab.server.log()).slice(-3_000)}`);
	await stopNow(1);
}

/**
 * @returns {Promise<{ name: string, id: string }[]>} the examples, and buttons for what comes from outside
 */
async function createWorkflows() {
	const { rest, sandbox } = lab;
	const keys = realKeys ?? sandboxKeys(sandbox);
	const sendblue = await rest.createCredential(realKeys ? 'Sendblue' : 'Sendblue sandbox', 'sendblueApi', keys);
	await rest.createDataTable(WAITING_TABLE);
	// With real keys the examples stay as they are: their other services need keys of their own.
	return realKeys ? await importedExamples() : await playableExamples(sendblue);
}

async function importedExamples() {
	const created = [];
	for (const name of EXAMPLES) created.push(await lab.rest.createWorkflow(JSON.parse(await exampleText(name))));
	return created;
}

/** @param {{ id: string, name: string }} sendblue */
async function playableExamples(sendblue) {
	const { rest, sandbox, standIns, server } = lab;
	await seedPeople(sandbox);
	const credentials = await exampleCredentials(rest, sendblue, standIns);
	const created = [];
	for (const name of EXAMPLES) {
		const workflow = await rest.createWorkflow(await fittedExample(name, lab, credentials, runAnywhere));
		if (STARTED_FROM_OUTSIDE.includes(name)) await rest.activate(workflow);
		created.push(workflow);
	}
	created.push(await rest.createWorkflow(inboundWorkflow(sandbox, note)));
	created.push(await rest.createWorkflow(crmEventWorkflow(server.url)));
	return created;
}

/** @param {{ name: string, id: string }[]} workflows */
function printAddresses(workflows) {
	const { server } = lab;
	const links = workflows.map(({ name, id }) => `    ${server.url}/workflow/${id}  ${name}`);
	const account = realKeys
		? '  Sendblue   your own account: messages reach people'
		: `  Sendblue   played on this machine, nobody gets a message
  Sent       ${sentPage.url}  (people can reply there)`;
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
