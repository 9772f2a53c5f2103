import { createHash } from 'node:crypto';

import { contentHash } from '../../../nodes/Sendblue/n8n/contentHash';

it.each([0, 1, 4 * 1024 * 1024, 9 * 1024 * 1024 + 3])(
	'is the SHA-256 of %d bytes, and of so many characters',
	async (size) => {
		const bytes = Buffer.alloc(size, 'abc');
		const whole = createHash('sha256').update(bytes).digest('hex');
		expect(await contentHash(bytes)).toBe(whole);
		expect(await contentHash(bytes.toString('latin1'))).toBe(whole);
	},
);

it('lets other work go on between its slices', async () => {
	let turns = 0;
	const timer = setInterval(() => (turns += 1), 0);
	await contentHash(Buffer.alloc(64 * 1024 * 1024));
	clearInterval(timer);
	expect(turns).toBeGreaterThan(5);
});
