import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fixturesDir } from './places.mjs';

/** Length of the spoken sample, in seconds. */
export const SPEECH_SECONDS = 2.5;

/** The smallest PNG, one transparent pixel: a file that is no audio. */
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);

/**
 * Puts the sample files into a folder that n8n's file nodes may read.
 *
 * @param {string} folder
 */
export async function writeSamples(folder) {
	const speech = await readFile(path.join(fixturesDir, 'Speech.mp3'));
	const samples = {
		mp3: path.join(folder, 'Speech.mp3'),
		ogg: path.join(folder, 'Speech.ogg'),
		png: path.join(folder, 'Picture.png'),
	};
	await writeFile(samples.mp3, speech);
	await writeFile(samples.ogg, await readFile(path.join(fixturesDir, 'Speech.ogg')));
	await writeFile(samples.png, PNG);
	return samples;
}

/**
 * Speech of any length: the frames of the sample again and again, which MP3 allows.
 *
 * @param {string} file to write
 * @param {number} seconds
 */
export async function writeLongMp3(file, seconds) {
	const speech = await readFile(path.join(fixturesDir, 'Speech.mp3'));
	await writeFile(file, Buffer.concat(Array(Math.ceil(seconds / SPEECH_SECONDS)).fill(speech)));
}
