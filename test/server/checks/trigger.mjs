import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { callSendblue } from '../lab/callSendblue.mjs';
import { atLeast } from '../lab/environment.mjs';
import { LINES, PERSON, sandboxKeys } from '../lab/lab.mjs';
import { until } from '../lab/progress.mjs';
import { chain, sendblueTrigger } from '../lab/workflows.mjs';

const CROWD = 10;

const WEBHOOKS = '/api/account/webhooks';

/** After this time, in milliseconds, a delivery that was to start nothing has started nothing. */
const QUIET_MS = 1_500;

/**
 * The Sendblue Trigger: registers its own address, and turns what comes in into runs.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab whose sandbox has got a voice note already
 */
export async function checkTrigger(report, lab) {
	const { rest, sandbox, server } = lab;
	const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const create = async (name) => await rest.createWorkflow(chain(name, [sendblueTrigger(credential)]));
	const foreign = 'http://127.0.0.1:9/of-somebody-else';
	await callSendblue(sandbox, 'POST', WEBHOOKS, { webhooks: [foreign], type: 'receive' });
	const isRegistered = async () => (await callSendblue(sandbox, 'GET', WEBHOOKS)).includes(server.url);
	const workflow = await create('Trigger');

	await report.check('when activated, it registers its address at Sendblue', async () => {
		await rest.activate(workflow);
		await until('the registration', async () => ((await isRegistered()) ? true : undefined));
	});

	await report.check('a message that comes in starts the workflow', async () => {
		await sandbox.deliverInbound({ from_number: PERSON, sendblue_number: LINES[0], content: 'Hello' });
		const execution = await rest.nextExecution(workflow);
		assert.equal(execution.mode, 'webhook');
		assert.equal(execution.items('Sendblue Trigger')[0].json.content, 'Hello');
	});

	await report.check('a message delivered three times starts it once', async () => {
		const before = await rest.executions(workflow);
		const message = { from_number: PERSON, content: 'Once', repeat: 3 };
		const { deliveries } = await sandbox.deliverInbound(message);
		assert.equal(deliveries.filter(({ url, delivered }) => delivered && url.startsWith(server.url)).length, 3);
		await rest.firstExecutions(workflow, before.length + 1);
		await sleep(QUIET_MS);
		assert.equal((await rest.executions(workflow)).length, before.length + 1);
	});

	await report.check('when deactivated, it takes off its own address only', async () => {
		await rest.deactivate(workflow);
		await until('the removal', async () => ((await isRegistered()) ? undefined : true));
		assert.ok((await callSendblue(sandbox, 'GET', WEBHOOKS)).includes(foreign));
	});

	await report.check(`${CROWD} voice notes that come in at once start ${CROWD} runs, each with its file`, async () => {
		const crowd = await create('Crowd');
		await rest.activate(crowd);
		try {
			await until('the registration', async () => ((await isRegistered()) ? true : undefined));
			return await deliverCrowd(lab, crowd);
		} finally {
			await rest.deactivate(crowd);
		}
	});
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {any} workflow that is active
 */
async function deliverCrowd({ home, rest, sandbox }, workflow) {
	const { base64 } = sandbox.messages().findLast(({ media }) => media?.fileName.endsWith('.caf')).media;
	const texts = Array.from({ length: CROWD }, (_, index) => `Note ${index}`);
	await Promise.all(
		texts.map(async (content) => {
			const media = { fileName: 'AudioMessage.caf', base64 };
			await sandbox.deliverInbound({ from_number: PERSON, content, media });
		}),
	);
	const executions = await rest.firstExecutions(workflow, CROWD);
	const items = executions.flatMap((execution) => execution.items('Sendblue Trigger'));
	assert.deepEqual(items.map(({ json }) => json.content).sort(), texts);
	for (const { json, binary } of items) {
		assert.equal(json.voiceNoteError, undefined);
		assert.equal(binary.data.mimeType, 'audio/ogg');
	}
	if (losesFiles(home.installation)) return 'the files are not compared, this n8n loses them by itself';
	for (const { binary } of items) {
		assert.equal((await rest.download(binary.data)).subarray(0, 4).toString('latin1'), 'OggS');
	}
	return `${items[0].binary.data.fileName}, made of ${Buffer.from(base64, 'base64').length} bytes of CAF`;
}

/**
 * Whether this n8n loses files of runs that overlap: 2.8 keeps the files of all webhook calls of a workflow in one
 * temporary folder, and the run that ends first deletes it. n8n's own Webhook node is hit too.
 *
 * @param {{ version: string }} installation
 */
const losesFiles = ({ version }) => atLeast(version, 2, 0) && !atLeast(version, 2, 40);

/**
 * What the trigger had seen before the server was restarted, it still knows afterwards.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkTriggerAfterRestart(report, lab) {
	const { rest, sandbox } = lab;
	const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const workflow = await rest.createWorkflow(chain('Restarted', [sendblueTrigger(credential)]));

	await report.check('a message delivered again after a restart of n8n does not start the workflow again', async () => {
		await rest.activate(workflow);
		const known = await until('the delivery', async () => {
			const { payload, deliveries } = await sandbox.deliverInbound({ from_number: PERSON, content: 'Before' });
			return deliveries.some(({ url, delivered }) => delivered && url.startsWith(rest.url)) ? payload : undefined;
		});
		const before = (await rest.firstExecutions(workflow, 1)).length;

		await lab.restart();
		const handle = String(known.message_handle);
		await sandbox.deliverInbound({ from_number: PERSON, content: 'Before', message_handle: handle });
		await sandbox.deliverInbound({ from_number: PERSON, content: 'After' });
		const executions = await rest.firstExecutions(workflow, before + 1);
		await sleep(QUIET_MS);
		assert.equal((await rest.executions(workflow)).length, before + 1);
		assert.equal(executions.at(-1).items('Sendblue Trigger')[0].json.content, 'After');
		await rest.deactivate(workflow);
	});
}
