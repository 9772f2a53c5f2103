/**
 * Speech to convert: several voices of espeak-ng one after the other, in every format and length of the benchmark.
 * Made once and kept in the cache folder.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from './paths.mjs';

const FOLDER = path.join(CACHE, 'inputs-1');

const TEXT = `The quick brown fox jumps over the lazy dog, while seven wizards quietly fix the broken fence.
Could you call me back before five? I left the keys under the blue flower pot, next to the garden gate.
She sells sea shells by the shore, and thinks that Thursday's weather is going to be much better than last week.`;

/** Voice, words per minute, pitch (0 to 99). */
export const VOICES = [
	['en-us+m1', 150, 35],
	['en-gb+f2', 165, 55],
	['en-us+m3', 175, 45],
	['en-gb-x-rp+f4', 155, 60],
	['en-us+f5', 185, 50],
	['en-gb+m7', 140, 30],
	['en-us+klatt2', 160, 40],
	['en-gb-scotland+m5', 170, 50],
	['de+f3', 160, 65],
	['fr+m2', 165, 40],
	['es+f1', 175, 70],
	['en-us+whisper', 150, 50],
];

/** What ffmpeg is told for each format; music-like inputs are stereo at 44.1 kHz, as most files are. */
const FORMATS = {
	wav: ['-c:a', 'pcm_s16le'],
	mp3: ['-c:a', 'libmp3lame', '-b:a', '128k'],
	m4a: ['-c:a', 'aac', '-b:a', '96k'],
	flac: ['-c:a', 'flac'],
	ogg: ['-c:a', 'libvorbis', '-q:a', '4'],
	opus: ['-c:a', 'libopus', '-ac', '1', '-b:a', '32k'],
	webm: ['-c:a', 'libopus', '-ac', '1', '-b:a', '32k'],
};

/** The formats' names as the results show them. */
export const FORMAT_NAMES = {
	wav: 'WAV',
	mp3: 'MP3',
	m4a: 'M4A (AAC)',
	flac: 'FLAC',
	ogg: 'Ogg Vorbis',
	opus: 'Ogg Opus',
	webm: 'WebM Opus',
};

function run(program, args) {
	execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Makes a file under a passing name first, so that an interrupted run leaves no half of it. */
function made(name, make) {
	const file = path.join(FOLDER, name);
	if (existsSync(file)) return file;
	mkdirSync(FOLDER, { recursive: true });
	const passing = path.join(FOLDER, `making-${name}`);
	make(passing);
	renameSync(passing, file);
	return file;
}

/** One voice saying the text, mono at 22.05 kHz. */
export function voiceFile([voice, speed, pitch], index) {
	return made(`voice-${index}.wav`, (file) =>
		run('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(pitch), '-w', file, TEXT.replace(/\n/g, ' ')]),
	);
}

/** All voices one after the other as often as needed. */
function speech(seconds) {
	return made(`speech-${seconds}.wav`, (file) => {
		const list = made('voices.txt', (target) =>
			writeFileSync(target, VOICES.map((voice, index) => `file '${voiceFile(voice, index)}'`).join('\n')),
		);
		const loops = String(Math.ceil(seconds / 60));
		const input = ['-stream_loop', loops, '-f', 'concat', '-safe', '0', '-i', list];
		run('ffmpeg', ['-v', 'error', '-y', ...input, '-t', String(seconds), '-ar', '44100', '-ac', '2', file]);
	});
}

/** Path of speech of the given length in a format of `FORMATS`. */
export function inputFile(format, seconds) {
	if (format === 'wav') return speech(seconds);
	return made(`speech-${seconds}.${format}`, (file) =>
		run('ffmpeg', ['-v', 'error', '-y', '-i', speech(seconds), ...FORMATS[format], file]),
	);
}

/** A number of different notes of ten seconds, as MP3. */
export function noteFiles(count) {
	return Array.from({ length: count }, (_, index) =>
		made(`note-${index}.mp3`, (file) => {
			const cut = ['-ss', String(index * 5), '-t', '10'];
			run('ffmpeg', ['-v', 'error', '-y', ...cut, '-i', speech(60), ...FORMATS.mp3, file]);
		}),
	);
}

/** @param {string} file */
export const bytesOf = (file) => new Uint8Array(readFileSync(file));
