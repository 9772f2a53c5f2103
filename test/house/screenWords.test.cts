/**
 * Only the rooms that face the user know the editor's names: the API, sending and audio rooms speak plain English, and
 * the code that shows their errors adds the names. Every name in an error must be one that the editor shows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';
import ts from 'typescript';

import { SendblueApi } from '../../credentials/SendblueApi.credentials';
import { ALL_FIELD_NAMES } from '../../nodes/Sendblue/n8n/screenWords';
import { Sendblue } from '../../nodes/Sendblue/Sendblue.node';
import { SendblueTrigger } from '../../nodes/Sendblue/SendblueTrigger.node';

const NODE = resolve(__dirname, '../../nodes/Sendblue');

/** The string literals of a file and the pieces of its templates, without those that are no words. */
function textsOf(file: string): string[] {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
	const texts: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
			texts.push(node.text);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	const words = texts.map((text) => text.replaceAll('Windows Media', '').replace(/\{\{.*?\}\}/g, ''));
	return words.filter((text) => /[a-z] [a-zA-Z]/.test(text));
}

/** The texts of a room, each with its file. */
function textsIn(room: string): Array<{ file: string; text: string }> {
	return readdirSync(join(NODE, room), { recursive: true })
		.map(String)
		.filter((file) => file.endsWith('.ts') && !file.includes('vendor'))
		.flatMap((file) => textsOf(join(NODE, room, file)).map((text) => ({ file: join(room, file), text })));
}

/** A property with all that it holds. */
function withInner(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).flatMap((option) => ('displayName' in option ? [option] : []));
	return [property, ...inner.flatMap((option) => ('values' in option ? option.values : [option])).flatMap(withInner)];
}

/** What fields, operations and choices are called on the screen. */
const properties = [new Sendblue(), new SendblueTrigger(), new SendblueApi()]
	.flatMap((type) => ('description' in type ? type.description.properties : type.properties))
	.flatMap(withInner);
const fieldLabels = new Set(properties.map(({ displayName }) => displayName));
const choices = properties.flatMap(({ options = [] }) =>
	options.flatMap((option) => ('value' in option ? option.name : [])),
);
const operations = properties
	.filter(({ name }) => name === 'operation' || name === 'resource')
	.flatMap(({ options = [] }) => options.map((option) => ('name' in option ? option.name : '')));

/** Names that only the screen has; names of one word are told from other words by standing within a sentence. */
const screenNames = [...new Set([...fieldLabels, ...operations])].filter((label) => !/^(API|URL|CAF)$/.test(label));
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const ON_SCREEN = new RegExp(`(?:[a-z,;:] |["'“‘*])(?:${screenNames.map(escaped).join('|')})(?![\\w-])`);
const WORDS_OF_N8N = /\b(n8n|nodes?|workflows?|credentials?|items?|README|parameter '|field')\b/i;

describe.each(['sendblue', 'sending', 'voiceNote'])('%s/', (room) => {
	it('knows no field, option or operation by its name', () => {
		expect(textsIn(room).filter(({ text }) => ON_SCREEN.test(text))).toEqual([]);
	});

	it('knows neither n8n nor what it calls things', () => {
		expect(textsIn(room).filter(({ text }) => WORDS_OF_N8N.test(text))).toEqual([]);
	});
});

it('the test finds such names where they are', () => {
	expect(ON_SCREEN.test("Choose one of the account's lines in From.")).toBe(true);
	expect(ON_SCREEN.test('Switch on Re-Host, so that it is uploaded.')).toBe(true);
	expect(ON_SCREEN.test('Shorten it, raise Maximum Duration (Seconds).')).toBe(true);
	expect(ON_SCREEN.test('Send it again. Text is wanted.')).toBe(false);
	expect(textsIn('n8n').some(({ text }) => ON_SCREEN.test(text))).toBe(true);
});

describe('names in errors', () => {
	it('of fields that Sendblue refuses are on the screen', () => {
		expect(ALL_FIELD_NAMES.filter((name) => !fieldLabels.has(name))).toEqual([]);
	});

	it('in quotes are on the screen', () => {
		const known = [...new Set([...fieldLabels, ...choices, 'On Error', 'Fixed', 'Expression', 'From List'])].sort(
			(a, b) => b.length - a.length,
		);
		const quoted = new RegExp(`'(?:${known.map(escaped).join('|')})'`, 'g');
		const left = textsIn('n8n').map(({ file, text }) => ({ file, text: text.replace(quoted, '') }));
		expect(left.filter(({ text }) => /(?<!\w)'[A-Z][\w -]+'(?!\w)/.test(text))).toEqual([]);
	});
});
