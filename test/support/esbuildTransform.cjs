'use strict';

// Lets jest run TypeScript and ES modules: esbuild strips the types and turns imports into `require`; the source map
// serves stack traces and coverage.
const { pathToFileURL } = require('node:url');
const { transformSync } = require('esbuild');

module.exports = {
	process(source, filename) {
		const { code, map } = transformSync(source, {
			loader: 'ts',
			format: 'cjs',
			target: 'node20',
			sourcefile: filename,
			sourcemap: 'external',
			supported: { 'dynamic-import': false },
			define: { 'import.meta.url': JSON.stringify(pathToFileURL(filename).href) },
		});
		return { code, map };
	},
};
