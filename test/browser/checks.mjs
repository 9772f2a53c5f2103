import assert from 'node:assert/strict';
import { LINES, sandboxKeys } from '../server/lab/lab.mjs';
import { SPEECH_SECONDS } from '../server/lab/sampleAudio.mjs';
import { byNumber, chain, convertToCaf, manualTrigger, readFile, sendVoiceNote } from '../server/lab/workflows.mjs';

/** What people look for when they need this node. */
const SEARCHES = ['voice note', 'imessage', 'caf'];

/** In which an example with its notes fits, in pixels. */
const WIDE_WINDOW = { width: 2300, height: 850 };

/** Who the note goes to in these tests. */
const PERSON = '+14155550142';

/**
 * The package is in the list of community nodes, with its version.
 *
 * @param {Tools} tools
 */
export async function checkPanel({ report, editor, lab }) {
	await report.check('Settings show the installed package', async () => {
		await editor.page.goto(`${editor.url}/settings/community-nodes`);
		const card = editor.page.getByTestId('community-package-card').filter({ hasText: lab.tarball.name }).first();
		await card.waitFor();
		const text = await card.innerText();
		assert.ok(text.includes(lab.tarball.version), text);
		await editor.picture('community-nodes');
	});
}

/**
 * @typedef {object} Tools
 * @property {import('../server/lab/report.mjs').Report} report
 * @property {import('./editor.mjs').Editor} editor
 * @property {import('../server/lab/lab.mjs').Lab} lab
 * @property {{ id: string, name: string }} credential
 */

/**
 * From an empty place on the canvas to a sent voice note.
 *
 * @param {Tools} tools
 */
export async function checkFirstNote({ report, editor, lab }) {
	const { page } = editor;
	const workflow = await lab.rest.createWorkflow(chain('First note', [manualTrigger(), readFile(lab.samples.mp3)]));
	await editor.openWorkflow(workflow);
	await editor.openNodeList();

	for (const words of SEARCHES) {
		await report.check(`the node is found by "${words}"`, async () => {
			await editor.searchNodes(words);
			await editor.listedNode('Sendblue').waitFor();
			assert.match(await editor.listedNode('Sendblue').innerText(), /Send Apple voice notes/);
			if (words === 'voice note') await editor.picture('search');
		});
	}

	await report.check('it is added with the action Send voice note', async () => {
		await editor.listedNode('Sendblue').click();
		await page.getByTestId('node-creator').getByText('Send voice note', { exact: true }).click();
		await page.getByTestId('ndv').waitFor();
	});

	await report.check('a line is picked from the list', async () => {
		await page.getByTestId('rlc-input').first().click();
		const lines = page.getByTestId('rlc-item');
		await lines.first().waitFor();
		const names = await lines.allInnerTexts();
		await editor.picture('lines');
		assert.ok(
			names.some((name) => name.includes(LINES[1])),
			names.join(' | '),
		);
		await lines.filter({ hasText: LINES[1] }).click();
		await editor.fillParameter('to', PERSON);
		await editor.picture('send-voice-note');
	});

	await report.check('the workflow runs and the note arrives', async () => {
		const before = lab.sandbox.messages().length;
		await editor.closeNode();
		const added = page.locator('[data-test-id="canvas-node"][data-node-name^="Send"]').last();
		const name = await added.getAttribute('data-node-name');
		await editor.executeWorkflow();
		await editor.waitForSuccess(name);
		await editor.picture('workflow');
		const [message] = lab.sandbox.messages().slice(before);
		assert.equal(message.to_number, PERSON);
		assert.equal(message.from_number, LINES[1]);
		await editor.openNode(name);
		await editor.seeOutput('json', 'message_handle', 'voiceNote');
		await editor.picture('sent');
		await editor.closeNode();
	});
}

/**
 * A conversion and its file.
 *
 * @param {Tools} tools
 */
export async function checkConversion({ report, editor, lab }) {
	await report.check('Convert to CAF shows the JSON and the file', async () => {
		const nodes = [manualTrigger(), readFile(lab.samples.mp3), convertToCaf()];
		await editor.openWorkflow(await lab.rest.createWorkflow(chain('Conversion', nodes)));
		await editor.executeWorkflow();
		await editor.waitForSuccess('Convert to CAF');
		await editor.openNode('Convert to CAF');
		await editor.seeOutput('json', 'durationSeconds');
		await editor.picture('converted-json');
		await editor.seeOutput('binary', 'AudioMessage.caf');
		await editor.picture('converted-file');
		await editor.closeNode();
	});
}

/**
 * The MP3 beside a voice note is heard in the panel.
 *
 * @param {Tools} tools
 */
export async function checkPlayableCopy({ report, editor, lab }) {
	await report.check('the panel plays the copy of a voice note', async () => {
		const convert = convertToCaf({ options: { playableCopy: true } });
		const nodes = [manualTrigger(), readFile(lab.samples.mp3), convert];
		await editor.openWorkflow(await lab.rest.createWorkflow(chain('Playable copy', nodes)));
		await editor.executeWorkflow();
		await editor.waitForSuccess('Convert to CAF');
		await editor.openNode('Convert to CAF');
		await editor.seeOutput('json', 'durationSeconds');
		await editor.seeOutput('binary', 'AudioMessage.mp3');
		const heard = await editor.playFile('playable');
		await editor.picture('playable-copy');
		await editor.closeNode();
		// As long as the sample, and what a browser states may count the padding.
		assert.ok(Math.abs(heard.duration - SPEECH_SECONDS) < 0.1, `${heard.duration} s`);
		assert.ok(heard.position > 0, 'it does not play');
		return `${heard.duration.toFixed(3)} s`;
	});
}

/**
 * What a person reads when something is wrong.
 *
 * @param {Tools} tools
 */
export async function checkMessages({ report, editor, lab, credential }) {
	const wrongKeys = { ...sandboxKeys(lab.sandbox), apiSecretKey: 'wrong' };
	const wrong = await lab.rest.createCredential('Wrong key', 'sendblueApi', wrongKeys);
	const { mp3, png } = lab.samples;
	const cases = [
		{
			name: 'a wrong number',
			nodes: [readFile(mp3), sendVoiceNote(credential, { to: byNumber('555-12') })],
			says: /'To'/,
			advises: /country code/,
		},
		{
			name: 'a wrong key',
			nodes: [readFile(mp3), sendVoiceNote(wrong)],
			says: /did not accept the API key/,
			advises: /credential/,
		},
		{ name: 'a picture', nodes: [readFile(png), convertToCaf()], says: /PNG/, advises: /MP3/ },
	];
	for (const { name, nodes, says, advises } of cases) {
		await report.check(`${name} is explained`, async () => {
			const workflow = await lab.rest.createWorkflow(chain(name, [manualTrigger(), ...nodes]));
			await editor.openWorkflow(workflow);
			await editor.executeWorkflow();
			const last = nodes.at(-1).name;
			await editor.waitForFailure(last);
			await editor.openNode(last);
			const { message, hint } = await editor.shownError();
			await editor.picture(name.replaceAll(' ', '-'));
			assert.match(message, says);
			assert.match(`${message} ${hint}`, advises);
			await editor.closeNode();
			return `${message} | ${hint}`;
		});
	}
	// The editor gives a new node the newest credential.
	await lab.rest.call('DELETE', `/rest/credentials/${wrong.id}`);
}

/**
 * The examples look right, with their notes.
 *
 * @param {Tools} tools
 * @param {{ id: string, name: string }} workflow an imported example
 * @param {string} picture name
 */
export async function checkExample({ report, editor }, workflow, picture) {
	await report.check(`the example "${workflow.name}" opens without an unknown node`, async () => {
		const { page } = editor;
		const usual = page.viewportSize();
		// All of it at once, in letters that can be read.
		await page.setViewportSize(WIDE_WINDOW);
		await editor.openWorkflow(workflow);
		await page.getByTestId('sticky').first().waitFor();
		assert.equal(await page.getByText('Install this node').count(), 0);
		await editor.picture(picture);
		await page.setViewportSize(usual);
	});
}

/**
 * The dialog of the credential, which tests the keys when it opens.
 *
 * @param {Tools} tools
 */
export async function checkCredentialDialog({ report, editor, credential }) {
	await report.check('the credential says that the keys are right', async () => {
		await editor.page.goto(`${editor.url}/home/credentials/${credential.id}`);
		await editor.page.getByTestId('credentials-config-container-test-success').waitFor();
		await editor.picture('credential');
	});
}
