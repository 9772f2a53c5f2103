/**
 * Runs in a process of its own and prints one line of JSON: what the first conversion costs there, or how far memory
 * rises. Arguments: `first` or `memory`, and a file; or `load`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { convert, CORE_FILE, NODE_FILE } from './ours.mjs';
import { timed } from './measure.mjs';

const require = createRequire(import.meta.url);
const [task, file] = process.argv.slice(2);

const tasks = {
	/** The first conversion in a process that runs already, as n8n's does; loading and compiling the codecs included. */
	async first() {
		const bytes = new Uint8Array(readFileSync(file));
		return await timed(() => convert(bytes));
	},
	/** Rise of the resident memory from the idle process to the conversion's peak, without the input, in MB. */
	async memory() {
		require(CORE_FILE);
		globalThis.gc?.();
		const idle = process.memoryUsage.rss();
		const bytes = new Uint8Array(readFileSync(file));
		await convert(bytes);
		const peak = process.resourceUsage().maxRSS * 1_024;
		return { megabytes: (peak - idle - bytes.length) / 2 ** 20 };
	},
	/** Time to load the node's file with n8n-workflow loaded already, in ms. */
	async load() {
		require('n8n-workflow');
		return await timed(() => require(NODE_FILE));
	},
};

console.log(JSON.stringify(await tasks[task]()));
