import Sendblue from 'sendblue';
import { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, SHARED_LINE, startSandbox } from '../../sandbox/index.cjs';
import type { Sandbox } from '../../sandbox/index.cjs';
const { LINE, RECIPIENT } = require('./client') as typeof import('./client.cjs');

/**
 * Sendblue's own SDK, which is generated from its OpenAPI, drives every endpoint that the node uses and the SDK has. What
 * only the documentation has (/api/lines, upload-file, send-reaction, mark-read, create-group, delete, lines/usage,
 * contact-sharing) cannot be checked this way.
 */
const OTHER = '+19998887778';
const MEMBER = '+19998887779';

describe.each(['full', 'sdk'] as const)('the official SDK, answers in shape "%s"', (shape) => {
	let sandbox: Sandbox;
	let client: Sendblue;
	beforeAll(async () => {
		sandbox = await startSandbox({ settings: { shape } });
		client = new Sendblue({
			apiKey: SANDBOX_KEY_ID,
			apiSecret: SANDBOX_SECRET_KEY,
			baseURL: sandbox.url,
			maxRetries: 0,
		});
	});
	afterEach(() => sandbox.reset());
	afterAll(() => sandbox.close());

	const sendText = () => client.messages.send({ number: RECIPIENT, from_number: LINE, content: 'Hello' });

	it('sends to a person, and finds the message by handle, status and list', async () => {
		const sent = await sendText();
		expect(sent).toMatchObject({ status: 'QUEUED', number: RECIPIENT, from_number: LINE });
		const handle = String(sent.message_handle);
		expect((await client.messages.getStatus({ handle })).message_handle).toBe(handle);
		expect((await client.messages.retrieve(handle)).data?.message_handle).toBe(handle);
		const list = await client.messages.list({
			number: RECIPIENT,
			limit: 10,
			offset: 0,
			order_by: 'createdAt',
			order_direction: 'desc',
			is_outbound: 'true',
		});
		expect(list.data?.map(({ message_handle }) => message_handle)).toEqual([handle]);
		expect(list.pagination).toEqual({ total: 1, limit: 10, offset: 0, hasMore: false });
	});

	it('sends to a group, which demands the field content, and reads, renames, changes and pictures it', async () => {
		const numbers = [RECIPIENT, OTHER, MEMBER];
		const media_url = 'https://example.com/a.caf';
		const params = { from_number: LINE, numbers, media_url } as Parameters<typeof client.groups.sendMessage>[0];
		await expect(client.groups.sendMessage(params)).rejects.toMatchObject({ status: 400 });
		const sent = await client.groups.sendMessage({ ...params, content: '' });
		const { data } = await client.messages.retrieve(String(sent.message_handle));
		const id = String(data?.group_id);

		expect((await client.v2.groups.retrieve(id)).data).toMatchObject({ participant_numbers: numbers, group_name: '' });
		const renamed = await client.v2.groups.rename(id, { group_name: 'Friends', from_number: LINE });
		expect(renamed.data).toEqual({ group_id: id, group_name: 'Friends', from_number: LINE });
		expect((await client.v2.groups.rename(id, { group_name: null })).data.group_name).toBe('');
		await expect(client.v2.groups.rename(id, { group_name: '  ' })).rejects.toMatchObject({ status: 400 });
		await expect(client.v2.groups.rename(id, { group_name: 'x', from_number: SHARED_LINE })).rejects.toThrow();
		const photo = await client.v2.groups.setPhoto(id, { photo_url: 'https://example.com/photo.jpg' });
		expect(photo.data.group_photo?.url).toBe('https://example.com/photo.jpg');
		expect((await client.v2.groups.setPhoto(id, { photo_url: null })).data.group_photo).toBeNull();

		const email = 'friend@example.com';
		const change = { group_id: id, modify_type: 'add_recipient', number: email } as const;
		expect(await client.groups.modify(change)).toMatchObject({ status: 'OK', number: email });
		expect(await client.groups.modify({ ...change, modify_type: 'remove_recipient' })).toMatchObject({ status: 'OK' });
	});

	it('looks numbers and iMessage addresses up, and shows typing', async () => {
		expect(await client.lookups.lookupNumber({ number: RECIPIENT })).toEqual({
			number: RECIPIENT,
			service: 'iMessage',
		});
		expect((await client.lookups.lookupNumber({ number: 'friend@example.com' })).service).toBe('iMessage');
		await sendText();
		const dots = await client.typingIndicators.send({ number: RECIPIENT, from_number: LINE, state: 'start' });
		expect(dots).toMatchObject({ status: 'SENT', number: RECIPIENT });
	});

	it('keeps contacts: one, many, opted out, verified, deleted', async () => {
		await client.contacts.create({ number: RECIPIENT, first_name: 'Ann', custom_variables: { a: '1' } });
		await client.contacts.update(RECIPIENT, { custom_variables: { b: '2' } });
		const { contact } = await client.contacts.retrieve(RECIPIENT);
		expect(contact).toMatchObject({ phone: RECIPIENT, first_name: 'Ann', custom_variables: { a: '1', b: '2' } });
		const many = await client.contacts.bulk.create({ contacts: [{ phone: OTHER }, { phone: MEMBER }] });
		expect(many.contacts).toHaveLength(2);
		expect(await client.contacts.count()).toEqual({ count: 3 });
		expect(await client.contacts.optOut({ number: OTHER, opted_out: true })).toMatchObject({ opted_out: true });
		expect(await client.contacts.verify({ number: OTHER })).toEqual({ status: 'OK' });
		const listed = await client.contacts.list({ limit: 2, order_by: 'created_at', order_direction: 'asc' });
		expect(listed.map(({ phone }) => phone)).toEqual([RECIPIENT, OTHER]);
		expect(await client.contacts.bulk.delete({ contact_ids: [OTHER, MEMBER] })).toMatchObject({ amount: 2 });
		expect(await client.contacts.delete(RECIPIENT)).toEqual({ status: 'OK' });
	});

	it('verifies contacts of the shared line once they have written to it', async () => {
		const created = await client.verifiedContacts.create({ phone_number: RECIPIENT });
		expect(created.data?.contact.verification_status).toBe('pending');
		expect(created.data?.verification_instructions).toContain(SHARED_LINE);
		await sandbox.deliverInbound({ from_number: RECIPIENT, sendblue_number: SHARED_LINE, content: 'Hi' });
		const { data } = await client.verifiedContacts.retrieve(RECIPIENT);
		expect(data).toMatchObject({ contact: { verified: true }, line: { phone_number: SHARED_LINE } });
	});

	it('lists seats, and sends in the name of one', async () => {
		const seats = await client.v2.seats.list();
		expect(await client.v2.seats.count()).toEqual({ count: seats.length });
		const id = String(seats[0].seat_id);
		expect((await client.v2.seats.retrieve(id)).seat?.email).toBe(seats[0].email);
		const sent = await client.messages.send({ number: RECIPIENT, from_number: LINE, content: 'Hi', seat_id: id });
		expect(sent).toMatchObject({ seat_id: id, sender_email: seats[0].email });
		const unknown = { number: RECIPIENT, from_number: LINE, content: 'Hi', seat_id: 'nobody' };
		await expect(client.messages.send(unknown)).rejects.toMatchObject({ status: 400 });
	});

	it('tells the state of lines, and keeps webhooks', async () => {
		expect((await client.lines.getState()).data).toHaveLength(3);
		const url = 'https://example.com/hook';
		await client.webhooks.create({ type: 'receive', webhooks: [{ url, secret: 's' }] });
		expect((await client.webhooks.list()).webhooks?.receive).toEqual([{ url, secret: 's' }]);
		await client.webhooks.delete({ type: 'receive', webhooks: [url] });
		expect((await client.webhooks.list()).webhooks?.receive).toEqual([]);
	});

	it('names wrong keys', async () => {
		const stranger = new Sendblue({ apiKey: 'other', apiSecret: 'other', baseURL: sandbox.url, maxRetries: 0 });
		await expect(stranger.contacts.count()).rejects.toMatchObject({ status: 401 });
	});
});
