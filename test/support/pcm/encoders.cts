/** Encodes the test signal with command-line tools. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './tools.cts';
import { testSignal } from './signals.cts';

/** What to make: the signal's shape, and the tool's own options. */
export interface Encoding {
	channels: number;
	sampleRate: number;
	options: string[];
}

/** Length of the encoded signal in seconds. */
const SIGNAL_SECONDS = 0.4;

/** Writes the signal as 32-bit float, the input of the encoders. */
function writeSignal(path: string, channels: number, sampleRate: number): void {
	const signal = testSignal(channels, sampleRate, SIGNAL_SECONDS);
	const floats = new Float32Array(channels * signal[0].length);
	signal.forEach((samples, channel) => samples.forEach((sample, i) => (floats[i * channels + channel] = sample)));
	writeFileSync(path, new Uint8Array(floats.buffer));
}

/** Encodes with ffmpeg to a file of the given extension and returns its path. */
export function encodeWithFfmpeg(directory: string, extension: string, encoding: Encoding): string {
	const { channels, sampleRate, options } = encoding;
	const signal = join(directory, 'in.f32');
	const path = join(directory, `ffmpeg.${extension}`);
	writeSignal(signal, channels, sampleRate);
	const input = ['-f', 'f32le', '-ar', String(sampleRate), '-ac', String(channels), '-i', signal];
	run('ffmpeg', ['-v', 'error', '-y', ...input, ...options, path]);
	return path;
}

/** Encodes with sox to a file of the given extension and returns its path. */
export function encodeWithSox(directory: string, extension: string, encoding: Encoding): string {
	const { channels, sampleRate, options } = encoding;
	const signal = join(directory, 'in.f32');
	const path = join(directory, `sox.${extension}`);
	writeSignal(signal, channels, sampleRate);
	run('sox', ['-D', '-t', 'f32', '-r', String(sampleRate), '-c', String(channels), signal, ...options, path]);
	return path;
}
