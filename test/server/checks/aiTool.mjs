import assert from 'node:assert/strict';
import { agentWorkflow } from '../lab/agentWorkflow.mjs';
import { PERSON, sandboxKeys } from '../lab/lab.mjs';

/**
 * An AI agent uses the node as a tool. The model is a stand-in that calls the tool it is offered.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkAiTool(report, { rest, sandbox, standIns }) {
	const openAi = await rest.createCredential('Model', 'openAiApi', { apiKey: 'none', url: `${standIns.url}/v1` });
	const sendblue = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const workflow = await rest.createWorkflow(agentWorkflow(openAi, sendblue));

	await report.check('an AI agent sends a voice note with the node as its tool', async () => {
		const before = sandbox.messages().length;
		standIns.callTool({ audio_url: `${standIns.url}/audio/Speech.mp3`, phone_number: PERSON });
		const execution = await rest.run(workflow, 'Start');
		assert.equal(execution.status, 'success', execution.errorText);
		const [message] = sandbox.messages().slice(before);
		assert.ok(message, `nothing was sent; the agent said: ${JSON.stringify(execution.items('AI Agent')[0]?.json)}`);
		assert.equal(message.to_number, PERSON);
		assert.match(message.media.fileName, /\.caf$/);
		const { output } = execution.items('AI Agent')[0].json;
		assert.match(output, new RegExp(message.message_handle));
		// Simplified, unless the tool is set to something else.
		assert.doesNotMatch(output, /account_?email/i);
		return 'the agent got the message handle back';
	});

	await report.check('an agent that gives a wrong address gets a hint and sends nothing', async () => {
		const before = sandbox.messages().length;
		standIns.callTool({ audio_url: 'not an address', phone_number: PERSON });
		const execution = await rest.run(workflow, 'Start');
		assert.equal(sandbox.messages().length, before);
		const said = execution.items('AI Agent')[0]?.json.output ?? execution.errorText;
		assert.match(said, /Audio URL/);
		return said.slice(0, 160);
	});
	standIns.callTool(undefined);
}
