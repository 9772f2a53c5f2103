/** Apple Lossless made of a signal of whole numbers, by two encoders. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CafFile } from '../caf.cjs';

import { readCafFile } from '../caf.cts';
import { formatChunk, riff } from './riffFile.cts';
import { joinBytes } from '../bytes.cts';
import { run } from './tools.cts';

/** The kinds of signal: tones with a little noise, noise at full scale, silence with clicks. */
export type SignalKind = 'tone' | 'noise' | 'clicks';

/** The shape of a signal. */
export interface IntegerSignal {
	kind: SignalKind;
	channels: number;
	frames: number;
	bits: number;
}

/** The signal's samples, one array per channel; made with whole numbers alone, so that it is the same everywhere. */
export function integerSignal({ kind, channels, frames, bits }: IntegerSignal): Int32Array[] {
	const fullScale = 2 ** (bits - 1);
	return Array.from({ length: channels }, (_, channel) => {
		let state = 12345 + channel;
		const random = (range: number) => {
			state = (Math.imul(state, 1103515245) + 12345) >>> 0;
			return Math.floor((state / 4294967296) * range);
		};
		const period = 60 + 14 * channel;
		return Int32Array.from({ length: frames }, (__, i) => {
			if (kind === 'noise') return random(2 * fullScale) - fullScale;
			if (kind === 'clicks') return i % 701 === 350 + channel ? random(fullScale) : 0;
			const phase = i % period;
			const triangle = 4 * Math.min(phase, period - phase) - period;
			return Math.floor((triangle * fullScale) / (4 * period)) + random(fullScale >> 10);
		});
	});
}

/** Interleaved 32-bit samples, the signal's bits in the upper ones. */
function leftJustified(signal: IntegerSignal): Uint8Array {
	const samples = integerSignal(signal);
	const interleaved = new Int32Array(signal.channels * signal.frames);
	samples.forEach((channel, c) =>
		channel.forEach((sample, i) => (interleaved[i * signal.channels + c] = sample << (32 - signal.bits))),
	);
	return new Uint8Array(interleaved.buffer);
}

/** ffmpeg's encoder, which knows 16 and 24 bits; options as `-min_prediction_order`. */
export function alacByFfmpeg(directory: string, signal: IntegerSignal, options: string[] = []): CafFile {
	const raw = join(directory, 'in.s32');
	const path = join(directory, 'out.caf');
	writeFileSync(raw, leftJustified(signal));
	const format = ['-sample_fmt', signal.bits === 16 ? 's16p' : 's32p'];
	const input = ['-f', 's32le', '-ar', '44100', '-ac', String(signal.channels), '-i', raw];
	run('ffmpeg', ['-v', 'error', '-y', ...input, '-c:a', 'alac', ...format, ...options, path]);
	return readCafFile(readFileSync(path));
}

/** Apple's encoder as libsndfile has it: 16, 20, 24 and 32 bits. */
export function alacBySndfile(directory: string, signal: IntegerSignal): CafFile {
	const wav = join(directory, 'in.wav');
	const path = join(directory, 'out.caf');
	const format = formatChunk({ tag: 1, bits: 32, channels: signal.channels, sampleRate: 44100 });
	writeFileSync(wav, joinBytes(riff([format, { id: 'data', contents: leftJustified(signal) }])));
	run('sndfile-convert', [`-alac${signal.bits}`, wav, path]);
	return readCafFile(readFileSync(path));
}
