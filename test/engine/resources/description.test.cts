import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';

import { startEngine, type Engine } from '../support/engine.cjs';

const SCHEMAS = path.resolve(__dirname, '../../../dist/nodes/Sendblue/__schema__/v1.0.0');

let engine: Engine;
let description: INodeTypeDescription;

beforeAll(async () => {
	engine = await startEngine();
	const found = engine.loader.types.nodes.find(({ name }) => name === 'sendblue');
	if (!found) throw new Error('The package has no node sendblue');
	description = found;
});
afterAll(() => engine.stop());

const optionsOf = (property: INodeProperties | undefined) => (property?.options ?? []) as INodePropertyOptions[];

const propertiesCalled = (name: string) => description.properties.filter((property) => property.name === name);

/** Every operation with its resource. */
const operations = () =>
	propertiesCalled('operation').flatMap((property) => {
		const [resource] = (property.displayOptions?.show?.resource ?? []) as string[];
		return optionsOf(property).map((option) => ({ resource, ...option, value: String(option.value) }));
	});

describe('what the editor and models read about the node', () => {
	it('offers operations for each resource', () => {
		const resources = optionsOf(propertiesCalled('resource')[0]).map(({ value }) => value);

		expect(resources).toEqual([
			'contact',
			'contactCard',
			'group',
			'line',
			'media',
			'message',
			'number',
			'voiceNote',
			'webhook',
		]);
		expect([...new Set(operations().map(({ resource }) => resource))].sort()).toEqual(resources);
	});

	it('tells of each operation what it does, in words no other has', () => {
		for (const { action, description: words } of operations()) {
			expect(action).toMatch(/^[A-Z][A-Za-z0-9 ]+$/);
			expect(words).toMatch(/^[A-Z].{15,}/);
		}
		const actions = operations().map(({ action }) => action);
		expect(new Set(actions).size).toBe(actions.length);
	});

	it('has a default operation for each resource that is one of its own', () => {
		for (const property of propertiesCalled('operation')) {
			expect(optionsOf(property).map(({ value }) => value)).toContain(property.default);
		}
	});

	it('has an output schema for each operation, and none for others', () => {
		const known = operations().map(({ resource, value }) => `${resource}/${value}.json`);

		expect(known.filter((file) => !existsSync(path.join(SCHEMAS, file)))).toEqual([]);
		const files = readdirSync(SCHEMAS).flatMap((folder) =>
			readdirSync(path.join(SCHEMAS, folder)).map((file) => `${folder}/${file}`),
		);
		expect(files.filter((file) => !known.includes(file))).toEqual([]);
	});

	it('gives a field one meaning wherever it stands', () => {
		const types = new Map<string, string>();
		for (const { name, type } of description.properties) {
			// A hidden one keeps the value of a field that moved readable.
			if (type === 'hidden') continue;
			expect(`${name}: ${types.get(name) ?? type}`).toBe(`${name}: ${type}`);
			types.set(name, type);
		}
	});

	it('is found by what people call it', () => {
		expect(description.codex?.alias).toEqual(
			expect.arrayContaining(['imessage', 'voice memo', 'audio message', 'caf', 'tapback', 'group chat']),
		);
		expect(description.usableAsTool).toBe(true);
	});
});
