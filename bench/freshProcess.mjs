/**
 * Runs in a process of its own and prints one line of JSON: what the first conversion costs there, or how far memory
 * rises. Arguments: `first` and a file; `memory`, a short file for the first conversion and the file; or `load`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { convert, NODE_FILE } from './ours.mjs';
import { timed } from './measure.mjs';

const require = createRequire(import.meta.url);
const [task, ...files] = process.argv.slice(2);

/** Linux' own account of this process: what a new process is told of its peak includes that of its parent. */
function peakMemory() {
	const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
	return Number(kilobytes) * 1_024;
}

function forgetPeak() {
	writeFileSync('/proc/self/clear_refs', '5');
}

const tasks = {
	/** The first conversion in a process that runs already, as n8n's does; loading and compiling the codecs included. */
	async first() {
		const bytes = readFileSync(files[0]);
		return await timed(() => convert(bytes));
	},
	/** Rise of the resident memory from the idle process after one conversion to another's peak, without the input, in MB. */
	async memory() {
		const [shortFile, file] = files;
		await convert(readFileSync(shortFile));
		globalThis.gc?.();
		const idle = process.memoryUsage.rss();
		const bytes = readFileSync(file);
		forgetPeak();
		await convert(bytes);
		return { megabytes: (peakMemory() - idle - bytes.length) / 2 ** 20 };
	},
	/** Time to load the node's file with n8n-workflow loaded already, in ms. */
	async load() {
		require('n8n-workflow');
		return await timed(() => require(NODE_FILE));
	},
};

console.log(JSON.stringify(await tasks[task]()));
