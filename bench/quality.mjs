#!/usr/bin/env node
/**
 * `node bench/quality.mjs`: what encoder settings cost in time and size and give in quality, against ffmpeg's. Writes
 * quality.md and quality.svg. Quality is judged by two measures of the decoded speech against its source: STOI
 * (intelligibility, 1 is perfect) and the mel log-spectral distance (dB, 0 is equal), means over all clips.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { clips, CLIP_RATE } from './clips.mjs';
import { convert } from './ours.mjs';
import { cpuTime } from './measure.mjs';
import { BENCH, CACHE } from './paths.mjs';
import { DOCUMENTED, ffmpegOutput, runFfmpeg, TUNED } from './peers.mjs';
import { planeChart } from './planeChart.mjs';
import { importSource } from './source.mjs';

const BITRATES = [20, 24, 28, 32, 36, 40];
/** libopus makes no difference between 4 and 5, 6 and 7, 8 and 9. */
const COMPLEXITIES = [0, 1, 2, 3, 5, 7, 9, 10];
/** Bitrates at which the whole conversion is judged too. */
const WHOLE_BITRATES = [24, 32];
const FRAME = 480;

const { values: options } = parseArgs({ options: { out: { type: 'string', default: BENCH } } });

const { findLag, melDistance, overlap, stoi, wavFloat } = await importSource('test/support/quality/index.cts');
const { createVoiceEncoder } = await importSource('nodes/Sendblue/voiceNote/codecs/opus/opusCodec.ts');
const { openAudio } = await importSource('nodes/Sendblue/voiceNote/pipeline/openAudio.ts');
const { createDecoder } = await import('libopus-wasm');

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means over the clips of what one way of encoding gives. */
function summary(name, results) {
	const of = (key) => mean(results.map((result) => result[key]));
	return { name, stoi: of('stoi'), lsd: of('lsd'), kbps: of('kbps'), cpu: of('cpu') };
}

/** Where the first seconds match best is where all of it does. */
const ALIGNED_ON = 2 * CLIP_RATE;

function judged(clip, samples, bytes, cpu) {
	const lag = findLag(clip.samples.subarray(0, ALIGNED_ON), samples.subarray(0, ALIGNED_ON), CLIP_RATE);
	const { reference, decoded: late } = overlap(clip.samples, samples, lag);
	let common = 0;
	let energy = 0;
	reference.forEach((sample, i) => {
		common += sample * late[i];
		energy += sample * sample;
	});
	const matched = late.map((sample) => (sample * energy) / common);
	const quality = { stoi: stoi(reference, matched, CLIP_RATE), lsd: melDistance(reference, matched, CLIP_RATE) };
	return { ...quality, kbps: (bytes * 8) / (clip.samples.length / CLIP_RATE) / 1_000, cpu };
}

/** Our encoder at one setting; time is that of encoding alone. */
async function encoded(clip, bitrate, complexity) {
	const encoder = await createVoiceEncoder({ bitrate: bitrate * 1_000, complexity });
	const packets = [];
	const before = cpuTime();
	for (let start = 0; start + FRAME <= clip.samples.length; start += FRAME) {
		packets.push(encoder.encode(clip.samples.subarray(start, start + FRAME)));
	}
	const cpu = cpuTime() - before;
	encoder.free();
	return judged(
		clip,
		await decodedPackets(packets),
		packets.reduce((sum, { length }) => sum + length, 0),
		cpu,
	);
}

/** Samples of packets of 20 ms, mixed to mono, at the clips' rate. */
async function decodedPackets(packets) {
	const decoder = await createDecoder({ sampleRate: CLIP_RATE, channels: 1 });
	const samples = new Float32Array(packets.length * FRAME);
	packets.forEach((packet, index) => samples.set(decoder.decodeFloat(packet), index * FRAME));
	decoder.free();
	return samples;
}

/** Quality of a finished file, Ogg or CAF; all files are decoded by the same decoder. */
async function judgedFile(clip, file, cpu) {
	const { opus } = await openAudio(file, {});
	const packets = [...opus.packets()];
	return judged(
		clip,
		await decodedPackets(packets),
		packets.reduce((sum, { length }) => sum + length, 0),
		cpu,
	);
}

async function byFfmpeg(clip, settings) {
	return await judgedFile(clip, ffmpegOutput(clip.file, settings), runFfmpeg(clip.file, settings).cpu);
}

/** The whole conversion, warm. */
async function byUs(clip, bitrate) {
	const wav = wavFloat([clip.samples], CLIP_RATE);
	await convert(wav, { bitrate });
	const before = cpuTime();
	const { bytes } = await convert(wav, { bitrate });
	return await judgedFile(clip, bytes, cpuTime() - before);
}

function markdown({ settings, documented, tuned, whole, clipNames }) {
	const row = ({ name, stoi, lsd, kbps, cpu }) => {
		const verdict = (peer) => (stoi >= peer.stoi && lsd <= peer.lsd ? 'yes' : 'no');
		const cells = [name, stoi.toFixed(4), lsd.toFixed(3), kbps.toFixed(1), (cpu / tuned.cpu).toFixed(2)];
		return `| ${[...cells, verdict(tuned), verdict(documented)].join(' | ')} |`;
	};
	return [
		'# Encoder settings: time, size and quality',
		'',
		`Written by \`node bench/quality.mjs\`. Means over ${clipNames.length} clips of speech: ${clipNames.join('; ')}.`,
		'STOI: 1 is perfect; LSD: mel log-spectral distance in dB, 0 is equal. Time is CPU time ÷ that of V; for the grid it is',
		'that of encoding alone, V and D are whole processes. D: `ffmpeg -c:a libopus -b:a 24k`; V: D with',
		'`-ac 1 -ar 24000 -application voip -rematrix_maxval 1`.',
		'',
		'| setting | STOI | LSD dB | kb/s | time ÷ V | no worse than V | no worse than D |',
		'|---|---|---|---|---|---|---|',
		...[tuned, documented, ...whole, ...settings].map(row),
		'',
		'![Quality over time](quality.svg)',
		'',
	].join('\n');
}

const material = clips().map((clip, index) => {
	const file = path.join(CACHE, `clip-${index}.wav`);
	writeFileSync(file, wavFloat([clip.samples], CLIP_RATE));
	return { ...clip, file };
});
const overClips = async (name, judge) => {
	const results = [];
	for (const clip of material) results.push(await judge(clip));
	const result = summary(name, results);
	console.log(
		`${name.padEnd(28)} STOI ${result.stoi.toFixed(4)}  LSD ${result.lsd.toFixed(3)}  ${result.kbps.toFixed(1)} kb/s`,
	);
	return result;
};

const tuned = await overClips('V', (clip) => byFfmpeg(clip, TUNED));
const documented = await overClips('D', (clip) => byFfmpeg(clip, DOCUMENTED));
const whole = [];
for (const bitrate of WHOLE_BITRATES) {
	whole.push(await overClips(`whole conversion at ${bitrate} kb/s`, (clip) => byUs(clip, bitrate)));
}
await encoded(material[0], 24, 10);
const settings = [];
for (const bitrate of BITRATES) {
	for (const complexity of COMPLEXITIES) {
		const name = `${bitrate} kb/s, complexity ${complexity}`;
		settings.push({ bitrate, complexity, ...(await overClips(name, (clip) => encoded(clip, bitrate, complexity))) });
	}
}
const all = { settings, documented, tuned, whole, clipNames: material.map(({ name }) => name) };
writeFileSync(path.join(options.out, 'quality.md'), markdown(all));
writeFileSync(path.join(options.out, 'quality.svg'), planeChart(all));
