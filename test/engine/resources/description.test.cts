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
afterAll(async () => await engine.stop());

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
			'voiceNote',
			'message',
			'contact',
			'contactCard',
			'group',
			'line',
			'media',
			'number',
			'webhook',
		]);
		expect([...new Set(operations().map(({ resource }) => resource))].sort()).toEqual([...resources].sort());
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
			// An agent's setup has a plain list in place of the locator, for which n8n offers no choice by the model.
			if (name === 'from' && type === 'options') continue;
			expect(`${name}: ${types.get(name) ?? type}`).toBe(`${name}: ${type}`);
			types.set(name, type);
		}
	});

	it('offers an agent a URL first, and no model the choice of the line', () => {
		const forTool = (name: string, isTool: boolean): INodeProperties[] =>
			propertiesCalled(name).filter(({ displayOptions = {} }) => {
				const condition = isTool ? displayOptions.hide : displayOptions.show;
				return condition?.['@tool'] === undefined;
			});

		for (const { default: source, options } of forTool('audioSource', true)) {
			expect(source).toBe('url');
			expect((options as INodePropertyOptions[])[0].value).toBe('url');
		}
		for (const { default: source } of forTool('audioSource', false)) expect(source).toBe('binary');
		// n8n has its button for the model's choice beside every field but plain lists.
		expect(new Set(forTool('from', true).map(({ type }) => type))).toEqual(new Set(['options']));
		expect(new Set(forTool('from', false).map(({ type }) => type))).toEqual(new Set(['resourceLocator']));
		expect(forTool('toolFilesNotice', true).length).toBeGreaterThan(0);
		expect(forTool('toolFilesNotice', false)).toEqual([]);
	});

	it('has both simplified and raw output wherever there is much of it', () => {
		const shown = ({ displayOptions }: INodeProperties) =>
			`${String(displayOptions?.show?.resource)}/${String(displayOptions?.show?.operation)}`;
		const simplify = propertiesCalled('simplify');

		expect(simplify.map(shown).sort()).toEqual(propertiesCalled('output').map(shown).sort());
		const byDefault = simplify.filter(({ default: isOn }) => isOn === false).map(shown);
		expect(byDefault.sort()).toEqual(['message/send', 'voiceNote/send']);
	});

	it('calls things by one name, in the case and spelling n8n has', () => {
		const named: Array<{ placeholder?: string; words: string }> = [];
		const gather = (list: readonly object[]): void => {
			for (const each of list as INodeProperties[]) {
				const label = each.displayName ?? (each as unknown as INodePropertyOptions).name;
				if (each.type !== 'hidden' && each.type !== 'notice') {
					named.push({ placeholder: each.placeholder, words: `${label} ${each.description ?? ''}` });
				}
				gather((each.options ?? []) as object[]);
				gather((each as unknown as { values?: object[] }).values ?? []);
			}
		};
		gather(description.properties);

		expect(named.length).toBeGreaterThan(200);
		const words = named.map((each) => each.words);
		expect(
			words.filter((text) => /IMessage|ise\b.*loudness|[Cc]olour|[Rr]ecognis|[Nn]ormalis|\(Kb|\(Ms/.test(text)),
		).toEqual([]);
		expect(new Set(propertiesCalled('groupId').map(({ displayName }) => displayName))).toEqual(new Set(['Group']));
		for (const { placeholder = '' } of named) {
			if (/^add /i.test(placeholder)) expect(placeholder).toMatch(/^Add( [A-Z][A-Za-z]+)+$/);
			const [id] = /[0-9A-Fa-f-]{30,}/.exec(placeholder) ?? [];
			if (id) expect(id).toMatch(/^[\dA-Fa-f]{8}(-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}$/);
		}
	});

	it('describes no choice in more than the two lines that the list has room for', () => {
		const cutOff: string[] = [];
		const gather = (list: readonly object[]): void => {
			for (const each of list as INodeProperties[]) {
				const choices = each.type === 'options' ? optionsOf(each) : [];
				cutOff.push(...choices.map(({ description: words = '' }) => words).filter((words) => words.length > 100));
				if (each.type === 'collection') gather(each.options ?? []);
			}
		};
		gather(description.properties);

		expect(cutOff).toEqual([]);
	});

	it('has ten everyday options at most, and the rest in groups', () => {
		for (const { options, displayOptions } of propertiesCalled('options')) {
			const offered = ((options ?? []) as INodeProperties[]).filter(({ type }) => type !== 'hidden');
			expect([displayOptions?.show?.operation, offered.length <= 10]).toEqual([displayOptions?.show?.operation, true]);
		}
	});

	it('is found by what people call it', () => {
		expect(description.codex?.alias).toEqual(
			expect.arrayContaining(['imessage', 'voice memo', 'audio message', 'caf', 'tapback', 'group chat']),
		);
		// n8n's search finds no plural by its singular, and no two words by one.
		expect(description.codex?.alias).toEqual(
			expect.arrayContaining(['send blue', 'voice notes', 'text messages', 'phone number', 'voicemail']),
		);
		expect(description.usableAsTool).toBe(true);
	});
});
