import type { IExecuteFunctions } from 'n8n-workflow';

import { runScope } from '../../../nodes/Sendblue/n8n/execution';
import { heldMemories, sentMemory as memoryOf } from '../../../nodes/Sendblue/sending/memories';

const MINUTE_MS = 60_000;

let now = Date.parse('2026-11-22T10:00:00Z');
let executions = 0;

beforeEach(() => {
	// Beyond what any memory of the tests before lasts.
	now += 60 * MINUTE_MS;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});

afterEach(() => jest.restoreAllMocks());

interface Scope {
	executionId?: string;
	nodeId?: string;
	runIndex?: number;
	onFinish?: (handler: () => void) => void;
}

function contextOf({ executionId, nodeId = 'node', runIndex = 0, onFinish }: Scope): IExecuteFunctions {
	const context = {
		getExecutionId: () => executionId,
		getNode: () => ({ id: nodeId, type: 'n8n-nodes-sendblue.sendblue' }),
		getWorkflowDataProxy: () => ({ $runIndex: runIndex }),
		...(onFinish ? { onExecutionFinish: onFinish } : {}),
	};
	return context as unknown as IExecuteFunctions;
}

const sentMemory = (context: IExecuteFunctions) =>
	memoryOf(runScope(context), (forget) => context.onExecutionFinish?.(forget));

const newExecution = () => `execution-${++executions}`;

test('tries of one run share a memory; other executions, nodes and runs have their own', () => {
	const executionId = newExecution();
	const memory = sentMemory(contextOf({ executionId }));
	expect(sentMemory(contextOf({ executionId }))).toBe(memory);
	expect(sentMemory(contextOf({ executionId: newExecution() }))).not.toBe(memory);
	expect(sentMemory(contextOf({ executionId, nodeId: 'other' }))).not.toBe(memory);
	expect(sentMemory(contextOf({ executionId, runIndex: 1 }))).not.toBe(memory);
});

test('without an execution ID nothing is remembered', () => {
	expect(sentMemory(contextOf({}))).not.toBe(sentMemory(contextOf({})));
});

test('a memory ends with its execution', () => {
	const handlers: Array<() => void> = [];
	const scope = { executionId: newExecution(), onFinish: (handler: () => void) => void handlers.push(handler) };
	const memory = sentMemory(contextOf(scope));
	expect(handlers).toHaveLength(1);
	handlers[0]();
	expect(sentMemory(contextOf(scope))).not.toBe(memory);
});

test('a memory that is not used ends after some time, one at work does not', () => {
	const idle = { executionId: newExecution() };
	const busy = { executionId: newExecution() };
	const forgotten = sentMemory(contextOf(idle));
	const kept = sentMemory(contextOf(busy));
	kept.atWork = 1;
	now += 10 * MINUTE_MS;
	expect(sentMemory(contextOf(idle))).toBe(forgotten);
	now += 20 * MINUTE_MS;
	expect(sentMemory(contextOf(idle))).not.toBe(forgotten);
	expect(sentMemory(contextOf(busy))).toBe(kept);
	kept.atWork = 0;
});

test('many executions do not add up, and the last one stays', () => {
	sentMemory(contextOf({ executionId: newExecution() }));
	let last = { executionId: '' };
	for (let index = 0; index < 60; index++) {
		last = { executionId: newExecution() };
		const { sends } = sentMemory(contextOf(last));
		for (let item = 0; item < 1_000; item++) sends.set(String(item), { outcome: 'sent', result: {} });
	}
	expect(heldMemories()).toBeLessThan(25);
	expect(sentMemory(contextOf(last)).sends.size).toBe(1_000);
});
