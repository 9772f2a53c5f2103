/** Converts damaged files, one after the other, and reports every case to the parent process. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mutate } from './mutate.mjs';

const require = createRequire(import.meta.url);
const core = require('../../dist/nodes/Sendblue/voiceNote/index.js');
const MEGABYTE = 1024 * 1024;

const { files } = JSON.parse(process.env.FUZZ_PLAN);
const sources = files.map((file) => readFileSync(file));

/** What came of a damaged file: a valid voice note, a typed error, or a fault of ours. */
async function outcomeOf(bytes, seed) {
	try {
		const { bytes: note } = await core.toVoiceNote(bytes, { alwaysReencode: seed % 4 === 0 });
		core.readVoiceNote(note);
		return 'note';
	} catch (error) {
		if (error instanceof core.VoiceNoteError && error.code !== 'invalidOutput') return `error ${error.code}`;
		return `FAULT ${error?.stack ?? error}`;
	}
}

async function runCase({ seed }) {
	const fileIndex = seed % sources.length;
	const other = sources[(seed * 7 + 3) % sources.length];
	const bytes = mutate(sources[fileIndex], other, seed);
	// Processor time, not time on the clock: the machine may be busy with other things.
	const begun = process.cpuUsage();
	const outcome = await outcomeOf(bytes, seed);
	process.send({
		seed,
		file: files[fileIndex],
		outcome,
		milliseconds: process.cpuUsage(begun).user / 1_000,
		memory: process.memoryUsage().rss / MEGABYTE,
	});
}
process.on('message', (message) => void runCase(message));

// A first conversion loads all codecs' common code; memory is counted from there.
await outcomeOf(sources[0], 0);
process.send({ ready: true, memory: process.memoryUsage().rss / MEGABYTE });
