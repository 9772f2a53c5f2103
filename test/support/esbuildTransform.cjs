'use strict';

// Lets jest run TypeScript: esbuild strips the types, with the source map inline for stack traces and coverage.
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
		});
		return { code, map };
	},
};
