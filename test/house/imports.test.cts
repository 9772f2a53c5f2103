/** Imports run one way: the table of rooms in build/check/rooms.cjs is what the source does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { isAllowed, isAllowedPackage, roomTable, wrongDirections } = require('../../build/check/directions.cjs') as {
	isAllowed(from: string, to: string, typeOnly: boolean): boolean;
	isAllowedPackage(from: string, specifier: string): boolean;
	roomTable(): string;
	wrongDirections(root: string): string[];
};
const { readModule } = require('../../build/check/modules.cjs') as {
	readModule(file: string): { imports: { specifier: string; names: string[]; typeOnly: boolean }[] };
};

const ROOT = resolve(__dirname, '../..');
const NODE = 'nodes/Sendblue';

describe('the source', () => {
	it('has no import that the table does not have', () => {
		expect(wrongDirections(ROOT)).toEqual([]);
	});

	it('is described in CONTRIBUTING.md by the same table', () => {
		expect(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')).toContain(roomTable());
	});
});

describe('the table', () => {
	const direction = (from: string, to: string, typeOnly = false) =>
		isAllowed(`${NODE}/${from}`, `${NODE}/${to}`, typeOnly);

	it.each([
		['Sendblue.node.ts', 'actions/router.ts'],
		['actions/message/send.operation.ts', 'sending/send.ts'],
		['actions/message/send.operation.ts', 'voiceNote/index.ts'],
		['actions/message/send.operation.ts', 'actions/message/message.operations.ts'],
		['sending/send.ts', 'sendblue/types.ts'],
		['sendblue/phoneNumbers.ts', 'sendblue/vendor/phone.ts'],
		['n8n/itemErrors.ts', 'sendblue/errors.ts'],
		['voiceNote/index.ts', 'voiceNote/pipeline/remux.ts'],
		['voiceNote/pipeline/remux.ts', 'voiceNote/containers/caf/readCaf.ts'],
		['voiceNote/containers/ogg/readOgg.ts', 'voiceNote/codecs/opus/opusPacket.ts'],
		['voiceNote/codecs/aac/aacDecoder.ts', 'voiceNote/bits/bitReader.ts'],
		['voiceNote/dsp/downmix.ts', 'voiceNote/errors.ts'],
	])('lets %s import %s', (from, to) => {
		expect(direction(from, to)).toBe(true);
	});

	it.each([
		['Sendblue.node.ts', 'sendblue/types.ts'],
		['sending/send.ts', 'n8n/itemErrors.ts'],
		['sending/send.ts', 'voiceNote/errors.ts'],
		['sendblue/http/call.ts', 'sending/send.ts'],
		['sendblue/http/call.ts', 'n8n/transport.ts'],
		['actions/message/send.operation.ts', 'trigger/events.ts'],
		['actions/message/send.operation.ts', 'voiceNote/pipeline/remux.ts'],
		['parameters/values.ts', 'actions/router.ts'],
		['voiceNote/index.ts', 'sendblue/types.ts'],
		['voiceNote/errors.ts', 'voiceNote/pcm/block.ts'],
		['voiceNote/codecs/opus/opusPacket.ts', 'voiceNote/containers/ogg/readOgg.ts'],
		['voiceNote/containers/ogg/readOgg.ts', 'voiceNote/pipeline/remux.ts'],
		['voiceNote/dsp/downmix.ts', 'voiceNote/codecs/registry.ts'],
		['voiceNote/toVoiceNote.ts', 'voiceNote/vendor/libopus.ts'],
		['somewhere/else.ts', 'sendblue/types.ts'],
	])('does not let %s import %s', (from, to) => {
		expect(direction(from, to)).toBe(false);
		expect(direction(from, to, true)).toBe(false);
	});

	it('lets the room that knows n8n have types of the others, and no more than errors and limits', () => {
		expect(direction('n8n/binaryInput.ts', 'voiceNote/index.ts', true)).toBe(true);
		expect(direction('n8n/binaryInput.ts', 'voiceNote/index.ts')).toBe(false);
		expect(direction('n8n/binaryInput.ts', 'voiceNote/limits.ts')).toBe(true);
	});

	it('names the packages of each room', () => {
		expect(isAllowedPackage(`${NODE}/actions/router.ts`, 'n8n-workflow')).toBe(true);
		expect(isAllowedPackage(`${NODE}/voiceNote/index.ts`, 'n8n-workflow')).toBe(false);
		expect(isAllowedPackage(`${NODE}/sending/send.ts`, 'n8n-workflow')).toBe(false);
		expect(isAllowedPackage(`${NODE}/voiceNote/vendor/mpg123.ts`, 'mpg123-decoder')).toBe(true);
		expect(isAllowedPackage(`${NODE}/actions/router.ts`, 'mpg123-decoder')).toBe(false);
	});
});

describe('reading a file', () => {
	it('sees every way to import, and whether it is types alone', () => {
		const folder = mkdtempSync(join(tmpdir(), 'imports-'));
		try {
			const file = join(folder, 'every.ts');
			writeFileSync(
				file,
				`import { a, type B } from './named';
				import type { C } from './types';
				import { type D } from './typesByName';
				import * as all from './all';
				import standard from './standard';
				import './effects';
				export { e as f } from './again';
				export type { G } from './againTypes';
				export * from './everything';
				type H = import('./typeOf').H;
				const { i } = require('./required') as { i: 1 };
				const j = async () => (await import('./late')).j;
				const text = 'import k from "./text"';`,
			);
			expect(readModule(file).imports.map(({ specifier, names, typeOnly }) => [specifier, names, typeOnly])).toEqual([
				['./named', ['a', 'B'], false],
				['./types', ['C'], true],
				['./typesByName', ['D'], true],
				['./all', ['*'], false],
				['./standard', ['default'], false],
				['./effects', [], false],
				['./again', ['e'], false],
				['./againTypes', ['G'], true],
				['./everything', ['*'], false],
				['./typeOf', ['H'], true],
				['./required', ['i'], false],
				['./late', ['j'], false],
			]);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
