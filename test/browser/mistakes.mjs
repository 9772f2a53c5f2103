import { LINES, sandboxKeys } from '../server/lab/lab.mjs';
import { byNumber, convertToCaf, fromList, node, readFile, sendblue, sendVoiceNote } from '../server/lab/workflows.mjs';

/** Who gets what these workflows would send. */
const PERSON = '+14155550142';

/** A group and a message that Sendblue does not know, in the form of those that it does. */
const NO_GROUP = '11111111-2222-4333-8444-555555555555';
const NO_MESSAGE = 'AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE';

/**
 * A mistake that people make.
 *
 * @typedef {object} Mistake
 * @property {string} name for files and titles
 * @property {string} did what the person did, as they would say it
 * @property {any[]} nodes after the manual trigger; the last of them explains the mistake
 * @property {RegExp} says what its message must have in it
 * @property {string} next what a person does after having read it
 */

/**
 * The usual mistakes of the first five minutes, and some of the later ones.
 *
 * @param {import('../server/lab/lab.mjs').Lab} lab
 * @param {{ id: string, name: string }} credential with right keys
 * @param {{ id: string, name: string }} wrongKeys
 * @returns {Mistake[]}
 */
export function usualMistakes({ samples, standIns }, credential, wrongKeys) {
	const mp3 = readFile(samples.mp3);
	const send = (parameters = {}, options = undefined) =>
		sendVoiceNote(credential, { to: byNumber(PERSON), ...parameters, ...(options ? { options } : {}) });
	const sendText = (parameters) =>
		sendblue(
			'Send Message',
			{ resource: 'message', operation: 'send', from: fromList(LINES[0]), to: byNumber(PERSON), ...parameters },
			credential,
		);
	const to = (value) => [mp3, send({ to: byNumber(value) })];
	const file = (jsCode, parameters = {}) => [items(jsCode), send(parameters)];
	const url = (audioUrl) => [items('return [{ json: {} }];'), send({ audioSource: 'url', audioUrl })];
	const AUDIO = `const data = await this.helpers.prepareBinaryData(Buffer.from('${shortWav()}', 'base64'), 'speech.wav', 'audio/wav');`;

	return [
		{
			name: 'To empty by an expression',
			did: 'The expression in *To* names a column that is not there',
			nodes: [mp3, send({ to: byNumber('={{ $json.contact?.phone }}') })],
			says: /'To' is empty/,
			next: 'Opens the expression, sees the column’s real name in the input and corrects it.',
		},
		{
			name: 'To without country code',
			did: '*To* is `4155550123`',
			nodes: to('4155550123'),
			says: /country code/,
			next: 'Writes +1 in front, or adds the option *Default Country*.',
		},
		{
			name: 'To without plus',
			did: '*To* is `14155550123`',
			nodes: to('14155550123'),
			says: /plus/,
			next: 'Writes the plus sign.',
		},
		{
			name: 'To is a name',
			did: '*To* is `Mom`',
			nodes: to('Mom'),
			says: /name|Mom/,
			next: 'Writes the number of that person.',
		},
		{
			name: 'Two numbers in To',
			did: 'Two numbers in *To*',
			nodes: to('+14155550123, +14155550124'),
			says: /one phone number|more than one/,
			next: 'Chooses *Group of Numbers*, or puts a *Split Out* node before.',
		},
		{
			name: 'One bad number in a group',
			did: 'One of the *Numbers* is not one',
			nodes: [mp3, send({ recipientType: 'numbers', numbers: '+14155550123, 555-9' })],
			says: /555-9/,
			next: 'Corrects the number that is named.',
		},
		{
			name: 'Default Country is a name',
			did: '*Default Country* is `USA`',
			nodes: [mp3, send({ to: byNumber('4155550123') }, { defaultCountry: 'USA' })],
			says: /Default Country/,
			next: 'Writes US.',
		},
		{
			name: 'A foreign From',
			did: '*From* is a number that is not a line of the account',
			nodes: [mp3, send({ from: byNumber('+14155559999') })],
			says: /line/,
			next: 'Picks one of the lines that the message lists.',
		},
		{
			name: 'From empty with two lines',
			did: '*From* is empty and the account has two lines',
			nodes: [mp3, send({ from: byNumber('') })],
			says: /From/,
			next: 'Picks a line, or sets the default line in the credential.',
		},
		{
			name: 'Wrong field name',
			did: 'The field name has a typing error',
			nodes: file(`${AUDIO} return [{ json: {}, binary: { voice: data, photo: data } }];`, {
				binaryPropertyName: 'audio',
			}),
			says: /'voice'|voice/,
			next: 'Writes the name of the field that is there.',
		},
		{
			name: 'No file',
			did: 'The item has no file',
			nodes: file(`return [{ json: { id: 7 } }];`),
			says: /no files? at all|no file/,
			next: 'Connects the node that gives the file, or chooses *URL*.',
		},
		{
			name: 'Several files',
			did: 'The item has several files, the field name is the default',
			nodes: file(`${AUDIO} return [{ json: {}, binary: { voice: data, memo: data } }];`),
			says: /voice/,
			next: 'Writes the name of the one that is meant.',
		},
		{
			name: 'Base64 in JSON by field name',
			did: 'The audio is Base64 in the item’s JSON, its name stands in the field',
			nodes: file(`return [{ json: { audio: '${longBase64()}' } }];`, { binaryPropertyName: 'audio' }),
			says: /Base64/,
			next: 'Chooses *Audio Source: Base64*.',
		},
		{
			name: 'Base64 as the field name',
			did: 'An expression puts the Base64 itself into the field name',
			nodes: file(`return [{ json: { audio: '${longBase64()}' } }];`, {
				binaryPropertyName: '={{ $json.audio }}',
			}),
			says: /Base64/,
			next: 'Chooses *Audio Source: Base64*.',
		},
		{
			name: 'A serialized Buffer',
			did: 'The field name is an expression that gives a Buffer',
			nodes: file(`return [{ json: { audio: { type: 'Buffer', data: [82, 73, 70, 70] } } }];`, {
				binaryPropertyName: '={{ $json.audio }}',
			}),
			says: /Buffer|file/,
			next: 'Makes a file of it, as the message says.',
		},
		{
			name: 'The field name is undefined',
			did: 'The expression for the field name gives nothing',
			nodes: file(`${AUDIO} return [{ json: {}, binary: { voice: data, memo: data } }];`, {
				binaryPropertyName: '={{ $json.fieldName }}',
			}),
			says: /empty|nothing/,
			next: 'Corrects the expression, or writes the name.',
		},
		{
			name: 'A picture',
			did: 'The file is a picture',
			nodes: [readFile(samples.png), convertToCaf()],
			says: /PNG/,
			next: 'Gives the audio file instead.',
		},
		{
			name: 'A web page as a file',
			did: 'The file is a saved web page',
			nodes: file(
				`const data = await this.helpers.prepareBinaryData(Buffer.from('<!doctype html><title>Sign in</title>'), 'speech.mp3', 'audio/mpeg'); return [{ json: {}, binary: { data } }];`,
			),
			says: /HTML/,
			next: 'Looks at the node that fetched it.',
		},
		{
			name: 'An empty file',
			did: 'The file is empty',
			nodes: file(
				`const data = await this.helpers.prepareBinaryData(Buffer.alloc(0), 'speech.mp3', 'audio/mpeg'); return [{ json: {}, binary: { data } }];`,
			),
			says: /empty/,
			next: 'Looks at the node that made it.',
		},
		{
			name: 'A URL to a web page',
			did: 'The URL is a share link, which opens a page',
			nodes: url(`${standIns.url}/shared/page`),
			says: /page/,
			next: 'Takes the file’s own address, as the message says how.',
		},
		{
			name: 'A URL without scheme',
			did: 'The URL is `example.com/speech.mp3`',
			nodes: url('example.com/speech.mp3'),
			says: /https:\/\//,
			next: 'Writes https:// in front.',
		},
		{
			name: 'A URL behind a login',
			did: 'The URL needs a login',
			nodes: url(`${standIns.url}/private/speech.mp3`),
			says: /401/,
			next: 'Fetches it with *HTTP Request* and its credential, or makes it public.',
		},
		{
			name: 'Too long',
			did: 'The audio is longer than *Maximum Duration*',
			nodes: [mp3, send({}, { maximumDuration: 1 })],
			says: /1 second\b/,
			next: 'Raises the limit, or chooses *Shorten* in *When Longer*.',
		},
		{
			name: 'A group that is not there',
			did: 'The group’s ID is wrong',
			nodes: [mp3, send({ recipientType: 'group', groupId: { __rl: true, mode: 'id', value: NO_GROUP } })],
			says: /Group/,
			next: 'Picks the group from the list.',
		},
		{
			name: 'A reply to nothing',
			did: '*Reply To* names a message that is not there',
			nodes: [mp3, send({}, { replyTo: NO_MESSAGE })],
			says: /Reply To/,
			next: 'Takes the `message_handle` of a message of this conversation.',
		},
		{
			name: 'A text message without text',
			did: 'A message with neither text nor file',
			nodes: [items('return [{ json: {} }];'), sendText({ content: '' })],
			says: /Text|text/,
			next: 'Writes a text or adds a file.',
		},
		{
			name: 'Wrong keys',
			did: 'The keys in the credential are wrong',
			nodes: [mp3, sendVoiceNote(wrongKeys, { to: byNumber(PERSON) })],
			says: /key/,
			next: 'Opens the credential and pastes both keys again.',
		},
	];
}

/** @param {{ url: string }} sandbox */
export const wrongSandboxKeys = (sandbox) => ({ ...sandboxKeys(sandbox), apiSecretKey: 'wrong' });

/** @param {string} jsCode that returns the items */
const items = (jsCode) => node('Items', 'n8n-nodes-base.code', 2, { jsCode });

/** A tenth of a second of silence as WAV, in Base64. */
function shortWav() {
	const dataBytes = 1_600;
	const wav = Buffer.alloc(44 + dataBytes);
	wav.write('RIFF', 0);
	wav.writeUInt32LE(36 + dataBytes, 4);
	wav.write('WAVEfmt ', 8);
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(8_000, 24);
	wav.writeUInt32LE(16_000, 28);
	wav.writeUInt16LE(2, 32);
	wav.writeUInt16LE(16, 34);
	wav.write('data', 36);
	wav.writeUInt32LE(dataBytes, 40);
	return wav.toString('base64');
}

/** Base64 as text-to-speech services return it: an MP3 of some seconds. */
const longBase64 = () => `//NExAAQg${'AnIIYEhoc4AE7'.repeat(900)}`;
