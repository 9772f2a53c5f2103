import { SendblueClient } from '../../../nodes/Sendblue/sendblue/client';
import { followDeliveries, type FollowedMessage } from '../../../nodes/Sendblue/sending/delivery';

import { MemorySendblue } from '../../support/sendblue/memorySendblue.cts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

test('brings every item up to date that follows the same message', async () => {
	const sendblue = new MemorySendblue(() => NOW);
	const client = new SendblueClient({
		transport: sendblue.transport,
		baseUrl: 'https://x.test',
		now: () => NOW,
		sleep: async () => await Promise.resolve(),
	});
	const message = await client.messages.send({ number: '+15551234567', from_number: '+15550100001', content: 'Hi' });
	sendblue.taken[0].message = { ...sendblue.taken[0].message, status: 'SENT', service: 'iMessage' };
	const followed: FollowedMessage[] = [1, 2].map(() => ({ message, sentAt: NOW, until: NOW }));

	await followDeliveries(client, followed);
	expect(followed.map((entry) => entry.message.status)).toEqual(['SENT', 'SENT']);
});
