'use strict';

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.cts'],
	moduleFileExtensions: ['cts', 'ts', 'cjs', 'js', 'json', 'node'],
	transform: { '\\.c?ts$': '<rootDir>/test/support/esbuildTransform.cjs' },
	// The bundled codecs are taken from the build: what is tested is what is shipped.
	moduleNameMapper: {
		// Test helpers are .cts files, which TypeScript wants imported as .cjs.
		'^(\\.{1,2}/.*support/[^.]+)\\.cjs$': '$1',
		'/vendor/phone$': '<rootDir>/dist/nodes/Sendblue/vendor/phone.js',
		'/vendor/([A-Za-z0-9]+)$': '<rootDir>/dist/nodes/Sendblue/voiceNote/vendor/$1.js',
	},
	coverageProvider: 'v8',
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts', '!**/vendor/**'],
	testTimeout: 30_000,
};
