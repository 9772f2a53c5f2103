import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { examplesDir } from './places.mjs';

/** The address of Sendblue in the examples. */
const SENDBLUE_URL = 'https://api.sendblue.com';

/** Every example, by the name of its file, the simplest first. */
export const EXAMPLES = [
	'first-voice-note',
	'text-to-speech-file',
	'text-to-speech-base64',
	'convert-only',
	'ask-and-wait',
	'ask-and-wait-replies',
	'voice-drip',
	'crm-event-webhook',
	'crm-event-hubspot',
	'voice-agent',
];

/** The data table that the two workflows of ask-and-wait share. */
export const WAITING_TABLE = {
	name: 'Waiting for a reply',
	columns: [
		{ name: 'number', type: 'string' },
		{ name: 'resumeUrl', type: 'string' },
	],
};

/**
 * @param {string} name
 * @returns {Promise<string>} the example as a person imports it
 */
export async function exampleText(name) {
	return await readFile(path.join(examplesDir, `${name}.json`), 'utf8');
}

/**
 * Fits an example into a lab: the sandbox and the stand-ins in the place of the services, and the lab's credentials.
 * Nothing else is changed.
 *
 * @param {string} name
 * @param {Pick<import('./lab.mjs').Lab, 'sandbox' | 'standIns'>} lab
 * @param {ExampleCredentials} credentials
 * @param {(workflow: any) => void} [change] further changes
 */
export async function fittedExample(name, { sandbox, standIns }, credentials, change) {
	const text = standIns.localise(await exampleText(name)).replaceAll(SENDBLUE_URL, sandbox.url);
	const workflow = withCredentials(JSON.parse(text), credentials);
	change?.(workflow);
	return workflow;
}

/**
 * Chooses the credentials in an example, as a person does after importing it.
 *
 * @param {any} workflow
 * @param {ExampleCredentials} credentials
 */
export function withCredentials(workflow, credentials) {
	for (const node of workflow.nodes) {
		const type = credentialType(node);
		if (type && credentials[type]) node.credentials = { [type]: credentials[type] };
	}
	return workflow;
}

/**
 * @typedef {Partial<Record<'sendblueApi' | 'httpHeaderAuth' | 'openAiApi', { id: string, name: string }>>}
 *   ExampleCredentials
 */

/**
 * Makes the credentials the examples ask for.
 *
 * @param {import('./restClient.mjs').RestClient} rest
 * @param {{ id: string, name: string }} sendblueApi
 * @param {{ url: string }} standIns
 * @returns {Promise<ExampleCredentials>}
 */
export async function exampleCredentials(rest, sendblueApi, standIns) {
	const header = { name: 'x-secret', value: 'stand-in' };
	return {
		sendblueApi,
		httpHeaderAuth: await rest.createCredential('Header of the stand-ins', 'httpHeaderAuth', header),
		openAiApi: await rest.createCredential('OpenAI stand-in', 'openAiApi', {
			apiKey: 'stand-in',
			url: `${standIns.url}/v1`,
		}),
	};
}

/**
 * The type of credential a node asks for; none if it needs none, or one that tests pin.
 *
 * @param {any} node
 * @returns {keyof ExampleCredentials | undefined}
 */
function credentialType({ type, parameters }) {
	if (type.startsWith('n8n-nodes-sendblue.')) return 'sendblueApi';
	if (type.endsWith('.lmChatOpenAi')) return 'openAiApi';
	if (parameters.authentication === 'headerAuth') return 'httpHeaderAuth';
	return parameters.nodeCredentialType ?? parameters.genericAuthType;
}
