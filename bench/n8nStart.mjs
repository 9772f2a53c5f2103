/** How long n8n takes to start with the package installed, against without it. Needs an n8n; see `npm run test:server`. */
import { createHome, startN8n } from '../test/server/lab/n8nProcess.mjs';
import { currentN8n } from '../test/server/lab/installation.mjs';
import { packageTarball } from '../test/server/lab/tarball.mjs';
import { ratios, takeTurns, timed } from './measure.mjs';

/**
 * n8n's first start in a new home creates its database; it does not count.
 *
 * @param {number} rounds
 * @returns {Promise<{ median: number, low: number, high: number }>} start with the package ÷ without, wall time
 */
export async function n8nStart(rounds) {
	const installation = await currentN8n();
	const tarball = await packageTarball();
	const homes = {
		with: await createHome({ installation, tarball, unpacked: true }),
		without: await createHome({ installation, tarball }),
	};
	const start = async (home) => {
		let server;
		const time = await timed(async () => {
			server = await startN8n(home);
		});
		await server.stop();
		return time;
	};
	try {
		const results = await takeTurns({ with: () => start(homes.with), without: () => start(homes.without) }, rounds);
		return ratios(results.with, results.without).wall;
	} finally {
		await homes.with.remove();
		await homes.without.remove();
	}
}
