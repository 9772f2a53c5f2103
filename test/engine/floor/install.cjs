'use strict';

/**
 * Installs the oldest supported engine into this folder where it is missing. Run by the test command; exits with 1
 * where the registry could not be reached, so that the caller can say by name what was not tested.
 */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ATTEMPTS = 3;

const { dependencies } = require('./package.json');

/** Whether every dependency is there, in the version asked for. */
function isInstalled() {
	return Object.entries(dependencies).every(([name, version]) => {
		const manifest = path.join(__dirname, 'node_modules', name, 'package.json');
		return fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, 'utf8')).version === version;
	});
}

function install() {
	const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
	spawnSync(npm, ['install', '--prefix', __dirname, ...options], {
		cwd: __dirname,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
}

/** Installs the engine if need be; false where that did not work. */
function ensureFloorEngine() {
	for (let attempt = 0; attempt < ATTEMPTS && !isInstalled(); attempt++) install();
	return isInstalled();
}

module.exports = { ensureFloorEngine };

if (require.main === module) process.exitCode = ensureFloorEngine() ? 0 : 1;
