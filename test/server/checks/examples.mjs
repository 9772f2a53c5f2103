import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { callSendblue } from '../lab/callSendblue.mjs';
import { EXAMPLES, exampleCredentials, exampleText, fittedExample, WAITING_TABLE } from '../lab/examples.mjs';
import { LINES, PERSON, sandboxKeys } from '../lab/lab.mjs';
import { until } from '../lab/progress.mjs';
import { assertReceived, assertSent } from './voiceNotes.mjs';

/**
 * The example workflows can be imported as they are, and do what they say.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkExamples(report, lab) {
	const { rest, sandbox, standIns } = lab;
	const sendblue = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const credentials = await exampleCredentials(rest, sendblue, standIns);
	const types = await (await rest.fetch('/types/nodes.json')).json();
	// A node stands in the list once for each description, with all versions it holds for.
	const known = new Map();
	for (const { name, version } of types) known.set(name, [...(known.get(name) ?? []), version].flat());

	/** Fits and saves an example. */
	const save = async (name, change) => await rest.createWorkflow(await fittedExample(name, lab, credentials, change));

	for (const name of EXAMPLES) {
		await report.check(`${name}: imported as it is, every node is known, a note explains it`, async () => {
			const workflow = JSON.parse(await exampleText(name));
			const unknown = workflow.nodes.filter(({ type, typeVersion }) => {
				return !known.get(type)?.includes(typeVersion);
			});
			assert.deepEqual(
				unknown.map(({ name: node, type, typeVersion }) => `${node}: ${type} ${typeVersion}`),
				[],
			);
			assert.deepEqual(plainLocators(workflow, types), []);
			const notes = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
			assert.match(notes[0].parameters.content, /To set up/);
			await rest.createWorkflow(workflow);
		});
	}

	for (const name of ['first-voice-note', 'text-to-speech-file', 'text-to-speech-base64']) {
		await report.check(`${name}: the button sends a voice note`, async () => {
			const execution = await rest.run(await save(name), 'Start');
			assert.equal(execution.status, 'success', execution.errorText);
			return assertSent(execution, sandbox).message_handle;
		});
	}
	await report.check('ask-and-wait: the answer of the person who was asked goes on with the question', () =>
		askAndWait(lab, save),
	);
	await report.check('convert-only: a file uploaded to the form is handed back as a voice note', () =>
		convertOnly(lab, save),
	);
	await report.check('voice-drip: goes to who is awake, wants it and fits into the allowance', () =>
		voiceDrip(lab, save),
	);
	await report.check('voice-drip: goes to nobody if Sendblue cannot be asked who has opted out', () =>
		voiceDripWithoutAnswer(lab, save),
	);
	await report.check('voice-drip: a note that fails does not stop the others, and the run says whose it is', () =>
		voiceDripFailed(lab, save),
	);
	await report.check('voice-drip: a line in another spelling is found, one of nobody is an error', () =>
		voiceDripLine(lab, save),
	);
	await report.check('crm-event-webhook: a call of the CRM is answered by a voice note and a status', () =>
		crmWebhook(lab, save),
	);
	await report.check('crm-event-webhook: a number that is none is written back, the workflow goes on', () =>
		crmWebhookRefused(lab, save),
	);
	await report.check('crm-event-hubspot: a new customer gets a voice note, and the status is written', () =>
		crmHubspot(lab, save),
	);
	await report.check('voice-agent: a voice note is answered by a voice note', () => voiceAgent(lab, save));
}

/**
 * Parameters that the editor would show without their mode: lines, people and groups given as a plain text.
 *
 * @param {any} workflow
 * @param {any[]} types
 * @returns {string[]}
 */
function plainLocators(workflow, types) {
	return workflow.nodes.flatMap(({ name: node, type, parameters }) => {
		const { properties = [] } = types.find(({ name }) => name === type) ?? {};
		const locators = new Set(
			properties.filter((property) => property.type === 'resourceLocator').map(({ name }) => name),
		);
		const plain = Object.entries(parameters).filter(([name, value]) => locators.has(name) && value?.__rl !== true);
		return plain.map(([name]) => `${node}: ${name}`);
	});
}

/** Replaces a node's output by pinned items. */
const pin = (workflow, node, ...items) => {
	workflow.pinData = { ...workflow.pinData, [node]: items.map((json) => ({ json })) };
};

async function convertOnly({ rest, samples, server }, save) {
	const workflow = await save('convert-only');
	await rest.activate(workflow);
	try {
		const bytes = await readFile(samples.mp3);
		const waitingPage = await until('the form', async () => {
			const form = new FormData();
			form.append('field-0', new Blob([bytes], { type: 'audio/mpeg' }), 'Greeting.mp3');
			const url = `${server.url}/form/make-a-voice-note`;
			const response = await fetch(url, { method: 'POST', body: form });
			return response.ok ? await response.json() : undefined;
		});
		// As the form's page does: asking for the last page before it is there would take it away.
		await until('the end of the conversion', async () => {
			const isReady = (await rest.executions(workflow)).some(({ status }) => status === 'waiting');
			return isReady ? true : undefined;
		});
		const page = await (await fetch(waitingPage.formWaitingUrl)).text();
		// The page carries the file itself and offers it under its name.
		assert.match(page, /Greeting\.caf/);
		assert.ok(page.length > 40_000, `the page has only ${page.length} characters`);
		return `a page of ${page.length} characters with the file`;
	} finally {
		await rest.deactivate(workflow);
	}
}

async function askAndWait({ rest, sandbox }, save) {
	await rest.createDataTable(WAITING_TABLE);
	const replies = await save('ask-and-wait-replies');
	await rest.activate(replies);
	try {
		const ask = await save('ask-and-wait');
		const answered = rest.run(ask, 'Start', { timeoutMs: 90_000 });
		await until('the question', async () => {
			const waiting = (await rest.executions(ask)).some(({ status }) => status === 'waiting');
			return waiting ? true : undefined;
		});
		await sandbox.deliverInbound({ from_number: '+14155550177', sendblue_number: LINES[0], content: 'Not asked' });
		await sandbox.deliverInbound({ from_number: PERSON, sendblue_number: LINES[0], content: 'Yes, please' });
		const execution = await answered;
		assert.equal(execution.status, 'success', execution.errorText);
		assert.equal(execution.items('Answer')[0].json.text, 'Yes, please');
		assert.equal(execution.items('No Answer').length, 0);
		return execution.items('Answer')[0].json.text;
	} finally {
		await rest.deactivate(replies);
	}
}

const contact = (firstName, phone, timeZone, optedOut = false) => ({ firstName, phone, timeZone, optedOut });

/** People who have written to the line: a line may send media to nobody else. */
async function haveWritten(sandbox, ...numbers) {
	for (const number of numbers) {
		for (const line of LINES) {
			await sandbox.deliverInbound({ from_number: number, sendblue_number: line, content: 'Hello' });
		}
	}
}

async function voiceDrip({ rest, sandbox }, save) {
	const people = ['1', '2', '3', '4', '5', '6'].map((digit) => `+1415555013${digit}`);
	await haveWritten(sandbox, ...people);
	const before = sandbox.messages().length;
	const noon = zoneWhereItIs(12);
	await callSendblue(sandbox, 'POST', '/api/v2/contacts', { number: '+14155550136', opt_out: true });
	const [line] = LINES;
	sandbox.setSettings({ allowance: { line, hourlyLimit: 15, hourlyUsed: 13, enforce: false } });
	try {
		const workflow = await save('voice-drip', (draft) => {
			pin(draft, 'Contacts', {
				contacts: [
					contact('Ada', '+14155550131', noon),
					contact('Asleep', '+14155550132', zoneWhereItIs(3)),
					contact('Unwilling', '+14155550133', noon, true),
					contact('Opted out by STOP', '+14155550136', noon),
					contact('Grace', '+14155550134', noon),
					contact('Beyond the allowance', '+14155550135', noon),
				],
			});
		});
		const execution = await rest.run(workflow, 'Every Hour');
		assert.equal(execution.status, 'success', execution.errorText);
		const sent = sandbox.messages().slice(before);
		assert.deepEqual(
			sent.map(({ to_number: to }) => to),
			['+14155550131', '+14155550134'],
		);
		const items = execution.items('Send Voice Note');
		for (const { json } of items) assertReceived(json, sandbox);
		assert.equal(items[0].json.voiceNote.method, 'remuxed');
		return `${sent.length} of 6 contacts`;
	} finally {
		sandbox.setSettings({ allowance: { line, hourlyUsed: 0, enforce: false } });
	}
}

async function voiceDripWithoutAnswer({ rest, sandbox }, save) {
	const before = sandbox.messages().length;
	const workflow = await save('voice-drip', (draft) => {
		pin(draft, 'Contacts', { contacts: [contact('Ada', '+14155550137', zoneWhereItIs(12))] });
	});
	sandbox.setFaults([{ path: '/api/v2/contacts', kind: 'status403' }]);
	try {
		const execution = await rest.run(workflow, 'Every Hour');
		assert.equal(execution.status, 'success', execution.errorText);
		assert.match(execution.items('Ask Sendblue')[0].json.error, /HTTP 403/);
		assert.equal(sandbox.messages().length, before);
	} finally {
		sandbox.setFaults([]);
	}
}

async function voiceDripFailed({ rest, sandbox }, save) {
	await haveWritten(sandbox, '+14155550138', '+14155550139');
	const before = sandbox.messages().length;
	const noon = zoneWhereItIs(12);
	const workflow = await save('voice-drip', (draft) => {
		pin(draft, 'Contacts', {
			contacts: [contact('Ada', '+14155550138', noon), contact('Grace', '+14155550139', noon)],
		});
	});
	sandbox.setFaults([{ method: 'POST', path: '/api/send-message', kind: 'status400', times: 1 }]);
	try {
		const execution = await rest.run(workflow, 'Every Hour');
		assert.equal(execution.status, 'error');
		assert.match(execution.errorText, /^1 of 2 voice notes not confirmed: Ada \(\+14155550138\): .*HTTP 400/);
		const sent = sandbox.messages().slice(before);
		assert.deepEqual(
			sent.map(({ to_number: to }) => to),
			['+14155550139'],
		);
		return execution.errorText;
	} finally {
		sandbox.setFaults([]);
	}
}

async function voiceDripLine({ rest, sandbox }, save) {
	const before = sandbox.messages().length;
	const run = async (line, phone) => {
		await haveWritten(sandbox, phone);
		const workflow = await save('voice-drip', (draft) => {
			pin(draft, 'Settings', { line, campaign: 'welcome', earliestHour: 9, latestHour: 20 });
			pin(draft, 'Contacts', { contacts: [contact('Ada', phone, zoneWhereItIs(12))] });
		});
		return await rest.run(workflow, 'Every Hour');
	};
	const spelled = await run('+1 (555) 010-0002', '+14155550140');
	assert.equal(spelled.status, 'success', spelled.errorText);
	assert.deepEqual(
		sandbox
			.messages()
			.slice(before)
			.map(({ from_number: from }) => from),
		[LINES[1]],
	);

	const foreign = await run('+15550109999', '+14155550141');
	assert.equal(foreign.status, 'error');
	assert.match(foreign.errorText, /\+15550109999 of Settings is none of your Sendblue lines/);
	assert.equal(sandbox.messages().length, before + 1);
	return foreign.errorText;
}

async function crmWebhook({ rest, sandbox, standIns, server }, save) {
	const workflow = await save('crm-event-webhook');
	await rest.activate(workflow);
	try {
		const event = { eventId: 'e-1001', contactId: '42', firstName: 'Ada', phone: PERSON, event: 'signed up' };
		await callCrmWebhook(server.url, event);
		const execution = await rest.nextExecution(workflow);
		const message = assertSent(execution, sandbox);
		const status = standIns.requests.findLast(({ path: called }) => called === '/api/contacts/42');
		assert.deepEqual(status.body, { voiceNoteStatus: 'sent', voiceNoteHandle: message.message_handle });
		const speech = standIns.requests.findLast(({ path: called }) => called === '/v1/audio/speech');
		assert.match(speech.body.input, /Ada.*signed up/);

		const sent = sandbox.messages().length;
		await callCrmWebhook(server.url, event);
		await callCrmWebhook(server.url, { ...event, eventId: 'e-1003' });
		await rest.firstExecutions(workflow, 3);
		assert.equal(sandbox.messages().length, sent + 1);
		const statuses = standIns.requests.filter(({ path: called }) => called === '/api/contacts/42').slice(-2);
		const written = statuses.map(({ body }) => body.voiceNoteStatus);
		assert.deepEqual(written.sort(), ['sent', 'sent before']);
		return `${status.method} ${status.path}`;
	} finally {
		await rest.deactivate(workflow);
	}
}

async function crmWebhookRefused({ rest, sandbox, standIns }, save) {
	const before = sandbox.messages().length;
	const workflow = await save('crm-event-webhook', (draft) => {
		pin(draft, 'CRM Event', {
			body: { eventId: 'e-1002', contactId: '43', firstName: 'Nobody', phone: '12', event: 'signed up' },
		});
	});
	const execution = await rest.run(workflow, 'CRM Event');
	assert.equal(execution.status, 'success', execution.errorText);
	assert.equal(sandbox.messages().length, before);
	const status = standIns.requests.findLast(({ path: called }) => called === '/api/contacts/43');
	assert.match(status.body.voiceNoteStatus, /^not confirmed: .*'To'/);
	return status.body.voiceNoteStatus;
}

async function crmHubspot({ rest, sandbox }, save) {
	const workflow = await save('crm-event-hubspot', (draft) => {
		pin(draft, 'HubSpot Trigger', { contactId: 42, propertyName: 'lifecyclestage', propertyValue: 'customer' });
		pin(draft, 'Get Contact', {
			vid: 42,
			properties: {
				firstname: { value: 'Ada' },
				email: { value: 'ada@example.com' },
				phone: { value: '(415) 555-0123' },
			},
		});
		pin(draft, 'Write Status', { vid: 42, isNew: false });
	});
	const execution = await rest.run(workflow, 'HubSpot Trigger');
	const message = assertSent(execution, sandbox);
	assert.equal(message.to_number, PERSON);
	assert.equal(execution.items('Sent')[0].json.messageHandle, message.message_handle);
	assert.equal(execution.items('Write Status').length, 1);
	return message.message_handle;
}

async function voiceAgent({ rest, sandbox, standIns }, save) {
	const workflow = await save('voice-agent');
	await rest.activate(workflow);
	try {
		const before = sandbox.messages().length;
		const [heard] = sandbox.messages().filter(({ media }) => media?.base64);
		assert.ok(heard, 'no voice note to answer');
		await until('the webhook of the trigger', async () => {
			const { deliveries } = await sandbox.deliverInbound({
				from_number: PERSON,
				sendblue_number: LINES[0],
				media: { fileName: 'AudioMessage.caf', base64: heard.media.base64 },
			});
			return deliveries.some(({ delivered }) => delivered) ? true : undefined;
		});
		const execution = await rest.nextExecution(workflow);
		assertSent(execution, sandbox);
		const [answer] = sandbox
			.messages()
			.slice(before)
			.filter(({ is_outbound: isOurs }) => isOurs);
		assert.equal(answer.to_number, PERSON);
		const transcribed = standIns.requests.findLast(({ path: called }) => called === '/v1/audio/transcriptions');
		assert.match(transcribed.body, /OggS/);
		return answer.message_handle;
	} finally {
		await rest.deactivate(workflow);
	}
}

/**
 * Calls the webhook as a CRM does. It is there a moment after its workflow was activated.
 *
 * @param {string} url of n8n
 * @param {object} event
 */
async function callCrmWebhook(url, event) {
	const headers = { 'content-type': 'application/json', 'x-secret': 'stand-in' };
	await until('the webhook', async () => {
		const response = await fetch(`${url}/webhook/crm-event`, { method: 'POST', headers, body: JSON.stringify(event) });
		if (response.status === 404) return undefined;
		assert.equal(response.status, 200, await response.text());
		return true;
	});
}

/**
 * A time zone in which it is now that hour. (In zones of this kind, a minus means east.)
 *
 * @param {number} hour
 */
function zoneWhereItIs(hour) {
	const offset = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
	return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}
