import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sandboxKeys } from '../lab/lab.mjs';
import { chain, manualTrigger, readFile, sendVoiceNote } from '../lab/workflows.mjs';
import { assertReceived } from './voiceNotes.mjs';

const CREDENTIAL = { id: 'commandLineKeys1', name: 'Command line' };
const WORKFLOW_ID = 'commandLineFlow1';

/**
 * Imports a credential and a workflow and executes it, all by n8n's command line.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkCommandLine(report, { home, sandbox, samples }) {
	await report.check('n8n execute sends a voice note without the server', async () => {
		const credentialsFile = path.join(home.folder, 'credentials.json');
		const workflowFile = path.join(home.folder, 'workflow.json');
		const nodes = [manualTrigger(), readFile(samples.mp3), sendVoiceNote(CREDENTIAL)];
		await writeFile(
			credentialsFile,
			JSON.stringify([{ ...CREDENTIAL, type: 'sendblueApi', data: sandboxKeys(sandbox) }]),
		);
		await writeFile(workflowFile, JSON.stringify({ id: WORKFLOW_ID, ...chain('Command line', nodes) }));

		await succeed(home, 'import:credentials', `--input=${credentialsFile}`);
		await succeed(home, 'import:workflow', `--input=${workflowFile}`);
		const output = await succeed(home, 'execute', `--id=${WORKFLOW_ID}`, '--rawOutput');
		const { runData } = firstJson(output).data.resultData;
		const [{ json }] = runData['Send Voice Note'][0].data.main[0];
		return assertReceived(json, sandbox).message_handle;
	});
}

/**
 * @param {import('../lab/n8nProcess.mjs').Home} home
 * @param {...string} args
 */
async function succeed(home, ...args) {
	const { code, output } = await home.command(...args);
	assert.equal(code, 0, output.slice(-1_500));
	return output;
}

/**
 * The JSON among the lines of a log: from a line that opens an object to the one that closes it.
 *
 * @param {string} output
 */
function firstJson(output) {
	const start = output.indexOf('\n{') + 1;
	const end = output.indexOf('\n}', start) + 2;
	assert.ok(start > 0 && end > start, `no JSON in: ${output.slice(-1_500)}`);
	return JSON.parse(output.slice(start, end));
}
