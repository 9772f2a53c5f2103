'use strict';

/** Reads from a source file's syntax alone what it imports, what it takes from there, and what it exports. */
const { existsSync, readFileSync, statSync } = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

/** Everything of a module, if one name cannot be told from another. */
const ALL = '*';

/**
 * @typedef {{ specifier: string, names: string[], typeOnly: boolean, line: number }} Import
 *   `names` are those the other module exports; `ALL` stands for each of them
 * @typedef {{ name: string, isType: boolean, usedInside: boolean, line: number }} Export
 * @typedef {{ file: string, imports: Import[], exports: Export[], texts: string[] }} Module
 *   `texts` are the string literals, by which a file may be named that is run and not imported
 */

/**
 * @param {string} file
 * @returns {Module}
 */
function readModule(file) {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, scriptKind(file));
	const lineOf = (node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
	const uses = new Map();
	const module = { file, imports: [], exports: [], texts: [] };

	const visit = (node) => {
		if (ts.isIdentifier(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
		if (ts.isStringLiteralLike(node)) module.texts.push(node.text);
		const found = importOf(node);
		if (found) module.imports.push({ ...found, line: lineOf(node) });
		module.exports.push(...exportsOf(node).map((one) => ({ ...one, line: lineOf(node) })));
		// The types of JavaScript files are in their comments.
		for (const comment of node.jsDoc ?? []) ts.forEachChild(comment, visit);
		ts.forEachChild(node, visit);
	};
	visit(source);
	// A name stands once if it is declared.
	for (const one of module.exports) one.usedInside = (uses.get(one.local ?? one.name) ?? 0) > one.mentions;
	return module;
}

function scriptKind(file) {
	return /\.[cm]?ts$/.test(file) ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}

/** What a node of the syntax tree imports; undefined for one that imports nothing. */
function importOf(node) {
	if (ts.isImportDeclaration(node)) {
		const clause = node.importClause;
		return { specifier: node.moduleSpecifier.text, ...namesOfClause(clause), typeOnly: isTypeOnly(clause) };
	}
	if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
		const names = node.exportClause && ts.isNamedExports(node.exportClause) ? elementNames(node.exportClause) : [ALL];
		return { specifier: node.moduleSpecifier.text, names, typeOnly: node.isTypeOnly };
	}
	if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
		return { specifier: node.argument.literal.text, names: [firstName(node.qualifier) ?? ALL], typeOnly: true };
	}
	if (ts.isCallExpression(node) && isLoading(node) && node.arguments[0] && ts.isStringLiteralLike(node.arguments[0])) {
		return { specifier: node.arguments[0].text, names: namesTaken(node), typeOnly: false };
	}
	return undefined;
}

function namesOfClause(clause) {
	const names = [];
	if (clause?.name) names.push('default');
	const bindings = clause?.namedBindings;
	if (bindings && ts.isNamespaceImport(bindings)) names.push(ALL);
	if (bindings && ts.isNamedImports(bindings)) names.push(...elementNames(bindings));
	return { names };
}

const elementNames = ({ elements }) => elements.map((element) => (element.propertyName ?? element.name).text);

function isTypeOnly(clause) {
	if (!clause) return false;
	if (clause.isTypeOnly) return true;
	const bindings = clause.namedBindings;
	return (
		!clause.name &&
		bindings !== undefined &&
		ts.isNamedImports(bindings) &&
		bindings.elements.length > 0 &&
		bindings.elements.every((element) => element.isTypeOnly)
	);
}

function firstName(qualifier) {
	if (!qualifier) return undefined;
	return ts.isQualifiedName(qualifier) ? firstName(qualifier.left) : qualifier.text;
}

/** `require(…)`, `import(…)` and jest's `requireActual(…)`. */
function isLoading({ expression }) {
	if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
	if (ts.isIdentifier(expression)) return expression.text === 'require';
	return ts.isPropertyAccessExpression(expression) && expression.name.text === 'requireActual';
}

/** The names that the code around `require(…)` takes from what it gives. */
function namesTaken(call) {
	let value = call;
	while (
		ts.isAwaitExpression(value.parent) ||
		ts.isParenthesizedExpression(value.parent) ||
		ts.isAsExpression(value.parent)
	) {
		value = value.parent;
	}
	const { parent } = value;
	if (ts.isPropertyAccessExpression(parent) && parent.name.text !== 'then') return [parent.name.text];
	if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name)) {
		return parent.name.elements.map((element) => (element.propertyName ?? element.name).text);
	}
	return [ALL];
}

/** What a node of the syntax tree exports, with how often the export itself mentions the name. */
function exportsOf(node) {
	if (ts.isExportAssignment(node)) return [{ name: 'default', isType: false, mentions: 0 }];
	if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause)) {
		return node.exportClause.elements.map(({ name, propertyName, isTypeOnly: isType }) => ({
			name: name.text,
			local: (propertyName ?? name).text,
			isType: isType || node.isTypeOnly,
			mentions: 2,
		}));
	}
	if (ts.isExpressionStatement(node)) return commonJsExports(node.expression);
	if (!ts.canHaveModifiers(node) || !ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
		return [];
	}
	const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
	return declaredNames(node).map((name) => ({ name, isType, mentions: 1 }));
}

function declaredNames(node) {
	if (!ts.isVariableStatement(node)) return node.name ? [node.name.text] : ['default'];
	const namesOf = (name) =>
		ts.isIdentifier(name)
			? [name.text]
			: name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesOf(element.name)));
	return node.declarationList.declarations.flatMap(({ name }) => namesOf(name));
}

/** `module.exports = { … }` and `exports.name = …`. */
function commonJsExports(expression) {
	if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return [];
	const target = expression.left.getText();
	const single = /^(?:module\.)?exports\.(\w+)$/.exec(target);
	if (single) return [{ name: single[1], isType: false, mentions: 2 }];
	if (target !== 'module.exports' || !ts.isObjectLiteralExpression(expression.right)) return [];
	return expression.right.properties
		.filter(({ name }) => name)
		.map((property) => ({ name: property.name.text, isType: false, mentions: 2 }));
}

/**
 * The files that a relative import stands for: one, or a JavaScript file and its types. Empty for packages.
 *
 * @param {string} from the file that imports
 * @param {string} specifier
 * @returns {string[]}
 */
function resolveImport(from, specifier) {
	if (!specifier.startsWith('.')) return [];
	const base = path.join(path.dirname(from), specifier);
	const candidates = [
		base,
		...['.ts', '.cts', '.mjs', '.cjs', '.js', '.d.ts', '.d.cts', '/index.ts', '/index.cts'].map((end) => base + end),
		base.replace(/\.cjs$/, '.cts'),
		base.replace(/\.cjs$/, '.d.cts'),
		base.replace(/\.mjs$/, '.d.mts'),
	];
	return [...new Set(candidates)].filter((file) => existsSync(file) && statSync(file).isFile());
}

module.exports = { ALL, readModule, resolveImport };
