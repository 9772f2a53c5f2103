'use strict';

/**
 * An element of an array or a record may be missing: TypeScript's `noUncheckedIndexedAccess`, for the rooms that read what
 * people type and servers answer. `voiceNote/` is left out: its arrays are samples and packets in loops over their own
 * length, where checking each element would show nothing and take time.
 */
const path = require('node:path');
const ts = require('typescript');

const LEFT_OUT = /\/nodes\/Sendblue\/voiceNote\//;

/**
 * @param {string} root of the project
 * @returns {string[]} a sentence for each finding
 */
function indexedAccess(root) {
	const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
	const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
	const program = ts.createProgram(fileNames, { ...options, noEmit: true, noUncheckedIndexedAccess: true });
	return program
		.getSourceFiles()
		.filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && !LEFT_OUT.test(fileName))
		.flatMap((file) => program.getSemanticDiagnostics(file))
		.map(({ file, start, messageText }) => {
			const { line } = file.getLineAndCharacterOfPosition(start);
			return `${path.relative(root, file.fileName)}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
		});
}

module.exports = { indexedAccess };
