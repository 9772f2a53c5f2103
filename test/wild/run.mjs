/** One case: the file by its seed, the conversion under test, and the verdict. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { FAULTS } from './faults/index.mjs';
import { decodeNote, hear } from './listen.mjs';
import { judge } from './oracle.mjs';
import { Random } from './random.mjs';

const DECODED_RATE = 8_000;

/** The conversion of a built project. */
export const loadProject = (project) =>
	createRequire(import.meta.url)(path.resolve(project, 'dist/nodes/Sendblue/voiceNote/index.js'));

/** Which fault a case has: all of them by turns, so that none is left out. */
export const faultOf = (number) => FAULTS[number % FAULTS.length];

/** The file of a case, what is expected of it, and the options of the conversion. */
export async function makeCase(seed, number) {
	const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
	return faultOf(number).make(random);
}

export async function runCase(core, seed, number) {
	const { bytes, expected, options } = await makeCase(seed, number);
	return judge(expected, await resultOf(core, bytes, options));
}

/** What comes of a file. */
export async function resultOf(core, bytes, options = {}) {
	let note;
	try {
		note = await core.toVoiceNote(new Uint8Array(bytes), options);
	} catch (error) {
		return { error: { typed: error instanceof core.VoiceNoteError, message: error.message, hint: error.hint } };
	}
	const samples = await decodeNote(note.bytes);
	return {
		seconds: note.info.durationSeconds,
		decoded: samples.length / DECODED_RATE,
		hints: note.hints,
		...hear(samples),
	};
}
