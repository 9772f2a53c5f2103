import path from 'node:path';
import { programPath } from './command.mjs';

/** Of the surrounding environment n8n gets these alone: where programs are, and how to reach the network. */
const PASSED_ON =
	/^(HOME|TMPDIR|USER|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|npm_config_(cache|registry|userconfig))$/i;

/** Fixed, so that server, worker and command line read the same credentials. */
const ENCRYPTION_KEY = 'lab-encryption-key-0123456789';

/**
 * The environment of an n8n that listens on 127.0.0.1 only and calls nobody by itself.
 *
 * @param {object} options
 * @param {import('./installation.mjs').Installation} options.installation
 * @param {string} options.home n8n's user folder
 * @param {string} options.filesDir the folder its file nodes may use
 * @param {number} options.port
 * @param {number} options.brokerPort of the task broker
 * @param {string} [options.npmDir] folder of an npm to be found before the real one
 * @param {Record<string, string>} [options.extra]
 */
export function n8nEnvironment({ installation, home, filesDir, port, brokerPort, npmDir, extra = {} }) {
	const passedOn = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
	const npm = programPath('npm');
	const folders = [npmDir, installation.runtime.binDir, npm && path.dirname(npm), '/usr/local/bin', '/usr/bin', '/bin'];
	return {
		...Object.fromEntries(passedOn),
		PATH: folders.filter(Boolean).join(path.delimiter),
		LANG: 'C.UTF-8',
		NO_PROXY: [process.env.NO_PROXY, '127.0.0.1,localhost'].filter(Boolean).join(','),
		TZ: 'UTC',
		GENERIC_TIMEZONE: 'UTC',
		N8N_USER_FOLDER: home,
		N8N_PORT: String(port),
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_ENCRYPTION_KEY: ENCRYPTION_KEY,
		N8N_RESTRICT_FILE_ACCESS_TO: filesDir,
		// The command line prints an execution's result through the logger.
		N8N_LOG_LEVEL: 'info',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		// n8n 1 and 2.8 do not know these modules, and an unknown name stops them.
		...(atLeast(installation.version, 2, 40) ? { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai' } : {}),
		// The other engine for expressions of n8n 1 is a native module, which the lab does not build.
		...(atLeast(installation.version, 2, 0) ? {} : { N8N_EXPRESSION_ENGINE: 'legacy' }),
		...extra,
	};
}

/**
 * @param {string} version
 * @param {number} major
 * @param {number} minor
 */
export function atLeast(version, major, minor) {
	const [ownMajor, ownMinor] = version.split('.').map(Number);
	return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
