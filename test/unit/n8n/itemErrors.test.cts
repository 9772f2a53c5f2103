import { withSent } from '../../../nodes/Sendblue/n8n/itemErrors';

type Shown = Parameters<typeof withSent>[0];

describe('what an error says of the messages before it', () => {
	const shown = (): Shown => ({ description: '' }) as Shown;

	test('handles and people', () => {
		const sent = [
			{ recipient: '+14155550123', handle: 'one' },
			{ recipient: '+14155550124', handle: 'two' },
		];
		expect(withSent(shown(), { sent, unknown: [] }, 3).description).toMatch(
			/^Already sent before this: one, two\. 2 of 3 messages went out, to \+14155550123, \+14155550124\./,
		);
	});

	test('a message without a handle is named, too', () => {
		const sent = [{ recipient: '+14155550123' }, { recipient: '+14155550124', handle: 'two' }];
		expect(withSent(shown(), { sent, unknown: [] }, 3).description).toMatch(
			/^Already sent before this: a message without a handle, two\. 2 of 3 messages/,
		);
	});
});
