/** What one item costs, part by part: the conversion's stages, and around it n8n's engine, its storage and the upload. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inputFile } from './inputs.mjs';
import { median, takeTurns, timed } from './measure.mjs';
import { convert, usedBitrate } from './ours.mjs';
import { DIST } from './paths.mjs';
import { importSource } from './source.mjs';

const require = createRequire(import.meta.url);
const RATE = 24_000;
const FRAME = 480;

/** The stages of a conversion one after the other, each over the whole audio. */
async function stages(bytes, bitrate) {
	const { openAudio } = await importSource('nodes/Sendblue/voiceNote/pipeline/openAudio.ts');
	const { createDownmix } = await importSource('nodes/Sendblue/voiceNote/dsp/downmix.ts');
	const { Resampler } = await importSource('nodes/Sendblue/voiceNote/dsp/resample.ts');
	const { createVoiceEncoder } = await importSource('nodes/Sendblue/voiceNote/codecs/opus/opusCodec.ts');
	const { encoderComplexity } = await importSource('nodes/Sendblue/voiceNote/pipeline/encodeOpus.ts');
	const audio = await openAudio(bytes, {});
	const source = await audio.decode();
	const blocks = [];
	const mono = [];
	let samples = new Float32Array(0);
	return {
		decoding: async () => {
			blocks.length = 0;
			for await (const block of (await audio.decode()).blocks()) blocks.push(block);
		},
		'mixing to mono': async () => {
			const downmix = createDownmix(source.layout ?? source.channels);
			mono.length = 0;
			for (const block of blocks) mono.push(downmix(block));
		},
		resampling: async () => {
			const resampler = new Resampler(source.sampleRate, RATE);
			const parts = [...mono.map((block) => resampler.push(block)), resampler.flush()];
			samples = new Float32Array(parts.reduce((total, { length }) => total + length, 0));
			let at = 0;
			for (const part of parts) {
				samples.set(part, at);
				at += part.length;
			}
		},
		encoding: async () => {
			const encoder = await createVoiceEncoder({ bitrate: bitrate * 1_000, complexity: encoderComplexity(bitrate) });
			for (let start = 0; start + FRAME <= samples.length; start += FRAME) {
				encoder.encode(samples.subarray(start, start + FRAME));
			}
			encoder.free();
		},
	};
}

function workflowNode(engine, operation, parameters = {}) {
	return {
		name: 'Sendblue',
		type: engine.typeOf('sendblue'),
		parameters: { resource: 'voiceNote', operation, ...parameters },
	};
}

/** Runs of n8n's engine: nothing but the file, a conversion, and a conversion that is sent to a local Sendblue. */
async function engineRuns(bytes) {
	const { startSandbox, SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, LINES } = require('../test/sandbox/index.cjs');
	const { startEngine } = require('../test/engine/support/engine.cjs');
	const sandbox = await startSandbox();
	const engine = await startEngine({ packageFolder: path.dirname(DIST) });
	const account = { apiKeyId: SANDBOX_KEY_ID, apiSecretKey: SANDBOX_SECRET_KEY, baseUrl: sandbox.url };
	const run = async (nodes) => {
		const items = [{ json: {}, files: { data: { bytes, fileName: 'speech.mp3' } } }];
		const result = await engine.run({ items, nodes, credentials: { sendblueApi: account } });
		if (result.error) throw result.error;
		sandbox.reset();
	};
	const recipient = {
		from: { __rl: true, mode: 'number', value: LINES[0] },
		to: '+14155550123',
		options: { bitrate: usedBitrate(), messagesPerSecond: 1_000 },
	};
	return {
		runs: {
			nothing: () => timed(() => run([])),
			convert: () => timed(() => run([workflowNode(engine, 'convertToCaf', { options: { bitrate: usedBitrate() } })])),
			send: () => timed(() => run([workflowNode(engine, 'send', recipient)])),
		},
		stop: async () => {
			await sandbox.close();
			await engine.stop();
		},
	};
}

/** @returns {Promise<{ parts: Array<{ name: string, share: number }> }>} shares of the time of an item that is sent */
export async function itemCost(rounds) {
	const bytes = new Uint8Array(readFileSync(inputFile('mp3', 60)));
	const { runs, stop } = await engineRuns(bytes);
	const inner = await stages(bytes, usedBitrate());
	const rivals = {
		...runs,
		note: () => timed(() => convert(bytes)),
		...Object.fromEntries(Object.entries(inner).map(([name, work]) => [name, () => timed(work)])),
	};
	const results = await takeTurns(rivals, rounds);
	await stop();
	const wall = (name) => median(results[name].map((result) => result.wall));
	const inside = Object.keys(inner).map((name) => ({ name, time: wall(name) }));
	const known = inside.reduce((sum, { time }) => sum + time, 0);
	const parts = [
		...inside,
		{ name: 'pauses, writing and checking', time: wall('note') - known },
		{ name: "n8n's engine and storage", time: wall('convert') - wall('note') },
		{ name: 'upload and send (local)', time: wall('send') - wall('convert') },
	].map(({ name, time }) => ({ name, time: Math.max(0, time) }));
	const total = parts.reduce((sum, { time }) => sum + time, 0);
	return { parts: parts.map(({ name, time }) => ({ name, share: time / total })) };
}
