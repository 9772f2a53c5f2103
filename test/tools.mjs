/** The programs that check our files from outside: readers and encoders that we did not write. */
import { spawnSync } from 'node:child_process';

/** Program → Debian package. */
const TOOLS = {
	ffmpeg: 'ffmpeg',
	mediainfo: 'mediainfo',
	'sndfile-info': 'sndfile-programs',
	sox: 'sox',
	'espeak-ng': 'espeak-ng',
	lame: 'lame',
	opusenc: 'opus-tools',
	oggenc: 'vorbis-tools',
	flac: 'flac',
	mpg123: 'mpg123',
};
const INSTALL_TRIES = 3;

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

/**
 * Installs the missing programs where that is possible without asking: as root on a system with apt. Elsewhere the
 * checks that need them are skipped, by name.
 */
export function installTools() {
	const missing = Object.entries(TOOLS).filter(([program]) => !has(program));
	if (missing.length === 0) return;
	const packages = [...new Set(missing.map(([, name]) => name))];
	if (process.getuid?.() !== 0 || !has('apt-get')) {
		console.log(`Not on this machine, so some checks are skipped: ${packages.join(', ')}`);
		return;
	}
	console.log(`Installing with apt-get what the checks need: ${packages.join(', ')} …`);
	for (let attempt = 1; attempt <= INSTALL_TRIES; attempt++) {
		if (apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages)) return;
	}
	console.log('apt-get could not install them; some checks are skipped.');
}

function apt(...aptArguments) {
	const options = {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	};
	return spawnSync('apt-get', aptArguments, options).status === 0;
}
