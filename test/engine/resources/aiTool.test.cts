import type { IDataObject } from 'n8n-workflow';

import { resourceWorld } from '../support/operationSuite.cts';
import { LINE, PERSON, sandboxCredential } from '../support/sendblueWorkflow.cts';

const world = resourceWorld('message');
const FROM = { __rl: true, mode: 'list', value: LINE };

const fromAI = (name: string) => `={{ $fromAI('${name}', '', 'string') }}`;

/** Has an agent call the node as its tool; the answer is the JSON the model reads. */
async function callTool(parameters: IDataObject, toolArguments: IDataObject): Promise<IDataObject[]> {
	const result = await world.engine.run({
		items: [{ json: toolArguments }],
		nodes: [
			{ name: 'Agent', type: 'test.agent', parameters: {} },
			{ name: 'Sendblue', type: world.engine.typeOf('sendblueTool'), parameters, toolOf: 'Agent' },
		],
		credentials: sandboxCredential(world.sandbox),
	});
	const [{ answer, error }] = result.agentCalls;
	expect(error).toBeUndefined();
	return JSON.parse(answer ?? '') as IDataObject[];
}

describe('as a tool of an AI agent', () => {
	it('sends what the model wrote to whom it chose', async () => {
		const to = { __rl: true, mode: 'number', value: fromAI('person') };
		const parameters = { resource: 'message', operation: 'send', from: FROM, to, content: fromAI('text') };
		const answer = await callTool(parameters, { person: PERSON, text: 'Hello from a model' });

		expect(answer).toEqual([expect.objectContaining({ number: PERSON, status: 'QUEUED' })]);
		expect(world.sandbox.messages()[0].content).toBe('Hello from a model');
	});

	it('reads and looks up', async () => {
		const handle = await world.account.sendText(LINE, PERSON, 'A question');
		const read = { resource: 'message', operation: 'get', messageHandle: fromAI('handle') };
		const check = {
			resource: 'number',
			operation: 'checkIMessage',
			phoneNumber: { mode: 'number', value: fromAI('person') },
		};

		expect(await callTool(read, { handle })).toEqual([expect.objectContaining({ content: 'A question' })]);
		expect(await callTool({ ...check, phoneNumber: { __rl: true, ...check.phoneNumber } }, { person: PERSON })).toEqual(
			[{ number: PERSON, service: 'iMessage', hasIMessage: true }],
		);
	});
});
