'use strict';

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.cts'],
	moduleFileExtensions: ['cts', 'ts', 'cjs', 'js', 'mjs', 'json', 'node'],
	transform: { '\\.c?ts$|\\.mjs$|/libopus-wasm/': '<rootDir>/test/support/esbuildTransform.cjs' },
	transformIgnorePatterns: ['/node_modules/(?!libopus-wasm/)'],
	// The bundled codecs are taken from the build: what is tested is what is shipped.
	moduleNameMapper: {
		// Test helpers are .cts files, which TypeScript wants imported as .cjs.
		'^(\\.{1,2}/.*support/[^.]+)\\.cjs$': '$1',
		// The libopus that the tests compare with is an ES module, which jest does not load.
		'^libopus-wasm$': '<rootDir>/node_modules/libopus-wasm/dist/index.js',
		'/vendor/(phone|addresses)$': '<rootDir>/dist/nodes/Sendblue/sendblue/vendor/$1.js',
		'/vendor/([A-Za-z0-9]+)$': '<rootDir>/dist/nodes/Sendblue/voiceNote/vendor/$1.js',
	},
	coverageProvider: 'v8',
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts', '!**/vendor/**'],
	testTimeout: 30_000,
};
