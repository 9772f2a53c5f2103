import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { step } from './progress.mjs';

/** What follows the folder's name while it is being filled. */
const UNFINISHED = '.unfinished-';

/**
 * Whether a folder was filled, up to its last file.
 *
 * @param {string} folder
 * @param {string} lastFile
 */
export function isInstalled(folder, lastFile) {
	return existsSync(path.join(folder, lastFile));
}

/**
 * Fills a folder once, for all who need it at this moment or later.
 *
 * It gets its name when it is complete, so that what was interrupted is never taken for an installation; that is
 * removed, and the work begun again. So is a folder of that name that lacks its last file.
 *
 * @param {string} folder
 * @param {string} lastFile the file, from the folder, that is there when all else is
 * @param {(draft: string) => Promise<void>} install fills the folder under another name
 */
export async function installOnce(folder, lastFile, install) {
	const isComplete = () => isInstalled(folder, lastFile);
	if (isComplete()) return;
	await mkdir(path.dirname(folder), { recursive: true });
	await withLock(`${folder}.lock`, async () => {
		if (isComplete()) return;
		// Under another name first: removing takes a while, and may be interrupted too.
		if (existsSync(folder)) await rename(folder, `${folder}${UNFINISHED}${randomUUID()}`);
		await removeUnfinished(folder);
		const draft = await mkdtemp(`${folder}${UNFINISHED}`);
		await install(draft);
		await rename(draft, folder);
	});
}

/** @param {string} folder */
async function removeUnfinished(folder) {
	const parent = path.dirname(folder);
	const names = await readdir(parent);
	const left = names.filter((name) => name.startsWith(path.basename(folder) + UNFINISHED));
	if (left.length === 0) return;
	await step('Removing what an interrupted installation left', async () => {
		for (const name of left) await rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 5 });
	});
}
