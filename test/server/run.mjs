import { parseArgs } from 'node:util';
import { checkAddressProtection, PROTECTION_ON } from './checks/addressProtection.mjs';
import { checkAiTool } from './checks/aiTool.mjs';
import { checkCommandLine } from './checks/commandLine.mjs';
import { checkCredentials } from './checks/credentials.mjs';
import { checkEventLoop } from './checks/eventLoop.mjs';
import { checkExamples } from './checks/examples.mjs';
import { checkInstallation } from './checks/installation.mjs';
import { checkLabItself } from './checks/labItself.mjs';
import { checkManualRuns } from './checks/manualRuns.mjs';
import { checkOperations } from './checks/operations.mjs';
import { checkQueueMode } from './checks/queueMode.mjs';
import { checkStorage, storageModes } from './checks/storage.mjs';
import { checkTrigger, checkTriggerAfterRestart } from './checks/trigger.mjs';
import { checkTriggeredRuns } from './checks/triggeredRuns.mjs';
import { currentN8n, floorN8n, n8n1 } from './lab/installation.mjs';
import { openLab } from './lab/lab.mjs';
import { duration } from './lab/progress.mjs';
import { Report } from './lab/report.mjs';
import { stopNow } from './lab/stopping.mjs';
import { packageTarball } from './lab/tarball.mjs';

const USAGE = `Tests the packed package in a real n8n.

npm run test:server -- [options]
  --tarball FILE   test this tarball; without it the package is built and packed
  --floor          test in n8n 2.8 on Node.js 20, another installation of 2.5 GB
  --v1             test in n8n 1.123, yet another
  --only NAME      one group: lab, panel, storage, queue
  --set-up         install n8n for later, and test nothing`;

/** The longest all checks may take together, in milliseconds; installing n8n comes before. */
const ALL_CHECKS_MS = 900_000;

const { values } = parseArgs({
	options: {
		tarball: { type: 'string' },
		floor: { type: 'boolean', default: false },
		v1: { type: 'boolean', default: false },
		only: { type: 'string' },
		'set-up': { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});
if (values.help) {
	console.log(USAGE);
	process.exit(0);
}

const installation = await (values.v1 ? n8n1() : values.floor ? floorN8n() : currentN8n());
if (values['set-up']) process.exit(0);
const modes = storageModes(installation);
const tarball = await packageTarball(values.tarball);
const report = new Report();
const start = Date.now();
const watchdog = setTimeout(() => {
	console.error(`The checks did not end within ${duration(ALL_CHECKS_MS)}.`);
	console.log(report.summary());
	void stopNow(1);
}, ALL_CHECKS_MS);

/** Groups of checks; each starts what it needs and stops it. */
const groups = {
	lab: async () => await checkLabItself(report),
	panel: async () => await inLab({}, checkInThePanel),
	storage: async () =>
		await inLab(
			{ unpacked: true, env: { N8N_DEFAULT_BINARY_DATA_MODE: modes.other, ...PROTECTION_ON } },
			async (lab) => {
				await checkStorage(report, lab, modes.other);
				await checkAddressProtection(report, lab);
			},
		),
	queue: async () => await checkQueueMode(report, { installation, tarball }),
};

/** @param {import('./lab/lab.mjs').Lab} lab of an empty n8n */
async function checkInThePanel(lab) {
	await report.group('Installation', () => checkInstallation(report, lab));
	await report.group('Credential and lines', () => checkCredentials(report, lab));
	await report.group('Manual runs', () => checkManualRuns(report, lab));
	await report.group('Every operation', () => checkOperations(report, lab));
	await report.group('Webhook and schedule', () => checkTriggeredRuns(report, lab));
	await report.group('Sendblue Trigger', () => checkTrigger(report, lab));
	await report.group(`Files in the ${modes.usual}`, () => checkStorage(report, lab, modes.usual));
	await report.group('AI tool', () => checkAiTool(report, lab));
	await report.group('Examples', () => checkExamples(report, lab));
	await report.group('Command line', () => checkCommandLine(report, lab));
	await report.group('Event loop', () => checkEventLoop(report, lab));
	await report.group('Restart', () => checkTriggerAfterRestart(report, lab));
}

/**
 * @param {object} options of the home
 * @param {(lab: import('./lab/lab.mjs').Lab) => Promise<void>} work
 */
async function inLab(options, work) {
	const lab = await openLab({ installation, tarball, ...options });
	try {
		await work(lab);
	} finally {
		if (report.failed > 0) console.log(`\nEnd of n8n's log:\n${(await lab.server.log()).slice(-3_000)}`);
		await lab.close();
	}
}

const TITLES = {
	lab: 'The set-up of these tests',
	panel: `n8n ${installation.version} on Node.js ${installation.runtime.version}, installed from the panel`,
	storage: `Files in the ${modes.other}, protection of internal addresses on`,
	queue: 'Queue mode with a worker',
};

for (const [name, work] of Object.entries(groups)) {
	if (values.only && values.only !== name) continue;
	await report.group(TITLES[name], work);
}
clearTimeout(watchdog);
console.log(`\nChecked in ${duration(Date.now() - start)}`);
console.log(report.summary());
process.exitCode = report.exitCode();
