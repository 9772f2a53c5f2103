import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { pause } from '../../../nodes/Sendblue/n8n/pause';

/** Keeps the thread, as a slice of a conversion does. */
function work(ms: number): void {
	const end = performance.now() + ms;
	while (performance.now() < end);
}

describe('pause', () => {
	test('lets timers and immediates have their turn', async () => {
		let timers = 0;
		let immediates = 0;
		const timer = setInterval(() => timers++, 1);
		setImmediate(() => immediates++);
		for (let slice = 0; slice < 20; slice++) {
			work(2);
			await pause();
		}
		clearInterval(timer);
		expect(timers).toBeGreaterThan(10);
		expect(immediates).toBe(1);
	});

	test('lets the network have its turn', async () => {
		const server = createServer((_, response) => response.end('answered'));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		let answer = '';
		const request = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
			.then((response) => response.text())
			.then((text) => (answer = text));
		for (let slice = 0; slice < 2_000 && answer === ''; slice++) {
			work(1);
			await pause();
		}
		expect(answer).toBe('answered');
		await request;
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
});
