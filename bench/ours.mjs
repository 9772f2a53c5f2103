/** The built package, called as the node calls it. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { DIST } from './paths.mjs';

const require = createRequire(import.meta.url);

/** What the node gives the core to pause with. */
export async function pause() {
	const { port1, port2 } = new MessageChannel();
	await new Promise((resolve) => {
		port1.once('message', resolve);
		port2.postMessage(undefined);
	});
	port1.close();
}

export const CORE_FILE = path.join(DIST, 'nodes/Sendblue/voiceNote/index.js');
export const NODE_FILE = path.join(DIST, 'nodes/Sendblue/Sendblue.node.js');

/** The bitrate to measure at, in kb/s: the package's default, or BENCH_BITRATE. */
export function usedBitrate() {
	return Number(
		process.env.BENCH_BITRATE ?? require(path.join(DIST, 'nodes/Sendblue/voiceNote/limits.js')).DEFAULT_BITRATE,
	);
}

/** Converts with the built core. */
export async function convert(bytes, options = {}) {
	const { toVoiceNote } = require(CORE_FILE);
	return await toVoiceNote(bytes, { pause, bitrate: usedBitrate(), ...options });
}

/** Makes an MP3 of a voice note, as for phones without iMessage. */
export async function makeMp3(bytes, options = {}) {
	const { fromVoiceNote } = require(CORE_FILE);
	return await fromVoiceNote(bytes, { pause, format: 'mp3', ...options });
}

/** Whether the build reads the audio; a format that it lacks is told by its error. */
export async function reads(bytes) {
	try {
		await convert(bytes);
		return true;
	} catch (error) {
		if (['notAudio', 'unsupported'].includes(error.code)) return false;
		throw error;
	}
}
