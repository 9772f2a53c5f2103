import { parseArgs } from 'node:util';
import { exampleCredentials, exampleText, withCredentials } from '../server/lab/examples.mjs';
import { currentN8n } from '../server/lab/installation.mjs';
import { openLab, sandboxKeys } from '../server/lab/lab.mjs';
import { duration } from '../server/lab/progress.mjs';
import { Report, skip } from '../server/lab/report.mjs';
import { onStop, stopNow } from '../server/lab/stopping.mjs';
import { packageTarball } from '../server/lab/tarball.mjs';
import {
	checkConversion,
	checkCredentialDialog,
	checkExample,
	checkFirstNote,
	checkMessages,
	checkPanel,
	checkPlayableCopy,
} from './checks.mjs';
import { chromiumProgram, launchBrowser, openWindow } from './chromium.mjs';
import { Editor, SCREENSHOTS_DIR } from './editor.mjs';

/** The longest all checks may take together, in milliseconds; installing n8n and the browser comes before. */
const ALL_CHECKS_MS = 900_000;

const { values } = parseArgs({
	options: { tarball: { type: 'string' }, theme: { type: 'string', multiple: true, default: ['light', 'dark'] } },
});

const program = await chromiumProgram();
const report = new Report();
if (!program) {
	await report.check('the editor in Chromium', async () => skip('chromium is not installed'));
	console.log(report.summary());
	process.exit(report.exitCode());
}

const installation = await currentN8n();
const tarball = await packageTarball(values.tarball);
const start = Date.now();
const watchdog = setTimeout(() => {
	console.error(`The checks did not end within ${duration(ALL_CHECKS_MS)}.`);
	console.log(report.summary());
	void stopNow(1);
}, ALL_CHECKS_MS);

const lab = await openLab({ installation, tarball });
const browser = await launchBrowser(program);
onStop(() => browser.close());
try {
	await lab.rest.installPackage(tarball);
	const credential = await lab.rest.createCredential('Sendblue', 'sendblueApi', sandboxKeys(lab.sandbox));
	for (const theme of values.theme) {
		await report.group(`The editor, ${theme} theme`, () => checkTheme(theme, credential));
	}
} finally {
	await browser.close();
	await lab.close();
}
clearTimeout(watchdog);
console.log(`\nChecked in ${duration(Date.now() - start)}; pictures in ${SCREENSHOTS_DIR}`);
console.log(report.summary());
process.exitCode = report.exitCode();

/**
 * @param {'light' | 'dark'} theme
 * @param {{ id: string, name: string }} credential
 */
async function checkTheme(theme, credential) {
	const page = await openWindow(browser, theme);
	const editor = new Editor(page, lab.server.url, theme);
	const tools = { report, editor, lab, credential };
	try {
		await editor.signIn();
		await checkPanel(tools);
		await checkCredentialDialog(tools);
		await checkFirstNote(tools);
		await checkConversion(tools);
		await checkPlayableCopy(tools);
		await checkMessages(tools);
		const credentials = await exampleCredentials(lab.rest, credential, lab.standIns);
		const imported = withCredentials(JSON.parse(await exampleText('voice-drip')), credentials);
		await checkExample(tools, await lab.rest.createWorkflow(imported), 'voice-drip');
	} catch (error) {
		await editor.picture('failure');
		throw error;
	} finally {
		await page.context().close();
	}
}
