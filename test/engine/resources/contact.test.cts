import type { IDataObject } from 'n8n-workflow';

import { describeOperation, resourceWorld } from '../support/operationSuite.cts';
import { LINE, PERSON } from '../support/sendblueWorkflow.cts';

const PEOPLE = [PERSON, '+14155550124', '+14155550125'];
const CONTACT = { contact: { __rl: true, mode: 'number', value: '={{ $json.person }}' } };

const world = resourceWorld('contact');

/** Three items, each with a person who is a contact. */
const contacts = async (): Promise<IDataObject[]> => {
	for (const person of PEOPLE) await world.account.createContact(person, { first_name: `Name of ${person}` });
	return PEOPLE.map((person) => ({ person }));
};

describeOperation(world, 'contact', {
	operation: 'upsert',
	parameters: { ...CONTACT, additionalFields: { firstName: '={{ "New name of " + $json.person }}', tags: 'a, b' } },
	items: async () => (await contacts()).map((item, index) => (index === 2 ? { person: '+14155550199' } : item)),
	output: ({ person }) => ({ phone: person, first_name: `New name of ${String(person)}`, tags: ['a', 'b'] }),
	request: { method: 'POST', path: '/api/v2/contacts' },
});

describeOperation(world, 'contact', {
	operation: 'createMany',
	parameters: { contacts: '={{ [{ phone: $json.person, firstName: "Ada", tags: ["a"] }] }}' },
	items: async () => await Promise.resolve(PEOPLE.map((person) => ({ person }))),
	output: ({ person }) => ({ phone: person, first_name: 'Ada', tags: ['a'] }),
	request: { method: 'POST', path: '/api/v2/contacts/bulk' },
});

describeOperation(world, 'contact', {
	operation: 'verify',
	parameters: CONTACT,
	items: contacts,
	output: ({ person }) => ({ contact: { phone_number: person, verification_status: 'pending' } }),
	request: { method: 'POST', path: '/v3/verified-contacts' },
});

describe('create many', () => {
	it('makes an item per contact of a list', async () => {
		const contacts = JSON.stringify(PEOPLE.map((phone) => ({ phone })));
		expect((await world.outputOf('createMany', { contacts })).map(({ phone }) => phone)).toEqual(PEOPLE);
	});

	it.each([
		['what is no list', '={{ "Ada" }}', 'not a list of contacts'],
		['an empty list', '[]', 'not a list of contacts'],
		['a wrong number, which it names', '[{ "phone": "+14155550123" }, { "phone": "12" }]', 'Contacts, 2'],
	])('refuses %s before any request', async (_title, contacts, words) => {
		expect((await world.errorOf('createMany', { contacts })).message).toContain(words);
		expect(world.requests()).toEqual([]);
	});
});

describeOperation(world, 'contact', {
	operation: 'get',
	parameters: CONTACT,
	items: contacts,
	output: ({ person }) => ({ phone: person, first_name: `Name of ${String(person)}`, opt_out: false }),
	request: { method: 'GET', path: '/api/v2/contacts/*' },
});

describeOperation(world, 'contact', {
	operation: 'getAll',
	parameters: { limit: '={{ $json.limit }}' },
	items: async () => {
		await contacts();
		return [{ limit: 1 }, { limit: 2 }, { limit: 3 }];
	},
	output: () => ({ phone: expect.any(String), first_name: expect.stringContaining('Name of') }),
	request: { method: 'GET', path: '/api/v2/contacts' },
});

describeOperation(world, 'contact', {
	operation: 'delete',
	parameters: CONTACT,
	items: contacts,
	output: () => ({ deleted: true }),
	request: { method: 'DELETE', path: '/api/v2/contacts/*' },
});

describeOperation(world, 'contact', {
	operation: 'optOut',
	parameters: CONTACT,
	items: contacts,
	output: ({ person }) => ({ number: person, opted_out: true }),
	request: { method: 'POST', path: '/api/v2/contacts/opt-out' },
});

describeOperation(world, 'contact', {
	operation: 'optIn',
	parameters: CONTACT,
	items: contacts,
	output: ({ person }) => ({ number: person, opted_out: false }),
	request: { method: 'POST', path: '/api/v2/contacts/opt-out' },
});

describe('contact: upsert', () => {
	it('stores every field, the company by an update', async () => {
		const additionalFields = {
			firstName: 'Ada',
			lastName: 'Lovelace',
			companyName: 'Analytical Engines',
			assignedToEmail: 'nathan@example.com',
			line: { __rl: true, mode: 'list', value: LINE },
			tags: '={{ ["customer", "vip"] }}',
			customVariables: {
				variable: [
					{ name: 'color', value: 'green' },
					{ name: '', value: 'lost' },
				],
			},
		};
		const [contact] = await world.outputOf('upsert', { contact: PERSON, additionalFields });

		expect(contact).toMatchObject({
			phone: PERSON,
			first_name: 'Ada',
			last_name: 'Lovelace',
			company_name: 'Analytical Engines',
			assigned_to_email: 'nathan@example.com',
			sendblue_number: LINE,
			tags: ['customer', 'vip'],
			custom_variables: { color: 'green' },
		});
		expect(world.requests()).toEqual(['POST /api/v2/contacts', `PUT /api/v2/contacts/${encodeURIComponent(PERSON)}`]);
	});

	it('leaves alone what is not given and clears what is given empty', async () => {
		await world.account.createContact(PERSON, { first_name: 'Ada', last_name: 'Lovelace', tags: ['old'] });
		const [contact] = await world.outputOf('upsert', { contact: PERSON, additionalFields: { lastName: '', tags: '' } });

		expect(contact).toMatchObject({ first_name: 'Ada', last_name: '', tags: [] });
	});
});

describe('contact', () => {
	it.each(['upsert', 'get', 'delete', 'optIn', 'optOut'])(
		'refuses a wrong number before any request: %s',
		async (operation) => {
			expect((await world.errorOf(operation, { contact: '12' })).message).toContain("'Contact'");
			expect(world.requests()).toEqual([]);
		},
	);

	it('completes numbers with the default country', async () => {
		await contacts();

		expect(await world.outputOf('get', { contact: '(415) 555-0123', options: { defaultCountry: 'US' } })).toMatchObject(
			[{ phone: PERSON }],
		);
	});

	it('returns the raw contact if Simplify is off', async () => {
		await contacts();
		const [raw] = await world.outputOf('get', { contact: PERSON, simplify: false });

		expect(raw).toMatchObject({ firstName: raw.first_name, verified: false });
		expect(await world.outputOf('getAll', { simplify: false })).toContainEqual(raw);
		expect(Object.keys((await world.outputOf('get', { contact: PERSON }))[0])).toHaveLength(10);
	});

	it('pages through all contacts, filters and sorts', async () => {
		const many = Array.from({ length: 1_100 }, (_, index) => ({ phone: `+1415556${String(index).padStart(4, '0')}` }));
		await world.account.call('POST', '/api/v2/contacts/bulk', { contacts: many });
		const asked = world.requests().length;
		const all = await world.outputOf('getAll', { returnAll: true, options: { orderDirection: 'asc' } });

		expect(all.map(({ phone }) => phone)).toEqual(many.map(({ phone }) => phone));
		expect(world.requests().slice(asked)).toHaveLength(2);
		expect(await world.outputOf('getAll', { filters: { contactId: all[7].contact_id } })).toEqual([all[7]]);
		expect(await world.outputOf('getAll', { filters: { createdAfter: '2999-01-01' } })).toEqual([]);
	});

	it('says so if there are more contacts than Sendblue lists', async () => {
		const many = Array.from({ length: 11_001 }, (_, index) => ({ phone: `+141${5_000_000 + index}0` }));
		for (let start = 0; start < many.length; start += 4_000) {
			await world.account.call('POST', '/api/v2/contacts/bulk', { contacts: many.slice(start, start + 4_000) });
		}

		expect((await world.errorOf('getAll', { returnAll: true })).message).toContain('no more than 11000 contacts');
	});

	it('keeps Sendblue from sending to who opted out', async () => {
		await world.outputOf('optOut', { contact: PERSON });

		await expect(world.account.sendText(LINE, PERSON)).rejects.toThrow('opted out');
		await world.outputOf('optIn', { contact: PERSON });
		await expect(world.account.sendText(LINE, PERSON)).resolves.toEqual(expect.any(String));
	});

	it('explains a contact that is not there', async () => {
		expect(await world.errorOf('get', { contact: PERSON })).toMatchObject({
			message: expect.stringContaining('no contact with this number'),
			httpCode: '404',
		});
	});
});
