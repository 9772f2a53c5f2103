/** The programs that check our files from outside: readers and encoders that we did not write. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const succeeds = (program, ...programArguments) =>
	spawnSync(program, programArguments, { stdio: 'ignore' }).status === 0;
const has = (program) => succeeds('sh', '-c', `command -v ${program}`);
/** GStreamer's encoders and muxers come in plug-ins, each a package of its own. */
const hasElements = (...elements) => elements.every((element) => succeeds('gst-inspect-1.0', '--exists', element));

/** Debian package → whether what the tests use of it is there. */
const TOOLS = {
	ffmpeg: () => has('ffmpeg') && has('ffprobe'),
	mediainfo: () => has('mediainfo'),
	'sndfile-programs': () => has('sndfile-info') && has('sndfile-convert'),
	sox: () => has('sox') && has('soxi'),
	'espeak-ng': () => has('espeak-ng'),
	lame: () => has('lame'),
	'opus-tools': () => has('opusenc') && has('opusdec') && has('opusinfo'),
	'vorbis-tools': () => has('oggenc'),
	flac: () => has('flac'),
	mpg123: () => has('mpg123'),
	'gstreamer1.0-tools': () => has('gst-launch-1.0'),
	'gstreamer1.0-plugins-base': () => hasElements('audioresample', 'opusenc', 'vorbisenc', 'oggmux'),
	'gstreamer1.0-plugins-good': () => hasElements('webmmux', 'matroskamux', 'mp4mux', 'qtmux', 'flacenc', 'lamemp3enc'),
	'gstreamer1.0-plugins-bad': () => hasElements('voaacenc', 'voamrwbenc', 'mpegtsmux'),
};
const INSTALL_TRIES = 3;
const RETRY_AFTER_SECONDS = 10;
/** Options for apt-get: another installation may be at work, as that of n8n beside the tests. In seconds. */
export const LOCK_PATIENCE = ['-o', 'DPkg::Lock::Timeout=120'];

/**
 * Installs the missing programs if that is possible without asking: as root on a system with apt. Elsewhere the
 * checks that need them are skipped, by name.
 */
export async function installTools() {
	const packages = missingPackages();
	if (packages.length === 0) return;
	if (process.getuid?.() !== 0 || !has('apt-get')) {
		console.log(`Not on this machine, so some checks are skipped: ${packages.join(', ')}`);
		return;
	}
	console.log(`Installing with apt-get what the checks need: ${packages.join(', ')} …`);
	for (let attempt = 1; attempt <= INSTALL_TRIES; attempt++) {
		if (attempt > 1) await sleep(RETRY_AFTER_SECONDS * (attempt - 1) * 1_000);
		const isUpToDate = await apt('update', '-qq');
		if (isUpToDate && (await apt('install', '-y', '-qq', '--no-install-recommends', ...packages))) break;
	}
	const still = missingPackages();
	if (still.length > 0) console.log(`apt-get could not install ${still.join(', ')}; some checks are skipped.`);
}

/** The Debian packages that the checks need and this machine does not have. */
function missingPackages() {
	return Object.entries(TOOLS)
		.filter(([, isThere]) => !isThere())
		.map(([name]) => name);
}

async function apt(...aptArguments) {
	const options = {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	};
	const [code] = await once(spawn('apt-get', [...LOCK_PATIENCE, ...aptArguments], options), 'exit');
	return code === 0;
}

// `sudo node test/tools.mjs` for machines on which the tests themselves do not run as root.
if (path.resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) await installTools();
