/**
 * Promises that nobody waits for, in what n8n's lint does not read (`.cts`, `.mjs`, `.cjs`). Biome, which checks the
 * rest there, does not know the types of Node's own functions and so misses most of them.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parser, plugin } from 'typescript-eslint';

const here = path.dirname(fileURLToPath(import.meta.url));

export default [
	{ ignores: ['dist/', '.cache/', 'coverage/', 'test/engine/floor/', 'test/fixtures/'] },
	{
		files: ['**/*.cts', '**/*.mjs', '**/*.cjs', '**/*.js'],
		languageOptions: { parser, parserOptions: { project: path.join(here, 'tsconfig.json') } },
		plugins: { promises: plugin },
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			'promises/no-floating-promises': 'error',
			'promises/no-misused-promises': 'error',
			'promises/await-thenable': 'error',
		},
	},
];
