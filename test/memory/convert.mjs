/** One long conversion in a process of its own; prints its memory as JSON. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { longMp3, longWav } from './longAudio.mjs';

const require = createRequire(import.meta.url);
const { toVoiceNote } = require('../../dist/nodes/Sendblue/voiceNote/index.js');
const MEGABYTE = 1024 * 1024;
const demo = readFileSync(new URL('../../demo/hello.mp3', import.meta.url));

const [, , kind, amount] = process.argv;
await toVoiceNote(demo);
const idle = process.memoryUsage().rss / MEGABYTE;
const input = kind === 'wav' ? longWav(Number(amount) * MEGABYTE) : longMp3(demo, Number(amount));
const begun = performance.now();
const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
const { info } = await toVoiceNote(input, { pause });
console.log(
	JSON.stringify({
		idle,
		input: input.length / MEGABYTE,
		peak: process.resourceUsage().maxRSS / 1024,
		durationSeconds: info.durationSeconds,
		method: info.method,
		seconds: (performance.now() - begun) / 1_000,
	}),
);
