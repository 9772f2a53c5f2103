import type { IDataObject } from 'n8n-workflow';

import type { Sandbox } from '../../sandbox/index.cjs';
import { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY } from '../../sandbox/index.cjs';
import type { Engine, WorkflowNode } from './engine.cjs';

/** A line of the sandbox's account, and somebody to write to. */
export const LINE = '+15550100001';
export const PERSON = '+14155550123';

/** The credential of the sandbox's account. */
export function sandboxCredential(sandbox: Sandbox, changes: IDataObject = {}) {
	return {
		sendblueApi: {
			apiKeyId: SANDBOX_KEY_ID,
			apiSecretKey: SANDBOX_SECRET_KEY,
			baseUrl: sandbox.url,
			...changes,
		},
	};
}

/** The node with the operation Convert to CAF. */
export function convertNode(
	engine: Engine,
	parameters: IDataObject = {},
	rest: Partial<WorkflowNode> = {},
): WorkflowNode {
	return {
		name: 'Sendblue',
		type: engine.typeOf('sendblue'),
		parameters: { resource: 'voiceNote', operation: 'convertToCaf', ...parameters },
		...rest,
	};
}

/** The node with the operation Send Voice Note, from the first line to one person, without pacing. */
export function sendNode(
	engine: Engine,
	{ options, ...parameters }: IDataObject = {},
	rest: Partial<WorkflowNode> = {},
): WorkflowNode {
	return {
		name: 'Sendblue',
		type: engine.typeOf('sendblue'),
		parameters: {
			resource: 'voiceNote',
			operation: 'send',
			from: { __rl: true, mode: 'list', value: LINE },
			to: PERSON,
			...parameters,
			options: { messagesPerSecond: 1_000, ...(options as IDataObject) },
		},
		...rest,
	};
}
