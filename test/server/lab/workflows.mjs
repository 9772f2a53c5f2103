import { randomUUID } from 'node:crypto';

/** Type of the package's node in a workflow. */
export const SENDBLUE_NODE = 'n8n-nodes-sendblue.sendblue';
const SENDBLUE_TRIGGER = 'n8n-nodes-sendblue.sendblueTrigger';

/**
 * @param {string} name
 * @param {string} type
 * @param {number} typeVersion
 * @param {object} [parameters]
 * @param {object} [rest] of the node, such as credentials
 */
export function node(name, type, typeVersion, parameters = {}, rest = {}) {
	return { id: randomUUID(), name, type, typeVersion, parameters, position: [0, 0], ...rest };
}

/**
 * A workflow of nodes one after another.
 *
 * @param {string} name
 * @param {any[]} nodes
 * @param {object} [settings]
 */
export function chain(name, nodes, settings = {}) {
	const placed = nodes.map((each, index) => ({ ...each, position: [index * 240, 0] }));
	const links = nodes
		.slice(1)
		.map((next, index) => [nodes[index].name, { main: [[{ node: next.name, type: 'main', index: 0 }]] }]);
	return {
		name,
		nodes: placed,
		connections: Object.fromEntries(links),
		settings: { executionOrder: 'v1', ...settings },
		active: false,
	};
}

export const manualTrigger = () => node('Start', 'n8n-nodes-base.manualTrigger', 1);

/** @param {string} path where the webhook is */
export const webhook = (path) =>
	node(
		'Webhook',
		'n8n-nodes-base.webhook',
		2,
		{ httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		{ webhookId: randomUUID() },
	);

/** Fires every other second. */
export const scheduleTrigger = () =>
	node('Schedule', 'n8n-nodes-base.scheduleTrigger', 1.2, {
		rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] },
	});

/** @param {string} file to put on the item as `data` */
export const readFile = (file) =>
	node('Read File', 'n8n-nodes-base.readWriteFile', 1, { operation: 'read', fileSelector: file, options: {} });

/**
 * Asks a service for speech, which it gives as Base64 in JSON.
 *
 * @param {string} url of the service
 */
export const synthesize = (url) =>
	node('Text to Speech', 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url: `${url}/v1/text:synthesize`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '{ "input": { "text": "Hello" }, "audioConfig": { "audioEncoding": "MP3" } }',
		options: {},
	});

/**
 * A phone number as the editor saves it.
 *
 * @param {string} value
 */
export const byNumber = (value) => ({ __rl: true, mode: 'number', value });

/**
 * A line, a contact or a group as the editor saves it when it was picked from the list.
 *
 * @param {string} value
 */
export const fromList = (value) => ({ __rl: true, mode: 'list', value });

/**
 * The package's node.
 *
 * @param {string} name
 * @param {object} parameters
 * @param {{ id: string, name: string }} [credential]
 */
export const sendblue = (name, parameters, credential) =>
	node(name, SENDBLUE_NODE, 1, parameters, credential ? { credentials: { sendblueApi: credential } } : {});

/** @param {object} [parameters] */
export const convertToCaf = (parameters = {}) =>
	sendblue('Convert to CAF', { resource: 'voiceNote', operation: 'convertToCaf', ...parameters });

/**
 * @param {{ id: string, name: string }} credential
 * @param {object} [parameters]
 */
export const sendVoiceNote = (credential, parameters = {}) =>
	sendblue(
		'Send Voice Note',
		{
			resource: 'voiceNote',
			operation: 'send',
			from: fromList('+15550100001'),
			to: byNumber('+14155550123'),
			...parameters,
		},
		credential,
	);

/**
 * @param {{ id: string, name: string }} credential
 * @param {object} [parameters]
 */
export const sendblueTrigger = (credential, parameters = {}) =>
	node(
		'Sendblue Trigger',
		SENDBLUE_TRIGGER,
		1,
		{ event: 'messageReceived', ...parameters },
		{
			webhookId: randomUUID(),
			credentials: { sendblueApi: credential },
		},
	);
