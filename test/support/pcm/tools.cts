/** Command-line tools the comparisons need; tests that lack one are skipped with its name in the title. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const presence = new Map<string, boolean>();

/** GStreamer's encoders and muxers come in plug-ins; one of them is named as a tool by this prefix and its name. */
const GSTREAMER_ELEMENT = "GStreamer's ";

function isInstalled(tool: string): boolean {
	const known = presence.get(tool);
	if (known !== undefined) return known;
	const installed = tool.startsWith(GSTREAMER_ELEMENT)
		? spawnSync('gst-inspect-1.0', ['--exists', tool.slice(GSTREAMER_ELEMENT.length)]).status === 0
		: spawnSync(tool, ['--version']).error === undefined;
	presence.set(tool, installed);
	return installed;
}

/** The element of GStreamer as a tool for `testWithTools`. */
export const gstreamerElement = (name: string): string => GSTREAMER_ELEMENT + name;

/** A test that runs if all `tools` are installed, and is skipped by name elsewhere (in CI, that fails the run). */
export function testWithTools(tools: string[], title: string, body: () => Promise<void> | void): void {
	const missing = tools.filter((tool) => !isInstalled(tool));
	const wrapped = async () => await body();
	if (missing.length === 0) test(title, wrapped);
	else test.skip(`${title} [needs ${missing.join(', ')}]`, wrapped);
}

/** Runs a tool and returns what it printed; throws with its error output if it fails. */
export function run(tool: string, args: string[]): Buffer {
	const result = spawnSync(tool, args, { maxBuffer: 1 << 28 });
	if (result.error) throw result.error;
	if (result.status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${result.stderr.toString()}`);
	return result.stdout;
}

/** Calls `body` with the path of a directory that is removed afterwards. */
export async function withDirectory<T>(body: (directory: string) => Promise<T> | T): Promise<T> {
	const directory = mkdtempSync(join(tmpdir(), 'voice-note-pcm-'));
	try {
		return await body(directory);
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** What ffmpeg decodes a file to, one array per channel. */
export function ffmpegDecode(path: string, channels: number): Float32Array[] {
	const output = run('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:a:0', '-c:a', 'pcm_f32le', '-f', 'f32le', '-']);
	const frames = Math.floor(output.length / (4 * channels));
	return Array.from({ length: channels }, (_, channel) =>
		Float32Array.from({ length: frames }, (__, i) => output.readFloatLE(4 * (i * channels + channel))),
	);
}

/** What sox decodes a file to, one array per channel. */
export function soxDecode(path: string, channels: number): Float32Array[] {
	const output = run('sox', ['-D', path, '-t', 's32', '-L', '-']);
	const frames = output.length / (4 * channels);
	return Array.from({ length: channels }, (_, channel) =>
		Float32Array.from({ length: frames }, (__, i) => output.readInt32LE(4 * (i * channels + channel)) / 0x80000000),
	);
}
