/**
 * `npm run pictures -- PART…`: makes the pictures of the documentation from the real product, in a real n8n.
 *
 *   mistakes    docs/mistakes.md: every usual mistake with what the node says to it, in both themes
 *   film        docs/pictures/first-note.webp: from an empty place on the canvas to a sent voice note
 *   reviewers   .cache/pictures/reviewers.mp4: everything that n8n's reviewers ask to see, to speak over
 *
 * With `--tarball FILE` the package is taken as it is; else it is built and packed. Needs ffmpeg and Chromium.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { currentN8n } from '../server/lab/installation.mjs';
import { openLab, sandboxKeys } from '../server/lab/lab.mjs';
import { projectDir } from '../server/lab/places.mjs';
import { seedPeople } from '../server/lab/demoWorld.mjs';
import { startSentPage } from '../server/lab/sentPage.mjs';
import { onStop } from '../server/lab/stopping.mjs';
import { packageTarball } from '../server/lab/tarball.mjs';
import { chromiumProgram, launchBrowser, openWindow } from './chromium.mjs';
import { Editor } from './editor.mjs';
import { filmFirstNote } from './firstNoteFilm.mjs';
import { pictureMistakes } from './mistakePictures.mjs';
import { filmForReviewers } from './reviewersFilm.mjs';

/** The parts in the order in which they are made. */
const PARTS = { mistakes: pictureMistakes, film: filmFirstNote, reviewers: filmForReviewers };

const { values, positionals: asked } = parseArgs({
	options: { tarball: { type: 'string' } },
	allowPositionals: true,
});
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS)}`);
const parts = Object.entries(PARTS).filter(([name]) => asked.length === 0 || asked.includes(name));

const program = await chromiumProgram();
if (!program) throw new Error('Chromium is not installed');
const browser = await launchBrowser(program);
onStop(() => browser.close());
const installation = await currentN8n();
const tarball = await packageTarball(values.tarball);
try {
	for (const [name, make] of parts) {
		const lab = await openLab({ installation, tarball });
		try {
			console.log(`\n${name}`);
			await make(studio(lab));
		} finally {
			await lab.close();
		}
	}
} finally {
	await browser.close();
}

/**
 * What a part needs.
 *
 * @typedef {object} Studio
 * @property {import('../server/lab/lab.mjs').Lab} lab with an empty n8n
 * @property {(theme: 'light' | 'dark', prepare?: (page: import('playwright-core').Page) => Promise<void>) => Promise<Editor>}
 *   openEditor signed in; `prepare` runs before any page is opened
 * @property {() => Promise<{ id: string, name: string }>} connect installs the package, and makes the credential and the people
 * @property {() => Promise<{ url: string, close: () => Promise<void> }>} openSentPage
 * @property {(...parts: string[]) => Promise<string>} place a file in the project, with its folder made
 */

/**
 * @param {import('../server/lab/lab.mjs').Lab} lab
 * @returns {Studio}
 */
function studio(lab) {
	return {
		lab,
		async openEditor(theme, prepare) {
			const page = await openWindow(browser, theme);
			await prepare?.(page);
			const editor = new Editor(page, lab.server.url, theme);
			await editor.signIn();
			return editor;
		},
		async connect() {
			await lab.rest.installPackage(tarball);
			await seedPeople(lab.sandbox);
			return await lab.rest.createCredential('Sendblue', 'sendblueApi', sandboxKeys(lab.sandbox));
		},
		openSentPage: () => startSentPage(lab.sandbox),
		async place(...names) {
			const file = path.join(projectDir, ...names);
			await mkdir(path.dirname(file), { recursive: true });
			return file;
		},
	};
}
