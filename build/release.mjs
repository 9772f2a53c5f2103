#!/usr/bin/env node
/**
 * `npm run release -- VERSION`: prepares a release in the local repository. Publishing happens in the workflow that the
 * pushed tag starts, since only there npm can attest where the package was built.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [, , version] = process.argv;
const git = (...gitArguments) => execFileSync('git', gitArguments, { encoding: 'utf8' }).trim();

function refuse(reason) {
	console.error(reason);
	process.exit(1);
}

if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) refuse('Usage: npm run release -- 1.2.3');
if (git('status', '--porcelain') !== '') refuse('There are uncommitted changes.');
if (git('tag', '--list', version) !== '') refuse(`The tag ${version} exists already.`);
if (!readFileSync('CHANGELOG.md', 'utf8').includes(`\n## ${version}\n`))
	refuse(`CHANGELOG.md has no section ${version}.`);

execFileSync('npm', ['version', version, '--no-git-tag-version', '--allow-same-version'], { stdio: 'inherit' });
git('add', 'package.json', 'package-lock.json');
if (git('diff', '--cached', '--name-only') !== '') git('commit', '--message', `Release ${version}`);
git('tag', '--annotate', version, '--message', version);
console.log(`Tagged ${version}. To publish it: git push --follow-tags`);
