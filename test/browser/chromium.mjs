import { chromium, selectors } from 'playwright-core';
import { systemProgram } from '../server/lab/systemProgram.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Quiet, and able to run as root in a container. */
const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--disable-sync',
	'--disable-component-update',
	'--disable-background-networking',
	'--disable-dev-shm-usage',
	'--no-first-run',
];

/** How long one step in the editor may take, in milliseconds; a busy machine of two cores needs it. */
const ACTION_MS = 60_000;

/**
 * Finds or installs the browser.
 *
 * @returns {Promise<string | undefined>}
 */
export async function chromiumProgram() {
	return process.env.CHROMIUM_BIN ?? (await systemProgram(NAMES, ['chromium', 'fonts-liberation']));
}

/**
 * Starts a headless browser that reaches this machine only.
 *
 * @param {string} executablePath
 */
export async function launchBrowser(executablePath) {
	// n8n marks its elements so, other than Playwright expects.
	selectors.setTestIdAttribute('data-test-id');
	const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
	return await chromium.launch({ executablePath, headless: true, args: ARGUMENTS, ...signals });
}

/**
 * Opens a window of the editor in one of n8n's themes.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {'light' | 'dark'} theme
 * @returns {Promise<import('playwright-core').Page>}
 */
export async function openWindow(browser, theme) {
	const context = await browser.newContext({
		viewport: { width: 1360, height: 850 },
		colorScheme: theme,
		reducedMotion: 'reduce',
	});
	await context.addInitScript((name) => localStorage.setItem('N8N_THEME', name), theme);
	await context.route(
		(url) => url.hostname !== '127.0.0.1',
		(route) => route.abort(),
	);
	const page = await context.newPage();
	page.setDefaultTimeout(ACTION_MS);
	return page;
}
