import type { IDataObject } from 'n8n-workflow';

import { wavFile } from '../support/audio.cts';
import { describeOperation, resourceWorld, SHAPES } from '../support/operationSuite.cts';
import { LINE, PERSON } from '../support/sendblueWorkflow.cts';

const PEOPLE = [PERSON, '+14155550124', '+14155550125'];
const FROM = { from: { __rl: true, mode: 'list', value: LINE } };

const world = resourceWorld('voiceNote');

describeOperation(world, 'voiceNote', {
	operation: 'send',
	parameters: {
		...FROM,
		to: { __rl: true, mode: 'number', value: '={{ $json.person }}' },
		options: { messagesPerSecond: 1_000 },
	},
	items: async () => PEOPLE.map((person) => ({ person })),
	files: { data: wavFile() },
	output: ({ person }) => ({ number: person, voiceNote: { method: 'encoded', sourceFormat: 'wav' } }),
	request: { method: 'POST', path: '/api/send-message' },
});

describe('voice notes', () => {
	const send = async (parameters: IDataObject, options: IDataObject = {}) => {
		const given = { ...FROM, ...parameters, options: { messagesPerSecond: 1_000, ...options } };
		const result = await world.run('send', given, [{ json: {}, files: { data: wavFile() } }]);
		expect(result.error).toBeUndefined();
		return result.items('Sendblue')[0].json;
	};

	it.each(SHAPES)('go to a group of numbers, and tell its ID, answers in shape %s', async (shape) => {
		world.sandbox.setSettings({ shape });
		const sent = await send({ recipientType: 'numbers', numbers: PEOPLE.join(', ') });
		const [{ group_id: groupId }] = world.sandbox.messages();

		expect(sent).toMatchObject({
			message_type: 'group',
			number: shape === 'full' ? PEOPLE : PERSON,
			group_id: groupId,
		});
		const reads = world.requests().filter((request) => request.startsWith('GET /api/v2/messages/'));
		expect(reads).toHaveLength(shape === 'full' ? 0 : 1);
	});

	it('go to a group of numbers whose ID cannot be had, and are not held up', async () => {
		world.sandbox.setSettings({ shape: 'sdk' });
		world.sandbox.setFaults([{ path: '/api/v2/messages/*', kind: 'status404' }]);
		const sent = await send({ recipientType: 'numbers', numbers: PEOPLE.join(', ') });

		expect(sent).toMatchObject({ message_type: 'group', status: 'QUEUED' });
		expect(sent).not.toHaveProperty('group_id');
		expect(world.sandbox.messages()).toHaveLength(1);
	});

	it('go to a contact chosen from the list, and to a group chosen from the list', async () => {
		const groupId = await world.account.createGroup(LINE, PEOPLE);

		expect(await send({ to: { __rl: true, mode: 'list', value: PERSON, cachedResultName: 'Ada' } })).toMatchObject({
			number: PERSON,
		});
		expect(await send({ recipientType: 'group', groupId: { __rl: true, mode: 'list', value: groupId } })).toMatchObject(
			{
				group_id: groupId,
			},
		);
	});

	it('are announced by the typing indicator', async () => {
		await world.account.sendText(LINE, PERSON);
		const asked = world.requests().length;
		await send({ to: PERSON }, { typingSeconds: 0.01 });

		const posts = world
			.requests()
			.slice(asked)
			.filter((request) => request.startsWith('POST'));
		expect(posts).toEqual(['POST /api/upload-file', 'POST /api/send-typing-indicator', 'POST /api/send-message']);
	});
});
