import type { IDataObject } from 'n8n-workflow';

import { describeOperation, resourceWorld } from '../support/operationSuite.cts';
import { LINE, PERSON } from '../support/sendblueWorkflow.cts';

const PEOPLE = [PERSON, '+14155550124', '+14155550125'];
const STRANGER = '+14155550199';
const FROM = { from: { __rl: true, mode: 'list', value: LINE } };
const GROUP = { groupId: { __rl: true, mode: 'id', value: '={{ $json.groupId }}' } };

const world = resourceWorld('group');

/** Three items, each with a group of its own. */
const groups = async (): Promise<IDataObject[]> => {
	const names = ['One', 'Two', 'Three'];
	return await Promise.all(
		names.map(async (name) => ({ name, groupId: await world.account.createGroup(LINE, PEOPLE, name) })),
	);
};

describeOperation(world, 'group', {
	operation: 'create',
	parameters: { ...FROM, numbers: '={{ $json.numbers }}', groupName: '={{ $json.name }}' },
	items: async () => ['One', 'Two', 'Three'].map((name) => ({ name, numbers: PEOPLE })),
	output: ({ name }) => ({ status: 'OK', group_id: expect.any(String), group_name: name, numbers: PEOPLE }),
	request: { method: 'POST', path: '/api/create-group' },
});

describeOperation(world, 'group', {
	operation: 'get',
	parameters: GROUP,
	items: groups,
	output: ({ groupId, name }) => ({ group_id: groupId, group_name: name, participant_numbers: PEOPLE }),
	request: { method: 'GET', path: '/api/v2/groups/*' },
});

describeOperation(world, 'group', {
	operation: 'addMember',
	parameters: { ...GROUP, phoneNumber: STRANGER },
	items: groups,
	output: ({ groupId }) => ({ group_id: groupId, modify_type: 'add_recipient', number: STRANGER }),
	request: { method: 'POST', path: '/api/modify-group' },
});

describeOperation(world, 'group', {
	operation: 'removeMember',
	parameters: { ...GROUP, phoneNumber: PERSON, options: FROM },
	items: groups,
	output: ({ groupId }) => ({ group_id: groupId, modify_type: 'remove_recipient', number: PERSON }),
	request: { method: 'POST', path: '/api/modify-group' },
});

describeOperation(world, 'group', {
	operation: 'rename',
	parameters: { ...GROUP, groupName: '={{ $json.name + " renamed" }}' },
	items: groups,
	output: ({ groupId, name }) => ({ data: { group_id: groupId, group_name: `${String(name)} renamed` } }),
	request: { method: 'POST', path: '/api/v2/groups/*' },
});

describeOperation(world, 'group', {
	operation: 'setPhoto',
	parameters: { ...GROUP, photoUrl: 'https://example.com/Photo.jpg' },
	items: groups,
	output: ({ groupId }) => ({
		data: { group_id: groupId, group_photo: { url: 'https://example.com/Photo.jpg' } },
	}),
	request: { method: 'POST', path: '/api/v2/groups/*' },
});

describe('group', () => {
	it('takes the photo and the name away if they are left empty, and never if an expression gave blanks', async () => {
		const [{ groupId }] = await groups();
		await world.outputOf('setPhoto', { groupId, photoUrl: 'https://example.com/Photo.jpg' });
		const [photo] = await world.outputOf('setPhoto', { groupId, photoUrl: '' });
		expect(photo).toMatchObject({ data: { group_photo: null } });
		const error = await world.errorOf('rename', { groupId, groupName: '={{ "  " }}' });
		expect(error.message).toContain("'Group Name' is blank");
		expect((await world.outputOf('get', { groupId }))[0].group_name).toBe('One');
	});

	it('takes an iMessage address for a member', async () => {
		const [{ groupId }] = await groups();
		const [added] = await world.outputOf('addMember', { groupId, phoneNumber: 'ada@example.com' });
		expect(added).toMatchObject({ modify_type: 'add_recipient', number: 'ada@example.com' });
	});

	it('is what its operations made of it', async () => {
		const [{ group_id: groupId }] = await world.outputOf('create', { ...FROM, numbers: PEOPLE.join('\n') });
		await world.outputOf('addMember', { groupId, phoneNumber: '(415) 555-0199', options: { defaultCountry: 'US' } });
		await world.outputOf('removeMember', { groupId, phoneNumber: PERSON });
		await world.outputOf('rename', { groupId, groupName: 'Weekend' });
		const [group] = await world.outputOf('get', { groupId });

		expect(group).toMatchObject({ group_name: 'Weekend', participant_numbers: [...PEOPLE.slice(1), STRANGER] });
		await world.outputOf('rename', { groupId, groupName: '' });
		expect((await world.outputOf('get', { groupId }))[0].group_name).toBe('');
	});

	it('counts a number that is given twice once', async () => {
		const [group] = await world.outputOf('create', { ...FROM, numbers: `${PERSON}; +1 415 555 0123, ${PEOPLE[1]}` });

		expect(group.numbers).toEqual(PEOPLE.slice(0, 2));
	});

	it.each([
		['create', { ...FROM, numbers: `${PERSON}, 12` }, "'Numbers'"],
		['create', { ...FROM, numbers: '={{ [] }}' }, "'Numbers' is empty"],
		['create', { ...FROM, numbers: `={{ Array.from({ length: 26 }, (_, i) => "+1415555" + (1000 + i)) }}` }, '26 '],
		['create', { from: 'my line', numbers: PERSON }, "'From'"],
		['get', { groupId: '={{ "" }}' }, "'Group'"],
		['addMember', { groupId: 'some-group', phoneNumber: 'Ada' }, "'Phone Number'"],
		['rename', { groupId: 'some-group', options: { from: 'my line' } }, "'From'"],
	])('refuses before any request: %s %j', async (operation, parameters, words) => {
		expect((await world.errorOf(operation, parameters)).message).toContain(words);
		expect(world.requests()).toEqual([]);
	});
});
