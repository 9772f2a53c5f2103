'use strict';

/**
 * Sends a batch with Avoid Duplicates in a process of its own, which a test can kill.
 * Arguments: the sandbox's address, its keys, a file with the recipients as JSON.
 */

const fs = require('node:fs');
const { startEngine } = require('../../engine/support/engine.cjs');

const [url, apiKeyId, apiSecretKey, peopleFile, audioFile] = process.argv.slice(2);

async function main() {
	const engine = await startEngine();
	const file = { bytes: fs.readFileSync(audioFile), fileName: 'Speech.wav', mimeType: 'audio/wav' };
	const people = JSON.parse(fs.readFileSync(peopleFile, 'utf8'));
	const result = await engine.run({
		items: people.map((to) => ({ json: { to }, files: { data: file } })),
		nodes: [
			{
				name: 'Sendblue',
				type: engine.typeOf('sendblue'),
				parameters: {
					resource: 'voiceNote',
					operation: 'send',
					from: { __rl: true, mode: 'list', value: '+15550100001' },
					to: '={{ $json.to }}',
					options: { deduplicationKey: 'welcome', messagesPerSecond: 20 },
				},
			},
		],
		credentials: { sendblueApi: { apiKeyId, apiSecretKey, baseUrl: url } },
	});
	if (result.error) throw result.error;
	process.stdout.write(JSON.stringify(result.items('Sendblue').map(({ json }) => json)));
	process.exit(0);
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
