import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile as readBytes } from 'node:fs/promises';
import { LINES, PERSON, sandboxKeys } from '../lab/lab.mjs';
import { until } from '../lab/progress.mjs';
import {
	chain,
	node,
	readFile,
	scheduleTrigger,
	SENDBLUE_TRIGGER,
	sendVoiceNote,
	webhook,
} from '../lab/workflows.mjs';
import { assertReceived, assertSent } from './voiceNotes.mjs';

/**
 * Workflows that are active: started by a webhook, by the clock, and by Sendblue.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkTriggeredRuns(report, lab) {
	const { rest, sandbox, samples } = lab;
	const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));

	await report.check('a file posted to a webhook is sent as a voice note', async () => {
		const send = sendVoiceNote(credential, { binaryPropertyName: 'voice' });
		const workflow = await rest.createWorkflow(chain('Webhook', [webhook('voice'), send]));
		await rest.activate(workflow);
		const answer = await postFile(`${lab.server.url}/webhook/voice`, 'voice', samples.mp3);
		const message = assertReceived(answer, sandbox);
		await rest.deactivate(workflow);
		return message.message_handle;
	});

	await report.check('a schedule sends a voice note', async () => {
		const nodes = [scheduleTrigger(), readFile(samples.mp3), sendVoiceNote(credential)];
		const workflow = await rest.createWorkflow(chain('Schedule', nodes));
		await rest.activate(workflow);
		try {
			const execution = await rest.nextExecution(workflow);
			assert.equal(execution.mode, 'trigger');
			return assertSent(execution, sandbox).message_handle;
		} finally {
			await rest.deactivate(workflow);
		}
	});

	await checkTrigger(report, lab, credential);
}

/**
 * The trigger registers its own address at Sendblue and takes it off again.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {{ id: string, name: string }} credential
 */
async function checkTrigger(report, { rest, sandbox, server }, credential) {
	const foreign = 'http://127.0.0.1:9/of-somebody-else';
	await callSendblue(sandbox, 'POST', { webhooks: [foreign], type: 'receive' });
	const trigger = node('Sendblue Trigger', SENDBLUE_TRIGGER, 1, { event: 'messageReceived' }, {
		webhookId: randomUUID(),
		credentials: { sendblueApi: credential },
	});
	const workflow = await rest.createWorkflow(chain('Trigger', [trigger]));
	const isRegistered = async () => (await callSendblue(sandbox, 'GET')).includes(server.url);

	await report.check('the trigger, when activated, registers its address at Sendblue', async () => {
		await rest.activate(workflow);
		await until('the registration', async () => ((await isRegistered()) ? true : undefined));
	});

	await report.check('a message that comes in starts the workflow', async () => {
		await sandbox.deliverInbound({ from_number: PERSON, sendblue_number: LINES[0], content: 'Hello' });
		const execution = await rest.nextExecution(workflow);
		assert.equal(execution.mode, 'webhook');
		assert.equal(execution.items('Sendblue Trigger')[0].json.content, 'Hello');
	});

	await report.check('the trigger, when deactivated, takes off its own address only', async () => {
		await rest.deactivate(workflow);
		await until('the removal', async () => ((await isRegistered()) ? undefined : true));
		assert.ok((await callSendblue(sandbox, 'GET')).includes(foreign));
	});
}

/**
 * @param {{ url: string }} sandbox
 * @param {'GET' | 'POST'} method
 * @param {object} [body]
 * @returns {Promise<string>} the account's webhooks, as text
 */
async function callSendblue(sandbox, method, body) {
	const { apiKeyId, apiSecretKey } = sandboxKeys(sandbox);
	const response = await fetch(`${sandbox.url}/api/account/webhooks`, {
		method,
		headers: { 'content-type': 'application/json', 'sb-api-key-id': apiKeyId, 'sb-api-secret-key': apiSecretKey },
		body: body && JSON.stringify(body),
	});
	const text = await response.text();
	assert.ok(response.ok, text);
	return text;
}

/**
 * Posts a file as a form does. A webhook is there a moment after its workflow was activated.
 *
 * @param {string} url
 * @param {string} field
 * @param {string} file
 * @returns {Promise<any>} the answer's JSON
 */
export async function postFile(url, field, file) {
	const bytes = await readBytes(file);
	const response = await until('the webhook', async () => {
		const form = new FormData();
		form.append(field, new Blob([bytes], { type: 'audio/mpeg' }), 'Speech.mp3');
		const answer = await fetch(url, { method: 'POST', body: form });
		return answer.status === 404 ? undefined : answer;
	});
	const text = await response.text();
	assert.equal(response.status, 200, text);
	return JSON.parse(text);
}
