import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../sandbox/index.cjs';
import { startEngine, type Engine, type FeedItem, type RunResult, type WorkflowNode } from './engine.cjs';
import type { OutputSchema } from './schemaMismatches.cjs';

import { schemaMismatches } from './schemaMismatches.cts';
import { SendblueAccount } from './sendblueAccount.cts';
import { sandboxCredential } from './sendblueWorkflow.cts';

const SCHEMAS = path.resolve(__dirname, '../../../dist/nodes/Sendblue/__schema__/v1.0.0');

/** What the API says where a test makes it refuse. */
const REFUSAL = 'The sandbox refuses this once';

/** One operation, with what every operation is tested by. */
export interface OperationCase {
	operation: string;
	/** Takes what differs between the items from expressions. */
	parameters: IDataObject;
	/** Prepares the account and returns the JSON of three items. */
	items: (account: InstanceType<typeof SendblueAccount>) => Promise<IDataObject[]>;
	/** What the output of an item holds at least; for several outputs per item, each of them. */
	output: (item: IDataObject) => IDataObject;
	/** The request that the API is made to refuse. */
	request: { method: string; path: string };
	/** What else must hold after the three items. */
	afterwards?: (sandbox: Sandbox, items: IDataObject[]) => void;
	/** Files of every item. */
	files?: FeedItem['files'];
}

/** What the tests of a resource share. */
export interface ResourceWorld {
	readonly sandbox: Sandbox;
	readonly engine: Engine;
	readonly account: InstanceType<typeof SendblueAccount>;
	/** Runs one operation over items. */
	run(operation: string, parameters: IDataObject, items?: FeedItem[], rest?: Partial<WorkflowNode>): Promise<RunResult>;
	/** Runs one operation over one empty item and returns the JSON of its output. */
	outputOf(operation: string, parameters: IDataObject, json?: IDataObject): Promise<IDataObject[]>;
	/** Runs one operation over one empty item and returns its error. */
	errorOf(operation: string, parameters: IDataObject, json?: IDataObject): Promise<NonNullable<RunResult['error']>>;
	/** The requests the node made since the items were prepared. */
	requests(): string[];
}

/** Starts engine and sandbox for the tests of one resource, and stops them in the end. */
export function resourceWorld(resource: string): ResourceWorld {
	let sandbox: Sandbox;
	let engine: Engine;

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await startEngine();
	});
	afterEach(() => sandbox.reset());
	afterAll(async () => {
		await sandbox.close();
		await engine.stop();
	});

	const run: ResourceWorld['run'] = async (operation, parameters, items = [{ json: {} }], rest = {}) => {
		const node = {
			name: 'Sendblue',
			type: engine.typeOf('sendblue'),
			parameters: { resource, operation, ...parameters },
		};
		return await engine.run({ items, nodes: [{ ...node, ...rest }], credentials: sandboxCredential(sandbox) });
	};
	return {
		get sandbox() {
			return sandbox;
		},
		get engine() {
			return engine;
		},
		get account() {
			return new SendblueAccount(sandbox);
		},
		run,
		async outputOf(operation, parameters, json = {}) {
			const result = await run(operation, parameters, [{ json }]);
			expect(result.error).toBeUndefined();
			return result.items('Sendblue').map((item) => item.json);
		},
		async errorOf(operation, parameters, json = {}) {
			const result = await run(operation, parameters, [{ json }]);
			if (!result.error) throw new Error(`${operation} succeeded: ${JSON.stringify(result.items('Sendblue'))}`);
			return result.error;
		},
		requests: () => sandbox.requests().map(({ method, path: requested }) => `${method} ${requested}`),
	};
}

/** How the sandbox answers: with every field in every documented spelling, or with those alone that Sendblue's SDK types. */
export const SHAPES = ['full', 'sdk'] as const;

/**
 * The tests every operation has to pass, whichever shape the answers have: three items by expressions, schema, a refusal,
 * and going on after one.
 */
export function describeOperation(world: ResourceWorld, resource: string, given: OperationCase): void {
	const { operation, parameters, request } = given;
	const feed = async (): Promise<FeedItem[]> => {
		const items = await given.items(world.account);
		return items.map((json) => ({ json, ...(given.files ? { files: given.files } : {}) }));
	};
	const refuse = (nth: number): void =>
		world.sandbox.setFaults([
			{ ...request, nth, times: 1, kind: 'status', status: 400, body: { status: 'ERROR', error_message: REFUSAL } },
		]);

	describe.each(SHAPES)(`${resource}: ${operation}, answers in shape %s`, (shape) => {
		beforeEach(() => void world.sandbox.setSettings({ shape }));

		it('works on three items with expressions, paired, as its schema says', async () => {
			const items = await feed();
			const result = await world.run(operation, parameters, items);

			expect(result.error).toBeUndefined();
			const output = result.items('Sendblue');
			items.forEach(({ json = {} }, index) => {
				const own = output.filter((item) => itemOf(item) === index);
				expect(own.length).toBeGreaterThan(0);
				for (const item of own) expect(item.json).toMatchObject(given.output(json));
			});
			expect(output.map(itemOf)).toEqual(output.map(itemOf).sort());
			const schema = JSON.parse(
				readFileSync(path.join(SCHEMAS, resource, `${operation}.json`), 'utf8'),
			) as OutputSchema;
			expect(output.flatMap(({ json }) => schemaMismatches(schema, json))).toEqual([]);
			given.afterwards?.(
				world.sandbox,
				items.map(({ json = {} }) => json),
			);
		});

		it('shows a refusal in the words of Sendblue', async () => {
			const [item] = await feed();
			refuse(1);
			const result = await world.run(operation, parameters, [item]);

			expect(result.error).toMatchObject({ name: 'NodeApiError', httpCode: '400', context: { itemIndex: 0 } });
			expect(result.error?.message).toContain(REFUSAL);
		});

		it('goes on after a refusal if it continues on fail', async () => {
			const items = await feed();
			refuse(2);
			const result = await world.run(operation, parameters, items, { onError: 'continueRegularOutput' });

			const output = result.items('Sendblue');
			const refused = output.filter(({ json }) => json.error);
			expect(refused).toHaveLength(1);
			expect(refused[0].json).toMatchObject({
				...items[itemOf(refused[0])].json,
				error: expect.stringContaining(REFUSAL),
			});
			expect(new Set(output.map(itemOf))).toEqual(new Set([0, 1, 2]));
		});
	});
}

/** The input item an output is paired with. */
function itemOf({ pairedItem }: INodeExecutionData): number {
	return (pairedItem as { item: number }).item;
}
