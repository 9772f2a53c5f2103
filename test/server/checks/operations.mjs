import assert from 'node:assert/strict';
import { callSendblue } from '../lab/callSendblue.mjs';
import { LINES, PERSON, sandboxKeys } from '../lab/lab.mjs';
import {
	byNumber,
	chain,
	convertToCaf,
	fromList,
	manualTrigger,
	readFile,
	sendblue,
	SENDBLUE_NODE,
} from '../lab/workflows.mjs';

/** The operations that `checkManualRuns` runs, with their errors. */
const RUN_BEFORE = ['voiceNote: send', 'voiceNote: convertToCaf'];

const [LINE] = LINES;
const FRIENDS = ['+14155550151', '+14155550152', '+14155550153'];
const NEW_FRIEND = '+14155550154';
const FROM = { from: fromList(LINE) };
const TO = { to: byNumber(PERSON) };
const CONTACT = { contact: byNumber(PERSON) };

/**
 * Runs an operation in a workflow of its own and looks at what came out.
 *
 * @callback CheckOperation
 * @param {string} operation in the form `resource: operation`
 * @param {object} parameters
 * @param {(output: any[], items: any[]) => unknown} verify gets the JSON of the output items, and the items themselves
 * @param {any[]} [before] nodes whose output it works on
 * @returns {Promise<any>} what `verify` returned
 */

/**
 * Every operation of the node, run as the editor's button runs it.
 *
 * @param {import('../lab/report.mjs').Report} report
 * @param {import('../lab/lab.mjs').Lab} lab
 */
export async function checkOperations(report, { rest, sandbox, samples, standIns }) {
	const credential = await rest.createCredential('Sandbox', 'sendblueApi', sandboxKeys(sandbox));
	const run = new Set(RUN_BEFORE);

	/** @type {CheckOperation} */
	const check = async (operation, parameters, verify, before = []) =>
		await report.check(operation, async () => {
			run.add(operation);
			const [resource, name] = operation.split(': ');
			const node = sendblue('Sendblue', { resource, operation: name, ...parameters }, credential);
			const workflow = await rest.createWorkflow(chain(operation, [manualTrigger(), ...before, node]));
			const execution = await rest.run(workflow, 'Start');
			assert.equal(execution.status, 'success', execution.errorText);
			const items = execution.items('Sendblue');
			return await verify(
				items.map(({ json }) => json),
				items,
			);
		});

	await checkVoiceNoteBack(check, rest, samples);
	await checkMessages(check, sandbox);
	await checkContacts(check);
	await checkContactCards(check);
	await checkGroups(check);
	await checkMedia(check, samples, standIns);
	await checkAccount(check, sandbox);

	await report.check('no operation of the node was left out', async () => {
		const types = await (await rest.fetch('/types/nodes.json')).json();
		const { properties } = types.find(({ name }) => name === SENDBLUE_NODE);
		const offered = properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ displayOptions, options }) =>
				options.map(({ value }) => `${displayOptions.show.resource[0]}: ${value}`),
			)
			// n8n itself adds an entry that leads to its HTTP Request node.
			.filter((operation) => !operation.endsWith('__CUSTOM_API_CALL__'));
		assert.deepEqual(
			offered.filter((operation) => !run.has(operation)),
			[],
		);
		return `${offered.length} operations`;
	});
}

/**
 * @param {CheckOperation} check
 * @param {import('../lab/restClient.mjs').RestClient} rest
 * @param {{ mp3: string }} samples
 */
async function checkVoiceNoteBack(check, rest, samples) {
	const before = [readFile(samples.mp3), convertToCaf()];
	const isFile =
		(extension, magic) =>
		async (_output, [{ binary }]) => {
			assert.equal(binary.data.fileName, `VoiceNote.${extension}`);
			const bytes = await rest.download(binary.data);
			assert.equal(bytes.subarray(0, 4).toString('latin1'), magic);
			return `${binary.data.fileName}, ${bytes.length} bytes`;
		};
	await check('voiceNote: convertFromCaf', {}, isFile('ogg', 'OggS'), before);
	await check('voiceNote: convertFromCaf', { outputFormat: 'wav' }, isFile('wav', 'RIFF'), before);
}

/**
 * @param {CheckOperation} check
 * @param {any} sandbox
 */
async function checkMessages(check, sandbox) {
	const handle = await check('message: send', { ...FROM, ...TO, content: 'Hello' }, ([sent]) => {
		assert.equal(sent.status, 'QUEUED');
		assert.equal(sandbox.messages().at(-1).content, 'Hello');
		return sent.message_handle;
	});
	const message = { messageHandle: handle };
	await check('message: get', message, ([found]) => {
		assert.equal(found.message_handle, handle);
		assert.equal(found.content, 'Hello');
	});
	await check('message: getAll', { limit: 5, filters: { phoneNumber: byNumber(PERSON) } }, (found) => {
		assert.ok(found.some(({ message_handle: each }) => each === handle));
	});
	await check('message: react', { ...FROM, ...message, reaction: 'laugh' }, ([answer]) => {
		assert.equal(answer.reaction, 'laugh');
	});
	await check('message: markAsRead', { ...FROM, ...TO }, ([answer]) => assert.equal(answer.status, 'OK'));
	await check('message: sendTypingIndicator', { ...FROM, ...TO }, ([answer]) => assert.equal(answer.status, 'SENT'));
	await check('message: delete', message, ([answer]) => {
		assert.equal(answer.deleted, true);
		assert.ok(sandbox.messages().find(({ message_handle: each }) => each === handle).deleted);
	});
}

/** @param {CheckOperation} check */
async function checkContacts(check) {
	const details = { additionalFields: { firstName: 'Ada', companyName: 'Engines', tags: 'a, b' } };
	await check('contact: upsert', { ...CONTACT, ...details }, ([contact]) => {
		assert.equal(contact.first_name, 'Ada');
		assert.equal(contact.company_name, 'Engines');
	});
	await check('contact: optOut', CONTACT, ([answer]) => assert.equal(answer.opted_out, true));
	await check('contact: get', CONTACT, ([contact]) => {
		assert.equal(contact.phone, PERSON);
		assert.equal(contact.opt_out, true);
	});
	await check('contact: optIn', CONTACT, ([answer]) => assert.equal(answer.opted_out, false));
	await check('contact: getAll', { returnAll: true }, (contacts) => {
		const ada = contacts.find(({ phone }) => phone === PERSON);
		assert.deepEqual(ada.tags, ['a', 'b']);
		assert.equal(ada.opt_out, false);
	});
	await check('contact: verify', CONTACT, ([answer]) => assert.equal(answer.contact.phone_number, PERSON));
	const many = JSON.stringify(FRIENDS.map((phone) => ({ phone })));
	await check('contact: createMany', { contacts: many }, (created) => {
		assert.deepEqual(
			created.map(({ phone }) => phone),
			FRIENDS,
		);
	});
	await check('contact: delete', CONTACT, ([answer]) => assert.equal(answer.deleted, true));
}

/** @param {CheckOperation} check */
async function checkContactCards(check) {
	await check('contactCard: set', { ...FROM, firstName: 'Ada' }, ([card]) => assert.equal(card.displayName, 'Ada'));
	await check('contactCard: get', FROM, ([card]) => assert.equal(card.hasProfile, true));
	// The person has had messages of the line by now.
	await check('contactCard: share', { ...FROM, ...TO }, ([answer]) => assert.equal(answer.requested, true));
	await check('contactCard: remove', FROM, ([card]) => assert.equal(card.hasProfile, false));
}

/** @param {CheckOperation} check */
async function checkGroups(check) {
	const id = await check('group: create', { ...FROM, numbers: FRIENDS.join(', '), groupName: 'Trip' }, ([group]) => {
		assert.deepEqual(group.numbers, FRIENDS);
		return group.group_id;
	});
	const group = { groupId: { __rl: true, mode: 'id', value: id } };
	await check('group: addMember', { ...group, phoneNumber: byNumber(NEW_FRIEND) }, ([answer]) => {
		assert.equal(answer.number, NEW_FRIEND);
	});
	await check('group: removeMember', { ...group, phoneNumber: byNumber(FRIENDS[0]) }, ([answer]) => {
		assert.equal(answer.number, FRIENDS[0]);
	});
	await check('group: rename', { ...group, groupName: 'Weekend' }, ([answer]) => {
		assert.equal(answer.data.group_name, 'Weekend');
	});
	const photoUrl = 'https://example.com/Photo.jpg';
	await check('group: setPhoto', { ...group, photoUrl }, ([answer]) => {
		assert.equal(answer.data.group_photo.url, photoUrl);
	});
	await check('group: get', group, ([found]) => {
		assert.equal(found.group_name, 'Weekend');
		assert.deepEqual(found.participant_numbers, [...FRIENDS.slice(1), NEW_FRIEND]);
	});
}

/**
 * @param {CheckOperation} check
 * @param {{ mp3: string }} samples
 * @param {{ url: string }} standIns
 */
async function checkMedia(check, samples, standIns) {
	const isHosted = async ([{ media_url: url }]) => {
		const response = await fetch(url);
		assert.equal(response.status, 200);
		const { byteLength } = await response.arrayBuffer();
		assert.ok(byteLength > 1_000, `${byteLength} bytes`);
		return `${byteLength} bytes at their own address`;
	};
	await check('media: upload', {}, isHosted, [readFile(samples.mp3)]);
	await check('media: uploadFromUrl', { mediaUrl: `${standIns.url}/audio/Speech.mp3` }, isHosted);
}

/**
 * @param {CheckOperation} check
 * @param {{ url: string }} sandbox
 */
async function checkAccount(check, sandbox) {
	await check('number: checkIMessage', { phoneNumber: byNumber(PERSON) }, ([answer]) => {
		assert.equal(answer.hasIMessage, true);
	});
	await check('line: getAll', {}, (lines) => {
		const own = lines.find(({ number }) => number === LINE);
		assert.equal(own.status, 'ONLINE');
		assert.equal(typeof own.new_contacts_left_this_hour, 'number');
	});
	const registered = 'http://127.0.0.1:9/of-another-program';
	const registration = { webhooks: [registered], type: 'receive' };
	await callSendblue(sandbox, 'POST', '/api/account/webhooks', registration);
	await check('webhook: getAll', {}, (webhooks) => {
		assert.equal(webhooks.find(({ url }) => url === registered)?.type, 'receive');
	});
}
