import { createRequire } from 'node:module';
import path from 'node:path';
import { callSendblue } from './callSendblue.mjs';
import { LINES, PERSON } from './lab.mjs';
import { projectDir } from './places.mjs';
import { node } from './workflows.mjs';

const require = createRequire(import.meta.url);

/** People whom the pickers of the editor offer. */
const PEOPLE = [
	{ number: PERSON, first_name: 'Ada', last_name: 'Lovelace' },
	{ number: '+14155550124', first_name: 'Grace', last_name: 'Hopper' },
	{ number: '+14155550125', first_name: 'Alan', last_name: 'Turing' },
];
const GROUP_NAME = 'Weekend trip';

/** What the nodes of HubSpot give in a demo, as pinned data: nobody has to have an account. */
const HUBSPOT_ANSWERS = {
	'HubSpot Trigger': { contactId: 42, propertyName: 'lifecyclestage', propertyValue: 'customer' },
	'Get Contact': {
		vid: 42,
		properties: {
			firstname: { value: 'Ada' },
			email: { value: 'ada@example.com' },
			phone: { value: PERSON },
		},
	},
	'Write Status': { vid: 42, isNew: false },
};

/**
 * Fills the account of a demo: contacts who have written to its line, and a group that talks.
 *
 * @param {any} sandbox
 */
export async function seedPeople(sandbox) {
	const [line] = LINES;
	for (const person of PEOPLE) {
		await callSendblue(sandbox, 'POST', '/api/v2/contacts', person);
		await sandbox.deliverInbound({ from_number: person.number, sendblue_number: line, content: 'Hello!' });
	}
	const numbers = PEOPLE.map(({ number }) => number);
	const group = { from_number: line, numbers, group_name: GROUP_NAME };
	const { group_id } = JSON.parse(await callSendblue(sandbox, 'POST', '/api/create-group', group));
	const hello = { from_number: line, group_id, content: 'Hello, all of you!' };
	await callSendblue(sandbox, 'POST', '/api/send-group-message', hello);
}

/**
 * A voice note as an iPhone sends it, for the sandbox to deliver.
 *
 * @param {Buffer} audio what is said, in any format
 */
export async function spokenNote(audio) {
	const { toVoiceNote } = require(path.join(projectDir, 'dist/nodes/Sendblue/voiceNote/index.js'));
	const { bytes } = await toVoiceNote(new Uint8Array(audio));
	return { fileName: 'Audio Message.caf', base64: Buffer.from(bytes).toString('base64') };
}

/**
 * A workflow whose button lets somebody send the line a voice note, which starts what listens to it.
 *
 * @param {any} sandbox
 * @param {{ fileName: string, base64: string }} media
 */
export function inboundWorkflow(sandbox, media) {
	const body = { from_number: PERSON, sendblue_number: LINES[0], media };
	const about = `## Somebody sends you a voice note\n\nPress **Execute workflow**: ${PERSON} sends one to your line. Every published workflow with a *Sendblue Trigger* starts, and so does one that listens for a test event.`;
	return button('Somebody sends you a voice note', about, `${sandbox.url}/_sandbox/inbound`, body);
}

/**
 * Makes an example run at any hour and without the account of a service that has no stand-in.
 *
 * @param {any} workflow
 */
export function runAnywhere(workflow) {
	const hours = { earliestHour: 0, latestHour: 24 };
	for (const { name, parameters } of workflow.nodes) {
		if (name !== 'Settings') continue;
		for (const assignment of parameters.assignments.assignments) {
			assignment.value = hours[assignment.name] ?? assignment.value;
		}
	}
	const names = new Set(workflow.nodes.map(({ name }) => name));
	for (const [name, json] of Object.entries(HUBSPOT_ANSWERS)) {
		if (names.has('HubSpot Trigger') && names.has(name)) workflow.pinData[name] = [{ json }];
	}
}

/**
 * A workflow whose button calls the webhook of the CRM example.
 *
 * @param {string} serverUrl of n8n
 */
export function crmEventWorkflow(serverUrl) {
	const body = { eventId: 'e-1001', contactId: '42', firstName: 'Ada', phone: PERSON, event: 'signed up' };
	const about =
		'## Your CRM reports an event\n\nPress **Execute workflow**: the published workflow *CRM event (webhook)* is called, as your CRM would call it. The same `eventId` again sends nothing.';
	const headers = [{ name: 'x-secret', value: 'stand-in' }];
	return button('Your CRM reports an event', about, `${serverUrl}/webhook/crm-event`, body, headers);
}

/**
 * @param {string} name
 * @param {string} about
 * @param {string} url
 * @param {object} body
 * @param {{ name: string, value: string }[]} [headers]
 */
function button(name, about, url, body, headers = []) {
	const note = node('About', 'n8n-nodes-base.stickyNote', 1, { content: about, height: 220, width: 320 });
	const start = node('Start', 'n8n-nodes-base.manualTrigger', 1);
	const request = node('Request', 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url,
		...(headers.length > 0 ? { sendHeaders: true, headerParameters: { parameters: headers } } : {}),
		sendBody: true,
		specifyBody: 'json',
		jsonBody: JSON.stringify(body),
		options: {},
	});
	return {
		name,
		nodes: [
			{ ...note, position: [-380, -120] },
			{ ...start, position: [0, 0] },
			{ ...request, position: [220, 0] },
		],
		connections: { Start: { main: [[{ node: 'Request', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
		active: false,
	};
}
