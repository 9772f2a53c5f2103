import assert from 'node:assert/strict';
import { readFile as readBytes } from 'node:fs/promises';
import { sandboxKeys } from '../lab/lab.mjs';
import { until } from '../lab/progress.mjs';
import { chain, readFile, scheduleTrigger, sendVoiceNote, webhook } from '../lab/workflows.mjs';
import { assertReceived, assertSent } from './voiceNotes.mjs';

/**
 * Workflows that are active: started by a webhook, and by the clock.
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
