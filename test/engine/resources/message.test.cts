import type { IDataObject } from 'n8n-workflow';

import type { FileServer } from '../support/fileServer.cjs';

import { PNG } from '../support/audio.cts';
import { startFileServer } from '../support/fileServer.cts';
import { describeOperation, resourceWorld } from '../support/operationSuite.cts';
import { LINE, PERSON, sandboxCredential } from '../support/sendblueWorkflow.cts';

const PEOPLE = [PERSON, '+14155550124', '+14155550125'];
const FROM = { from: { __rl: true, mode: 'list', value: LINE } };
const TO = { __rl: true, mode: 'number', value: '={{ $json.person }}' };
const FAST = { messagesPerSecond: 1_000 };

const world = resourceWorld('message');

/** Three items, each with a person who has a message, and the handle of that message. */
const conversations = async (): Promise<IDataObject[]> =>
	await Promise.all(
		PEOPLE.map(async (person) => ({ person, handle: await world.account.sendText(LINE, person, `To ${person}`) })),
	);

describeOperation(world, 'message', {
	operation: 'send',
	parameters: { ...FROM, to: TO, content: '={{ "Hello " + $json.person }}', options: FAST },
	items: async () => PEOPLE.map((person) => ({ person })),
	output: ({ person }) => ({ number: person, content: `Hello ${String(person)}`, status: 'QUEUED', from_number: LINE }),
	request: { method: 'POST', path: '/api/send-message' },
	afterwards: (sandbox) => expect(sandbox.messages().map(({ number }) => number)).toEqual(PEOPLE),
});

describeOperation(world, 'message', {
	operation: 'get',
	parameters: { messageHandle: '={{ $json.handle }}' },
	items: conversations,
	output: ({ person, handle }) => ({ message_handle: handle, number: person, content: `To ${String(person)}` }),
	request: { method: 'GET', path: '/api/v2/messages/*' },
});

describeOperation(world, 'message', {
	operation: 'getAll',
	parameters: { filters: { phoneNumber: TO } },
	items: conversations,
	output: ({ person, handle }) => ({ message_handle: handle, number: person }),
	request: { method: 'GET', path: '/api/v2/messages' },
});

describeOperation(world, 'message', {
	operation: 'delete',
	parameters: { messageHandle: '={{ $json.handle }}' },
	items: conversations,
	output: () => ({ deleted: true }),
	request: { method: 'DELETE', path: '/api/message/*' },
	afterwards: (sandbox) => expect(sandbox.messages().every(({ deleted }) => deleted)).toBe(true),
});

describeOperation(world, 'message', {
	operation: 'react',
	parameters: { ...FROM, messageHandle: '={{ $json.handle }}', reaction: 'laugh' },
	items: conversations,
	output: ({ handle }) => ({ message_handle: handle, reaction: 'laugh' }),
	request: { method: 'POST', path: '/api/send-reaction' },
});

describe('react', () => {
	it('gives any emoji, and takes that very reaction back', async () => {
		const [{ handle: messageHandle }] = await conversations();
		const react = async (rest: IDataObject) => await world.outputOf('react', { ...FROM, messageHandle, ...rest });
		await react({ reaction: 'emoji', emoji: '🔥' });
		await react({ reaction: 'love' });
		expect(world.sandbox.reactions().map(({ reaction }) => reaction)).toEqual(['🔥', 'love']);
		await react({ reaction: 'emoji', emoji: '🔥', options: { takeBack: true } });
		expect(world.sandbox.reactions().map(({ reaction }) => reaction)).toEqual(['love']);
	});

	it.each(['fire', '🔥🔥', ' '])('refuses %p for an emoji before any request', async (emoji) => {
		const parameters = { ...FROM, messageHandle: 'h', reaction: 'emoji', emoji };
		expect((await world.errorOf('react', parameters)).message).toContain('not a single emoji');
		expect(world.requests()).toEqual([]);
	});
});

it('lists the newest first, whichever order Sendblue has by itself', async () => {
	const [, , { handle: newest }] = (await conversations()) as [IDataObject, IDataObject, IDataObject];
	world.sandbox.setSettings({ defaultOrder: 'asc' });
	expect((await world.outputOf('getAll', { limit: 1 }))[0].message_handle).toBe(newest);
});

describeOperation(world, 'message', {
	operation: 'markAsRead',
	parameters: { ...FROM, to: TO },
	items: conversations,
	output: ({ person }) => ({ status: 'OK', number: person }),
	request: { method: 'POST', path: '/api/mark-read' },
});

describeOperation(world, 'message', {
	operation: 'sendTypingIndicator',
	parameters: { ...FROM, to: TO, options: { maxDuration: 5 } },
	items: conversations,
	output: ({ person }) => ({ status: 'SENT', number: person }),
	request: { method: 'POST', path: '/api/send-typing-indicator' },
});

describe('message: send', () => {
	let web: FileServer;

	beforeAll(async () => {
		web = await startFileServer();
		web.files['/Photo.png'] = { bytes: PNG, contentType: 'image/png' };
		web.files['/picture?id=7'] = { bytes: PNG, contentType: 'image/png; charset=binary' };
		web.files['/unknown'] = { bytes: PNG, contentType: 'application/x-unheard-of' };
	});
	afterAll(async () => await web.close());

	const send = async (parameters: IDataObject, options: IDataObject = {}) =>
		(await world.outputOf('send', { ...FROM, to: PERSON, ...parameters, options: { ...FAST, ...options } }))[0];
	const uploads = () => world.requests().filter((request) => request === 'POST /api/upload-file');
	const picture = { bytes: PNG, fileName: 'My Photo.png', mimeType: 'image/png' };

	it('sends a file of the item, uploaded once for all items, and leaves it off the output', async () => {
		const items = PEOPLE.map((person) => ({ json: { person }, files: { photo: picture } }));
		const media = { mediaSource: 'binary', binaryPropertyName: 'photo' };
		const result = await world.run('send', { ...FROM, to: TO, ...media, options: FAST }, items);

		expect(result.error).toBeUndefined();
		expect(uploads()).toHaveLength(1);
		const messages = world.sandbox.messages();
		expect(messages).toHaveLength(3);
		for (const message of messages) {
			expect(message.media_url).toMatch(/My_Photo\.png$/);
			expect(message.media?.base64).toBe(PNG.toString('base64'));
			expect(message.request).not.toHaveProperty('content');
		}
		expect(result.items('Sendblue')[2].binary).toBeUndefined();
	});

	it('hands a public address on as it is, and uploads where Re-Host is on', async () => {
		const media = { mediaSource: 'url', mediaUrl: `${web.url}/Photo.png`, content: 'Look' };

		expect(await send(media)).toMatchObject({ media_url: `${web.url}/Photo.png`, content: 'Look' });
		expect(uploads()).toEqual([]);
		expect(await send(media, { rehost: true })).toMatchObject({
			media_url: expect.stringContaining(world.sandbox.url),
		});
		expect(uploads()).toHaveLength(1);
	});

	it('uploads what Sendblue could not fetch, under a name with an extension', async () => {
		const unnamed = { mediaSource: 'url', mediaUrl: `${web.url}/picture?id=7` };

		expect(await send(unnamed)).toMatchObject({ media_url: expect.stringMatching(/picture\.png$/) });
		expect(await send(unnamed, { fileName: 'Für dich' })).toMatchObject({
			media_url: expect.stringMatching(/Fur_dich\.png$/),
		});
	});

	it('asks for a name where nothing tells the kind of the file', async () => {
		const unknown = { ...FROM, to: PERSON, mediaSource: 'url', mediaUrl: `${web.url}/unknown` };

		expect(await world.errorOf('send', unknown)).toMatchObject({
			message: expect.stringContaining('application/x-unheard-of'),
			description: expect.stringContaining('File Name'),
		});
	});

	it('sends with effect, reply, seat and status callback', async () => {
		const handle = await world.account.sendText(LINE, PERSON);
		const statusCallback = `${world.sandbox.url}/nowhere`;
		const seatId = '5ea70000-0000-4000-8000-000000000001';
		await send({ content: 'Yes!' }, { sendStyle: 'confetti', replyTo: handle, seatId, statusCallback });

		expect(world.sandbox.messages()[1].request).toEqual({
			from_number: LINE,
			number: PERSON,
			content: 'Yes!',
			send_style: 'confetti',
			reply_to: { message_handle: handle },
			seat_id: seatId,
			status_callback: statusCallback,
		});
	});

	it('sends to a group by its ID and by its numbers', async () => {
		const groupId = await world.account.createGroup(LINE, PEOPLE);
		const byId = await send({
			recipientType: 'group',
			groupId: { __rl: true, mode: 'list', value: groupId },
			content: 'Hi',
		});
		const byNumbers = await send({ recipientType: 'numbers', numbers: PEOPLE.join(', '), content: 'Hi all' });
		const byList = await send({
			recipientType: 'numbers',
			numbers: `={{ ${JSON.stringify(PEOPLE)} }}`,
			content: 'Hi again',
		});

		for (const message of [byId, byNumbers, byList]) {
			expect(message).toMatchObject({ message_type: 'group', group_id: groupId, number: PEOPLE });
		}
	});

	it('shows that it is typing before the message, and sends where that is not possible', async () => {
		await send({ content: 'First' }, { typingSeconds: 0.01 });
		await send({ content: 'Second' }, { typingSeconds: 0.01 });

		expect(world.requests().filter((request) => request.startsWith('POST'))).toEqual([
			'POST /api/send-typing-indicator',
			'POST /api/send-message',
			'POST /api/send-typing-indicator',
			'POST /api/send-message',
		]);
		const posts = world.sandbox.requests().filter(({ method }) => method === 'POST');
		expect(posts.map(({ status }) => status)).toEqual([400, 200, 200, 200]);
	});

	it.each([
		['nothing to send', { to: PERSON }, 'neither text nor media'],
		['nothing for a group', { recipientType: 'numbers', numbers: PERSON }, 'neither text nor media'],
		['a number that is none', { to: '12', content: 'Hi' }, "'To'"],
		['a list with a wrong number', { recipientType: 'numbers', numbers: `${PERSON}, 12`, content: 'Hi' }, "'Numbers'"],
		['a group without people', { recipientType: 'numbers', numbers: ' , ', content: 'Hi' }, "'Numbers' is empty"],
		[
			'no group',
			{ recipientType: 'group', groupId: { __rl: true, mode: 'id', value: '={{ "" }}' }, content: 'Hi' },
			"'Group'",
		],
		['a media URL that is none', { to: PERSON, mediaSource: 'url', mediaUrl: 'Photo.png' }, "'Media URL'"],
		['a missing file', { to: PERSON, mediaSource: 'binary' }, 'Input Data Field Name'],
		['too long a text', { to: PERSON, content: 'a'.repeat(18_997) }, '18997 characters'],
	])('refuses %s before any request', async (_title, parameters, words) => {
		const error = await world.errorOf('send', { ...FROM, ...parameters });

		expect(error.message).toContain(words);
		expect(world.requests()).toEqual([]);
	});
});

describe('message: get and getAll', () => {
	it('return the raw answer where Simplify is off', async () => {
		const [{ handle }] = await conversations();
		const [one] = await world.outputOf('get', { messageHandle: handle, simplify: false });
		const all = await world.outputOf('getAll', { simplify: false });

		expect(one).toEqual(all.find(({ message_handle: each }) => each === handle));
		expect(Object.keys(one)).toEqual(
			expect.arrayContaining(['accountEmail', 'plan', 'was_downgraded', 'participants']),
		);
		expect(Object.keys((await world.outputOf('get', { messageHandle: handle }))[0])).toHaveLength(10);
	});

	it('pages through everything with Return All, and stops at the limit without it', async () => {
		for (let index = 0; index < 205; index++) await world.account.sendText(LINE, PERSON, `Number ${index}`);
		const asked = world.sandbox.requests().length;
		const all = await world.outputOf('getAll', { returnAll: true });

		expect(new Set(all.map(({ content }) => content)).size).toBe(205);
		expect(world.requests().slice(asked)).toHaveLength(2);
		expect(await world.outputOf('getAll', { limit: 3 })).toHaveLength(3);
		expect(await world.outputOf('getAll', {})).toHaveLength(50);
	});

	it('filters and sorts', async () => {
		await conversations();
		await world.sandbox.deliverInbound({ from_number: PERSON, sendblue_number: LINE, content: 'Inbound' });
		const contents = async (filters: IDataObject, options: IDataObject = {}) =>
			(await world.outputOf('getAll', { filters, options })).map(({ content }) => content);

		expect(await contents({ direction: 'inbound' })).toEqual(['Inbound']);
		expect(await contents({ direction: 'outbound', phoneNumber: '(415) 555-0123' }, { defaultCountry: 'US' })).toEqual([
			`To ${PERSON}`,
		]);
		expect((await contents({}, { orderBy: 'createdAt', orderDirection: 'asc' })).at(-1)).toBe('Inbound');
		expect(await contents({ line: { __rl: true, mode: 'list', value: '+15550100002' } })).toEqual([]);
		expect(await contents({ sentAfter: '2999-01-01T00:00:00' })).toEqual([]);
		expect(await contents({ sentBefore: '2999-01-01T00:00:00', status: 'RECEIVED', messageType: 'message' })).toEqual([
			'Inbound',
		]);
	});

	it.each([
		[{ limit: 0 }, "'Limit'"],
		[{ filters: { sentAfter: 'soon' } }, "'Sent After'"],
		[{ filters: { phoneNumber: '12' } }, "'Phone Number'"],
	])('refuses %j before any request', async (parameters, words) => {
		expect((await world.errorOf('getAll', parameters)).message).toContain(words);
		expect(world.requests()).toEqual([]);
	});

	it.each(['', '  ', '..'])('refuses the handle "%s" before any request', async (messageHandle) => {
		expect((await world.errorOf('get', { messageHandle: `={{ "${messageHandle}" }}` })).message).toContain(
			"'Message Handle'",
		);
		expect(world.requests()).toEqual([]);
	});

	it('explains a message that is not there', async () => {
		expect((await world.errorOf('get', { messageHandle: 'nowhere' })).message).toContain('no message with this handle');
	});
});

describe('message: sendTypingIndicator', () => {
	it.each([0, 301, 'long'])('refuses a duration of %s seconds', async (maxDuration) => {
		const error = await world.errorOf('sendTypingIndicator', { ...FROM, to: PERSON, options: { maxDuration } });

		expect(error.message).toContain("'Maximum Duration'");
		expect(world.requests()).toEqual([]);
	});

	it('fails where Sendblue says so in an answer of success', async () => {
		const body = { number: PERSON, status: 'ERROR', error_message: 'Not now' };
		world.sandbox.setFaults([{ path: '/api/send-typing-indicator', kind: 'status', status: 200, body }]);
		const error = await world.errorOf('sendTypingIndicator', { ...FROM, to: PERSON });

		expect(error.message).toContain('Not now');
	});

	it('explains that there is no conversation yet', async () => {
		const error = await world.errorOf('sendTypingIndicator', { ...FROM, to: PERSON, state: 'stop' });

		expect(error.message).toContain('no conversation');
	});
});

describe('lists to choose from', () => {
	const search = async (method: string, filter?: string) =>
		await world.engine.listSearch({
			type: world.engine.typeOf('sendblue'),
			method,
			credentials: sandboxCredential(world.sandbox),
			parameters: { resource: 'message', operation: 'send' },
			...(filter === undefined ? {} : { filter }),
		});

	it('hold contacts by name and number', async () => {
		await world.account.createContact(PERSON, { first_name: 'Ada', last_name: 'Lovelace' });
		await world.account.createContact('+14155550124');

		expect((await search('searchContacts')).results).toEqual([
			{ name: '+14155550124', value: '+14155550124' },
			{ name: `Ada Lovelace (${PERSON})`, value: PERSON },
		]);
		expect((await search('searchContacts', 'ada')).results.map(({ value }) => value)).toEqual([PERSON]);
	});

	it('find a contact on a later page', async () => {
		await world.account.createContact(PERSON, { first_name: 'Ada' });
		const others = Array.from({ length: 250 }, (_, index) => ({ phone: `+1415556${String(index).padStart(4, '0')}` }));
		await world.account.call('POST', '/api/v2/contacts/bulk', { contacts: others });

		expect((await search('searchContacts', 'ada')).results.map(({ value }) => value)).toEqual([PERSON]);
		expect(await search('searchContacts')).toMatchObject({ paginationToken: '200' });
	});

	it('hold the groups of recent messages, each once', async () => {
		const [named, unnamed] = [
			await world.account.createGroup(LINE, PEOPLE.slice(0, 2), 'Family'),
			await world.account.createGroup(LINE, [...PEOPLE, '+14155550126', '+14155550127']),
		];
		for (const groupId of [named, unnamed, named]) {
			await world.account.call('POST', '/api/send-group-message', {
				from_number: LINE,
				group_id: groupId,
				content: 'Hi',
			});
		}

		const { results } = await search('searchGroups');
		expect(results.filter(({ value }) => value === named || value === unnamed)).toEqual([
			{ name: 'Family', value: named },
			{ name: `${PEOPLE.join(', ')} and 2 more`, value: unnamed },
		]);
		expect((await search('searchGroups', 'fam')).results).toHaveLength(1);
	});

	it('hold a group that was just made, by its newest name, before anybody has written in it', async () => {
		const run = async (parameters: IDataObject): Promise<IDataObject> => {
			const node = { name: 'Group', type: world.engine.typeOf('sendblue'), parameters };
			const credentials = sandboxCredential(world.sandbox);
			const result = await world.engine.run({ items: [{ json: {} }], nodes: [node], credentials });
			return result.items('Group')[0].json;
		};
		const numbers = PEOPLE.join(', ');
		const made = await run({ resource: 'group', operation: 'create', ...FROM, numbers, groupName: 'Book Club' });
		const id = String(made.group_id);
		const nameOf = async (): Promise<unknown> =>
			(await search('searchGroups')).results.find(({ value }) => value === id)?.name;

		expect((await search('searchGroups')).results[0]).toEqual({ name: 'Book Club', value: id });
		await run({ resource: 'group', operation: 'rename', groupId: id, groupName: 'Readers' });
		expect(await nameOf()).toBe('Readers');
		await run({ resource: 'group', operation: 'rename', groupId: id, groupName: '' });
		expect(await nameOf()).toBe(PEOPLE.join(', '));
	});

	it('hold a group that was made by sending to its people', async () => {
		const numbers = [...PEOPLE, '+14155550129'];
		const [sent] = await world.outputOf('send', {
			...FROM,
			recipientType: 'numbers',
			numbers: numbers.join(', '),
			content: 'Hi',
			options: FAST,
		});
		world.sandbox.setFaults([{ path: '/api/v2/messages', kind: 'status', status: 200, body: { data: [] } }]);

		expect((await search('searchGroups')).results).toContainEqual({
			name: `${PEOPLE.join(', ')} and 1 more`,
			value: sent?.group_id,
		});
	});
});
