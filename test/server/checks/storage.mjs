import assert from 'node:assert/strict';
import { atLeast } from '../lab/environment.mjs';
import { sandboxKeys } from '../lab/lab.mjs';
import { skip } from '../lab/report.mjs';
import { chain, convertToCaf, manualTrigger, node, readFile, sendVoiceNote } from '../lab/workflows.mjs';
import { assertConverted, assertSent } from './voiceNotes.mjs';

/**
 * Where files are kept; in memory, they stand in the items themselves.
 *
 * @typedef {'filesystem' | 'database' | 'memory'} StorageMode
 */

/**
 * The way an n8n keeps files unless it is told otherwise, another one it can be told, and the usual one of workers.
 *
 * @param {{ version: string }} installation
 * @returns {{ usual: StorageMode, other: StorageMode, inQueue: StorageMode }}
 */
export function storageModes({ version }) {
	return atLeast(version, 2, 0)
		? { usual: 'filesystem', other: 'database', inQueue: 'database' }
		: { usual: 'memory', other: 'filesystem', inQueue: 'memory' };
}

/**
 * Checks that a file is kept if it should be.
 *
 * @param {{ id?: string }} file
 * @param {StorageMode} mode
 */
export function assertKept({ id }, mode) {
	if (mode === 'memory') assert.equal(id, undefined);
	else assert.ok(id.startsWith(mode), id);
}

/**
 * Both operations with files kept the way this server keeps them, and in a workflow that keeps files in its JSON.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {StorageMode} mode of the server
 */
export async function checkStorage(report, { home, rest, sandbox, samples }, mode) {
	const needsCombined = () => {
		if (!atLeast(home.installation.version, 2, 0)) skip('this n8n has no such mode');
	};
	const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const run = async (name, nodes, settings) => {
		const workflow = await rest.createWorkflow(chain(name, [manualTrigger(), ...nodes], settings));
		return await rest.run(workflow, 'Start');
	};

	await report.check(`files in the ${mode}: converted and stored there`, async () => {
		const execution = await run('Storage', [readFile(samples.mp3), convertToCaf()]);
		const { file } = await assertConverted(rest, execution);
		assertKept(file, mode);
	});

	await report.check(`files in the ${mode}: a voice note goes from node to node and out`, async () => {
		const nodes = [readFile(samples.mp3), convertToCaf(), sendVoiceNote(credential)];
		const execution = await run('Storage chain', nodes);
		assertSent(execution, sandbox);
		assert.equal(execution.items('Send Voice Note')[0].json.voiceNote.method, 'untouched');
	});

	await report.check(`files in the ${mode}, binary mode combined: found by the field's plain name`, async () => {
		needsCombined();
		const execution = await run('Combined', [readFile(samples.mp3), convertToCaf()], { binaryMode: 'combined' });
		assert.ok(execution.items('Read File')[0].json._files?.data, 'the workflow does not keep files in its JSON');
		await assertConverted(rest, execution);
	});

	await report.check(`files in the ${mode}, binary mode combined: found by an expression`, async () => {
		needsCombined();
		const expression = { binaryPropertyName: '={{ $json._files.data }}' };
		const nodes = [readFile(samples.mp3), sendVoiceNote(credential, expression)];
		assertSent(await run('Combined expression', nodes, { binaryMode: 'combined' }), sandbox);
	});

	await report.check(`files in the ${mode}: an expression finds the file of an earlier node`, async () => {
		const between = node('Other Node', 'n8n-nodes-base.set', 3.4, { options: {}, includeOtherFields: true });
		const expression = { binaryPropertyName: "={{ $('Read File').item.binary.data }}" };
		const nodes = [readFile(samples.mp3), between, sendVoiceNote(credential, expression)];
		assertSent(await run('Earlier node', nodes), sandbox);
	});
}
