'use strict';

/** Imports run one way: judges every import below nodes/ and credentials/ by the table in `rooms.cjs`. */
const { readdirSync } = require('node:fs');
const path = require('node:path');
const { readModule, resolveImport } = require('./modules.cjs');
const { FACES, ROOMS } = require('./rooms.cjs');

const FOLDERS = ['nodes', 'credentials'];

/**
 * @param {string} file its path from the root of the project
 * @returns {import('./rooms.cjs').Room | undefined}
 */
const roomOf = (file) => ROOMS.find(({ files }) => files.test(file));

const includesRoom = (names, room) => names.some((name) => (FACES[name] ?? [name]).includes(room.name));

/**
 * @param {string} from
 * @param {string} to
 * @param {boolean} typeOnly
 * @returns {boolean} whether the table has this direction
 */
function isAllowed(from, to, typeOnly) {
	const [room, other] = [roomOf(from), roomOf(to)];
	if (!room || !other) return false;
	if (room === other || includesRoom(room.imports, other)) return true;
	return room.some !== undefined && includesRoom(room.some.rooms, other) && (typeOnly || room.some.modules.test(to));
}

/**
 * @param {string} from
 * @param {string} specifier
 * @returns {boolean} whether a file of that room may import the package
 */
function isAllowedPackage(from, specifier) {
	const packages = roomOf(from)?.packages ?? [];
	return packages.includes('*') || packages.includes(specifier);
}

/**
 * @param {string} root of the project
 * @returns {string[]} a sentence for each import that the table does not have, and for each file that is in no room
 */
function wrongDirections(root) {
	const files = FOLDERS.flatMap((folder) =>
		readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, String(name))),
	).filter((file) => file.endsWith('.ts'));
	return files.flatMap((file) => [
		...(roomOf(file) ? [] : [`${file} is in no room of build/check/rooms.cjs`]),
		...readModule(path.join(root, file)).imports.flatMap((one) => wrongImports(root, file, one)),
	]);
}

function wrongImports(root, file, { specifier, typeOnly, line }) {
	const wrong = (to) => `${file}:${line} (${roomOf(file)?.name}) imports ${to}`;
	if (!specifier.startsWith('.')) return isAllowedPackage(file, specifier) ? [] : [wrong(`the package ${specifier}`)];
	return resolveImport(path.join(root, file), specifier)
		.map((target) => path.relative(root, target))
		.filter((target) => target.endsWith('.ts') && !isAllowed(file, target, typeOnly))
		.map((target) => wrong(`${target} (${roomOf(target)?.name})`));
}

/** The table of rooms in Markdown, as CONTRIBUTING.md shows it. */
function roomTable() {
	const rows = ROOMS.map(({ name, holds, imports, some }) => {
		const may = imports.map((other) => `\`${other}\``);
		if (some) may.push(`${some.words} of ${some.rooms.map((other) => `\`${other}\``).join(', ')}`);
		return `| \`${name}\` | ${holds} | ${may.join(', ') || 'nothing'} |`;
	});
	return ['| Room | What is in it | What it may import |', '|---|---|---|', ...rows].join('\n');
}

module.exports = { isAllowed, isAllowedPackage, roomTable, wrongDirections };
