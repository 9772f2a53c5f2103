import assert from 'node:assert/strict';
import { LINES, PERSON, sandboxKeys } from '../server/lab/lab.mjs';
import { agentWorkflow } from '../server/lab/agentWorkflow.mjs';
import {
	byNumber,
	chain,
	convertToCaf,
	fromList,
	manualTrigger,
	readFile,
	sendblue,
	sendblueTrigger,
	sendVoiceNote,
} from '../server/lab/workflows.mjs';
import { Recorder } from './recorder.mjs';

/** The longest the film may be, in seconds. */
const LONGEST_SECONDS = 300;

/** H.264, which every player and every form for uploads takes. */
const FILM = ['-vf', 'fps=12,pad=ceil(iw/2)*2:ceil(ih/2)*2', '-c:v', 'libx264', '-crf', '24', '-pix_fmt', 'yuv420p'];

/** How long a viewer looks at a result, in seconds. */
const LOOK_SECONDS = 3;

/**
 * Films what n8n's reviewers ask to see: the installation, the credential's test, every resource, the trigger, an agent.
 * What is seen stands at the foot of the picture, so that a person can speak over it.
 *
 * @param {import('./pictures.mjs').Studio} studio
 */
export async function filmForReviewers({ lab, openEditor, openSentPage, place }) {
	let recorder;
	const editor = await openEditor('light', async (page) => {
		recorder = new Recorder(page);
		await recorder.drawPointer();
		await recorder.drawCaptions();
	});
	const { page } = editor;
	const { rest, samples } = lab;
	const scene = { editor, recorder, lab };
	const begun = Date.now();
	await recorder.start();

	await recorder.caption('1. Installed from n8n’s own panel: no runtime dependencies, no scripts');
	await editor.installPackage(lab.tarball.name);
	await recorder.hold(LOOK_SECONDS);

	await recorder.caption('2. The credential: the keys are tested against Sendblue’s list of lines');
	const credential = await rest.createCredential('Sendblue', 'sendblueApi', sandboxKeys(lab.sandbox));
	await page.goto(`${lab.server.url}/home/credentials/${credential.id}`);
	await page.getByTestId('credentials-config-container-test-success').waitFor();
	await recorder.hold(LOOK_SECONDS);

	await recorder.caption('3. Voice Note: any audio is sent as an Apple voice note');
	await showRun(scene, [readFile(samples.mp3), sendVoiceNote(credential, { to: byNumber(PERSON) })]);
	await recorder.caption('Voice Note: Convert to CAF gives the file');
	await showRun(scene, [readFile(samples.mp3), convertToCaf()]);
	const sentPage = await openSentPage();
	await recorder.caption('What the recipient gets: a note that plays');
	await page.goto(sentPage.url);
	await page.locator('audio').first().waitFor();
	await recorder.hold(LOOK_SECONDS);
	await sentPage.close();

	const line = fromList(LINES[0]);
	const person = { from: line, to: byNumber(PERSON) };
	for (const [title, parameters] of resources(line, person)) {
		await recorder.caption(title);
		const before = parameters.resource === 'media' ? [readFile(samples.mp3)] : [];
		await showRun(scene, [...before, sendblue(title.split(':')[0], parameters, credential)]);
	}

	await recorder.caption('Sendblue Trigger: a voice note comes in, the audio is on the item');
	await showTrigger(scene, credential);

	await recorder.caption('An AI agent sends a voice note with the node as its tool');
	const openAi = await rest.createCredential('Model', 'openAiApi', { apiKey: 'none', url: `${lab.standIns.url}/v1` });
	lab.standIns.callTool({ audio_url: `${lab.standIns.url}/audio/Speech.mp3`, phone_number: PERSON });
	await editor.openWorkflow(await rest.createWorkflow(agentWorkflow(openAi, credential)));
	await recorder.hold(1);
	await editor.executeWorkflow();
	await editor.waitForSuccess('AI Agent');
	await recorder.hold(LOOK_SECONDS);

	const seconds = (Date.now() - begun) / 1_000;
	const file = await place('.cache', 'pictures', 'reviewers.mp4');
	await recorder.write(file, FILM);
	console.log(`  ${file}, ${seconds.toFixed(0)} s`);
	await page.context().close();
	assert.ok(
		seconds <= LONGEST_SECONDS,
		`the film is ${seconds.toFixed(0)} s long; a machine with less to do is needed`,
	);
}

/**
 * One operation of each further resource, in the order of the node's own list.
 *
 * @param {object} line as the editor saves it
 * @param {object} person with the line that writes to them
 * @returns {[title: string, parameters: any][]}
 */
const resources = (line, person) => [
	['Message: text over iMessage', { resource: 'message', operation: 'send', ...person, content: 'Hello, Ada!' }],
	[
		'Contact: made or updated',
		{ resource: 'contact', operation: 'upsert', contact: byNumber(PERSON), additionalFields: { firstName: 'Ada' } },
	],
	['Contact Card: what a line shows of itself', { resource: 'contactCard', operation: 'get', from: line }],
	[
		'Group: made of numbers',
		{
			resource: 'group',
			operation: 'create',
			from: line,
			numbers: `${PERSON}, +14155550124`,
			groupName: 'Weekend trip',
		},
	],
	['Line: the lines of the account', { resource: 'line', operation: 'getAll', returnAll: true }],
	['Media: a file gets an address', { resource: 'media', operation: 'upload' }],
	['Number: has it iMessage?', { resource: 'number', operation: 'checkIMessage', phoneNumber: byNumber(PERSON) }],
	['Webhook: what Sendblue calls', { resource: 'webhook', operation: 'getAll', returnAll: true }],
];

/**
 * Runs a workflow from the canvas and shows the output of its last node.
 *
 * @param {Scene} scene
 * @param {any[]} nodes after the manual trigger
 */
async function showRun({ editor, recorder, lab }, nodes) {
	const { name } = nodes.at(-1);
	await editor.openWorkflow(await lab.rest.createWorkflow(chain(name, [manualTrigger(), ...nodes])));
	await editor.executeWorkflow();
	await editor.waitForSuccess(name);
	await editor.openNode(name);
	await recorder.hold(LOOK_SECONDS);
	await editor.closeNode();
}

/**
 * Lets somebody write to a line while the trigger listens.
 *
 * @param {Scene} scene
 * @param {{ id: string, name: string }} credential
 */
async function showTrigger({ editor, recorder, lab }, credential) {
	const workflow = await lab.rest.createWorkflow(chain('Incoming', [sendblueTrigger(credential)]));
	await editor.openWorkflow(workflow);
	await editor.executeWorkflow();
	await recorder.hold(2);
	await lab.sandbox.deliverInbound({
		from_number: PERSON,
		sendblue_number: LINES[0],
		content: 'Call me back, please.',
	});
	await editor.waitForSuccess('Sendblue Trigger');
	await editor.openNode('Sendblue Trigger');
	await recorder.hold(LOOK_SECONDS);
	await editor.closeNode();
}

/** @typedef {{ editor: import('./editor.mjs').Editor, recorder: Recorder, lab: import('../server/lab/lab.mjs').Lab }} Scene */
