import { describeOperation, resourceWorld } from '../support/operationSuite.cts';
import { LINE, PERSON } from '../support/sendblueWorkflow.cts';

const LINES = [LINE, '+15550100002', '+15550100003'];
const FROM = { from: { __rl: true, mode: 'number', value: '={{ $json.line }}' } };
const TO = { to: { __rl: true, mode: 'number', value: PERSON } };
const PHOTO = 'https://example.com/Photo.jpg';

const world = resourceWorld('contactCard');

/** Three items, each with a line that has a card and has heard from the person. */
const lines = async () => {
	for (const line of LINES) {
		await world.outputOf('set', { ...FROM, firstName: 'Ada' }, { line });
		await world.sandbox.deliverInbound({ from_number: PERSON, sendblue_number: line, content: 'Hi' });
	}
	return LINES.map((line) => ({ line }));
};

describeOperation(world, 'contactCard', {
	operation: 'set',
	parameters: { ...FROM, firstName: 'Ada', lastName: 'Lovelace', photoUrl: PHOTO },
	items: async () => await Promise.resolve(LINES.map((line) => ({ line }))),
	output: () => ({ hasProfile: true, displayName: 'Ada Lovelace' }),
	request: { method: 'POST', path: '/api/v2/contact-sharing/profile' },
});

describeOperation(world, 'contactCard', {
	operation: 'get',
	parameters: FROM,
	items: lines,
	output: () => ({ hasProfile: true, firstName: 'Ada' }),
	request: { method: 'GET', path: '/api/v2/contact-sharing/state' },
});

describeOperation(world, 'contactCard', {
	operation: 'remove',
	parameters: FROM,
	items: lines,
	output: () => ({ hasProfile: false, displayName: '' }),
	request: { method: 'DELETE', path: '/api/v2/contact-sharing/profile' },
});

describeOperation(world, 'contactCard', {
	operation: 'share',
	parameters: { ...FROM, ...TO },
	items: lines,
	output: () => ({ status: 'OK', requested: true, deduplicated: false }),
	request: { method: 'POST', path: '/api/v2/contact-sharing/share' },
});

describe('contact card', () => {
	it.each([
		['no name', { firstName: '={{ $json.nothing }}' }, "'First Name' and 'Last Name' are both empty"],
		[
			'a photo that is set and removed',
			{ firstName: 'Ada', photoUrl: PHOTO, options: { clearPhoto: true } },
			'cannot be used together',
		],
		['a photo at a private address', { firstName: 'Ada', photoUrl: 'https://192.168.1.2/a.jpg' }, 'Photo URL'],
	])('refuses %s before any request', async (_title, parameters, words) => {
		const error = await world.errorOf('set', { ...FROM, ...parameters }, { line: LINE });
		expect(error.message).toContain(words);
		expect(world.requests()).toEqual([]);
	});

	it('says where there is no conversation to share it in', async () => {
		await world.outputOf('set', { ...FROM, firstName: 'Ada' }, { line: LINE });
		const error = await world.errorOf('share', { ...FROM, ...TO }, { line: LINE });
		expect(error.message).toContain('no iMessage conversation');
	});
});
