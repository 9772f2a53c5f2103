/**
 * The usual mistakes of people who build workflows: how to make each, and what the node answers. The engine's tests
 * check every word, and the pictures of the mistakes are made from the same list.
 *
 * @typedef {'speech.mp3' | 'cut.mp3' | 'picture.png' | 'page.html' | 'nothing.mp3' | 'message.json'} FileName
 *
 * @typedef {object} Mistake
 * @property {string} name what went wrong, as the person would tell it
 * @property {string} operation `resource.operation`
 * @property {Record<string, unknown>} [fields] parameters that differ from those of {@link RIGHT}
 * @property {{ json?: Record<string, unknown>, files?: Record<string, FileName> }[]} [items] of the step before; one with
 * `speech.mp3` in `data` where left out
 * @property {Record<string, string>} [credential] fields of the credential that differ
 * @property {string} [message] what the node says; missing if there is no error
 * @property {string} [hint] what it says to do
 * @property {Record<string, unknown>} [output] some fields of the output, if there is no error
 */

/**
 * The files that the mistakes name, with their media types.
 *
 * @param {Uint8Array} speech an MP3
 * @param {Uint8Array} picture a PNG
 * @returns {Record<FileName, [bytes: Uint8Array, mimeType: string]>}
 */
export const mistakenFiles = (speech, picture) => ({
	'speech.mp3': [speech, 'audio/mpeg'],
	'cut.mp3': [speech.subarray(0, Math.round(speech.length * 0.6)), 'audio/mpeg'],
	'picture.png': [picture, 'image/png'],
	'page.html': [Buffer.from('<!doctype html><html><body>Sign in</body></html>'), 'text/html'],
	'message.json': [Buffer.from('{"error":"quota exceeded"}'), 'application/json'],
	'nothing.mp3': [Buffer.alloc(0), 'audio/mpeg'],
});

/** Replaced in addresses by a web server that has the files by name, or by the account's own. */
export const FILES_URL = 'https://files.example';

/** Replaced by the ID of a group of one line and two people. */
export const GROUP_OF_TWO = 'the-group-of-two';

/** What is filled in where a mistake says nothing else. */
export const RIGHT = {
	'voiceNote.send': {
		from: { __rl: true, mode: 'list', value: '+15550100001' },
		to: { __rl: true, mode: 'number', value: '+14155550123' },
		binaryPropertyName: 'data',
	},
	'voiceNote.convertFromCaf': { binaryPropertyName: 'data' },
	'message.send': {
		from: { __rl: true, mode: 'list', value: '+15550100001' },
		to: { __rl: true, mode: 'number', value: '+14155550123' },
	},
};

const number = (value) => ({ __rl: true, mode: 'number', value });
const SPEECH = { data: 'speech.mp3' };
const GROUP = '66e3b90d-4447-43c6-9439-15a69408ac2f';
const BASE64 = '//NExAAQgAJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'.repeat(200);

/** @type {Mistake[]} */
const LIST = [
	{
		name: 'a wrong field name',
		operation: 'voiceNote.send',
		fields: { binaryPropertyName: 'audio' },
		message: "The item has no file in the field 'audio', set in 'Input Data Field Name' (item 1)",
		hint: "The item has files in: 'data'. Enter one of these names.",
	},
	{
		name: 'no file',
		operation: 'voiceNote.send',
		items: [{ json: { text: 'Hello' } }],
		message: "The item has no file in the field 'data', set in 'Input Data Field Name' (item 1)",
		hint: "The item has no files at all. Put a node before this one that outputs the audio as a file. Set 'Audio Source' to URL if it is on the web.",
	},
	{
		name: 'a picture in place of audio',
		operation: 'voiceNote.send',
		items: [{ files: { data: 'picture.png' } }],
		message: 'This is a PNG image, not audio that can be read',
		hint: "Check that 'Input Data Field Name' names an audio file, such as MP3, M4A, WAV, Ogg, WebM, FLAC or CAF.",
	},
	{
		name: 'a number without its country',
		operation: 'voiceNote.send',
		fields: { to: number('4155550123') },
		message:
			"'To': “4155550123” has no country code. A valid number starts with a plus sign and the country code, such as +15551234567.",
		hint: "For numbers without a country code, set the option 'Default Country' (such as US).",
	},
	{
		name: 'a number without its plus sign',
		operation: 'voiceNote.send',
		fields: { to: number('14155550123') },
		message: "'To': “14155550123” lacks the plus sign in front. Write it as +14155550123.",
		hint: 'Put a plus sign in front of the expression, as in +{{ $json.phone }}, without leading zeros, or correct the number where it comes from.',
	},
	{
		name: 'an address that gives a page',
		operation: 'voiceNote.send',
		fields: { audioSource: 'url', audioUrl: `${FILES_URL}/page.html` },
		message: "The address in 'Audio URL' leads to a web page, not to a file",
		hint: "Open it in a private browser window: the file must open directly, without a page around it or a login. If it does not, look for a link called Download or Raw, or fetch the file with the service's own node and use it as Binary File.",
	},
	{
		name: 'a group that is not there',
		operation: 'message.send',
		fields: { recipientType: 'group', groupId: { __rl: true, mode: 'id', value: GROUP }, content: 'Hi' },
		message: "'Group': Sendblue knows no group with this ID. Sendblue says: “Group not found” (code 4000, HTTP 400)",
		hint: 'Choose the group from the list, or use the group_id of one of its messages.',
	},
	{
		name: 'a reply to an unknown message',
		operation: 'message.send',
		fields: { content: 'Hi', options: { replyTo: 'no-such-handle' } },
		message:
			"'Reply To': Sendblue knows no message with this handle in this conversation and on this line. Sendblue says: “reply_to does not name a message of this conversation and line” (code 4000, HTTP 400)",
		hint: 'Use the message_handle of a message of the same conversation and line.',
	},
	{
		name: 'an expression that gives nothing',
		operation: 'voiceNote.send',
		fields: { to: number('={{ $json.phone }}') },
		items: [{ json: { mobile: '+14155550123' }, files: SPEECH }],
		message: "'To' is empty for this item.",
		hint: "The expression returned nothing for this item. Use the field that holds the number. This item has: 'mobile'.",
	},
	{
		name: 'an expression into nothing',
		operation: 'voiceNote.send',
		fields: { to: number('={{ $json.contact.phone }}') },
		items: [{ json: { mobile: '+14155550123' }, files: SPEECH }],
		message: "'To' is empty for this item.",
		hint: "The expression returned nothing for this item. Use the field that holds the number. This item has: 'mobile'.",
	},
	{
		name: 'Base64 in the JSON, its field named',
		operation: 'voiceNote.send',
		fields: { binaryPropertyName: 'audio' },
		items: [{ json: { audio: BASE64 } }],
		message: "The item has no file in the field 'audio', set in 'Input Data Field Name' (item 1)",
		hint: "Its JSON has Base64 text in a field of that name. Set 'Audio Source' to Base64 and use {{ $json.audio }} there.",
	},
	{
		name: 'Base64 in the JSON, by expression',
		operation: 'voiceNote.send',
		fields: { binaryPropertyName: '={{ $json.audio }}' },
		items: [{ json: { audio: BASE64 } }],
		message:
			"'Input Data Field Name' holds Base64 text, not the name of a field: //NExAAQgAJAAAAAAAAAAAAAAAAAAAAAAAAAAA… (item 1)",
		hint: "Set 'Audio Source' to Base64 and use the same expression there.",
	},
	{
		name: 'several files, none called data',
		operation: 'voiceNote.send',
		items: [{ files: { voice: 'speech.mp3', photo: 'picture.png', attachment_0: 'speech.mp3' } }],
		message: "The item has no file in the field 'data', set in 'Input Data Field Name' (item 1)",
		hint: "The item has files in: 'voice', 'photo', 'attachment_0'. Enter one of these names.",
	},
	{
		name: "somebody else's number in From",
		operation: 'voiceNote.send',
		fields: { from: number('+15550199999') },
		message: "'From': +15550199999 is not one of the account's lines.",
		hint: "The account's lines are: +15550100001, +15550100002, +15550100003. Choose one of them in 'From'.",
	},
	{
		name: 'an address without https://',
		operation: 'voiceNote.send',
		fields: { audioSource: 'url', audioUrl: 'example.com/Greeting.mp3' },
		message: "'Audio URL' is not a web address: 'example.com/Greeting.mp3' (item 1)",
		hint: 'Enter a full address such as https://example.com/Greeting.mp3.',
	},
	{
		name: 'a name in To',
		operation: 'voiceNote.send',
		fields: { to: number('Mom') },
		message:
			"'To': “Mom” is a name, not a phone number. A valid number starts with a plus sign and the country code, such as +15551234567.",
		hint: 'Enter the number itself, or use the field of the item that holds it.',
	},
	{
		name: 'a web page as the file',
		operation: 'voiceNote.send',
		items: [{ files: { data: 'page.html' } }],
		message: 'This is an HTML page, not audio that can be read',
		hint: 'Check what the previous step put there: it may have downloaded a page in place of the file, as share links (Google Drive, Dropbox and the like) do.',
	},
	{
		name: 'an MP3 that is cut off',
		operation: 'voiceNote.send',
		items: [{ files: { data: 'cut.mp3' } }],
		output: { voiceNote: { sourceFormat: 'mp3' } },
	},
	{
		name: 'an empty file',
		operation: 'voiceNote.send',
		items: [{ files: { data: 'nothing.mp3' } }],
		message: 'The file is empty',
		hint: "The file in 'Input Data Field Name' has no bytes: check the step that makes it or downloads it.",
	},
	{
		name: 'an MP3 into Convert From CAF',
		operation: 'voiceNote.convertFromCaf',
		output: { audio: { sourceFormat: 'mp3', format: 'ogg' } },
	},
	{
		name: 'audio longer than the maximum',
		operation: 'voiceNote.send',
		fields: { sound: { maximumDuration: 1 } },
		message: 'The audio is longer than the maximum duration of 1 second',
		hint: "Shorten it, raise 'Maximum Duration (Seconds)', or set 'When Longer' to Cut.",
	},
	{
		name: 'a message without text',
		operation: 'message.send',
		fields: { content: '' },
		message: 'There is neither text nor media to send.',
		hint: "Fill in 'Text', or choose a 'Media Source'.",
	},
	{
		name: 'an address that is not public',
		operation: 'voiceNote.send',
		fields: { audioSource: 'url', audioUrl: `${FILES_URL}/private.mp3` },
		message: "The server of 'Audio URL' answered 401 Unauthorized",
		hint: 'Check that https://files.example/private.mp3 opens in a private browser window: the file must be public.',
	},
	{
		name: 'one wrong number among those of a group',
		operation: 'voiceNote.send',
		fields: { recipientType: 'numbers', numbers: '+14155550123, 555-9' },
		message:
			"'Numbers': “555-9” has no country code. A valid number starts with a plus sign and the country code, such as +15551234567.",
		hint: "For numbers without a country code, set the option 'Default Country' (such as US).",
	},
	{
		name: 'two numbers in To',
		operation: 'voiceNote.send',
		fields: { to: number('+14155550123, +14155550124') },
		message: "'To': “+14155550123, +14155550124” is more than one phone number.",
		hint: "Enter one number per item. To message these people in one conversation, set 'Send To' to Group of Numbers; to message each of them separately, turn each number into an item before this node (Split Out does that with a list).",
	},
	{
		name: 'a country that is no code',
		operation: 'voiceNote.send',
		fields: { to: number('(415) 555-0123'), options: { defaultCountry: 'USA' } },
		message: "'Default Country': “USA” is not a two-letter country code.",
		hint: 'Use the ISO code, such as US, GB or DE.',
	},
	{
		name: 'wrong keys',
		operation: 'message.send',
		fields: { content: 'Hi' },
		credential: { apiSecretKey: 'wrong' },
		message: 'Sendblue did not accept the API keys. Sendblue says: “Invalid Credentials” (code UNAUTHORIZED, HTTP 401)',
		hint: 'Copy key ID and secret key again into the credential (Sendblue dashboard, Settings → API). Keys that were replaced there no longer work.',
	},
	{
		name: 'no keys',
		operation: 'message.send',
		fields: { content: 'Hi' },
		credential: { apiKeyId: '', apiSecretKey: '' },
		message:
			'Sendblue got no API keys. Sendblue says: “Did not get inputs for authorization” (code FORBIDDEN, HTTP 403)',
		hint: 'Fill in both keys in the credential (Sendblue dashboard, Settings → API).',
	},
	{
		name: 'an expression as plain text',
		operation: 'voiceNote.send',
		fields: { to: number('{{ $json.phone }}') },
		message: "'To' holds an expression as plain text: {{ $json.phone }}",
		hint: "Switch the field from 'Fixed' to 'Expression'.",
	},
	{
		name: 'an address of WhatsApp',
		operation: 'message.send',
		fields: { to: number('whatsapp:+14155550123'), content: 'Hi' },
		output: { number: '+14155550123' },
	},
	{
		name: 'a link to call',
		operation: 'message.send',
		fields: { to: number('tel:+1-415-555-0123'), content: 'Hi' },
		output: { number: '+14155550123' },
	},
	{
		name: 'a Mexican mobile number as it was once written',
		operation: 'message.send',
		fields: { to: number('+52 1 55 1234 5678'), content: 'Hi' },
		output: { number: '+525512345678' },
	},
	{
		name: 'an email address in To',
		operation: 'voiceNote.send',
		fields: { to: number('ada@example.com') },
		message:
			"'To': “ada@example.com” is an email address. Sendblue sends to phone numbers. A valid number starts with a plus sign and the country code, such as +15551234567.",
		hint: 'Correct the number where it comes from, for example in the sheet or the CRM.',
	},
	{
		name: 'a list in To',
		operation: 'voiceNote.send',
		fields: { to: number('={{ ["+14155550123", "+14155550124"] }}') },
		message: "'To': This is a list, not a phone number.",
		hint: "Enter one number per item. To message these people in one conversation, set 'Send To' to Group of Numbers; to message each of them separately, turn each number into an item before this node (Split Out does that with a list).",
	},
	{
		name: 'a file object whose expression is wrong',
		operation: 'voiceNote.send',
		fields: { binaryPropertyName: '={{ $json.file }}' },
		items: [{ json: { name: 'x' }, files: SPEECH }],
		message: "'Input Data Field Name' holds no file and no field name (item 1)",
		hint: "Enter the name of the input field that holds the audio, for example 'data', or an expression that returns the file, for example {{ $binary.data }}.",
	},
	{
		name: 'an object that is no file',
		operation: 'voiceNote.send',
		fields: { binaryPropertyName: '={{ $json }}' },
		items: [{ json: { name: 'x' }, files: SPEECH }],
		message: `The expression in 'Input Data Field Name' returns an object that is not a file: {"name":"x"} (item 1)`,
		hint: 'It must return a file of an item, for example {{ $binary.data }}, or the name of a field.',
	},
	{
		name: 'all files of a node',
		operation: 'voiceNote.send',
		fields: { binaryPropertyName: '={{ $node["Feed"].binary }}' },
		output: { voiceNote: { sourceFormat: 'mp3' } },
	},
	{
		name: 'a web address in the JSON, its field named',
		operation: 'voiceNote.send',
		fields: { binaryPropertyName: 'link' },
		items: [{ json: { link: 'https://example.com/a.mp3' } }],
		message: "The item has no file in the field 'link', set in 'Input Data Field Name' (item 1)",
		hint: "Its JSON has a web address in a field of that name. Set 'Audio Source' to URL and use {{ $json.link }} there.",
	},
	{
		name: 'an address that is empty',
		operation: 'voiceNote.send',
		fields: { audioSource: 'url', audioUrl: '={{ $json.link }}' },
		items: [{ json: { audio_link: 'https://example.com/a.mp3' } }],
		message: "'Audio URL' is empty (item 1)",
		hint: "Enter a full address such as https://example.com/Greeting.mp3, or use the field that holds it. This item has: 'audio_link'.",
	},
	{
		name: 'an address that gives a message',
		operation: 'voiceNote.send',
		fields: { audioSource: 'url', audioUrl: `${FILES_URL}/message.json` },
		message: 'This is JSON text, not audio that can be read: {"error":"quota exceeded"}',
		hint: 'Open the address in a private browser window: it must give the file itself.',
	},
	{
		name: 'Base64 that is an object',
		operation: 'voiceNote.send',
		fields: { audioSource: 'base64', audioBase64: '={{ $json.result }}' },
		items: [{ json: { result: { audioContent: BASE64 } } }],
		message: "'Audio as Base64' is an object, not text (item 1)",
		hint: 'Choose the field within it that holds the Base64 text, such as audioContent, data or b64_json.',
	},
	{
		name: 'Base64 whose expression gives nothing',
		operation: 'voiceNote.send',
		fields: { audioSource: 'base64', audioBase64: '={{ $json.audio }}' },
		items: [{ json: { audioContent: BASE64 } }],
		message: "'Audio as Base64' is empty (item 1)",
		hint: "Enter an expression that returns the Base64 text of the audio, for example {{ $json.audioContent }}. This item has: 'audioContent'.",
	},
	{
		name: 'an output field without a name',
		operation: 'voiceNote.convertFromCaf',
		fields: { outputBinaryPropertyName: '={{ $json.nothing }}' },
		message: "'Put Output File in Field' is not a name (item 1)",
		hint: 'Check the expression: it must return text for this item, such as data.',
	},
	{
		name: 'two wrong items of three',
		operation: 'voiceNote.send',
		fields: { to: number('={{ $json.phone }}') },
		items: [
			{ json: { phone: '+14155550123' }, files: SPEECH },
			{ json: { phone: 'Mom' }, files: SPEECH },
			{ json: { mobile: '+14155550124' }, files: SPEECH },
		],
		message:
			"2 of 3 items cannot be sent. No message was sent. Item 2: 'To': “Mom” is a name, not a phone number. A valid number starts with a plus sign and the country code, such as +15551234567. Item 3: 'To' is empty for this item.",
		hint: "Correct them where they come from. To send the other items anyway, set this node's 'On Error' to Continue.",
	},
	{
		name: 'From left empty, with several lines',
		operation: 'message.send',
		fields: { from: { __rl: true, mode: 'list', value: '' }, content: 'Hi' },
		message: "'From' is empty, and the account has several lines.",
		hint: 'Choose one of: +15550100001, +15550100002, +15550100003. Or set a Default Line in the credential.',
	},
	{
		name: 'a key against duplicates that is empty',
		operation: 'message.send',
		fields: { content: 'Hi', options: { deduplicationKey: '={{ $json.eventId }}' } },
		items: [{ json: { id: 7 } }],
		message: "'Avoid Duplicates' is empty for this item.",
		hint: "The expression must give a value of its own for each message. Remove the option to send without it. This item has: 'id'.",
	},
	{
		name: 'a number for emergencies',
		operation: 'message.send',
		fields: { to: number('+1911'), content: 'Hi' },
		message:
			"'To': “+1911” is not a phone number. A valid number starts with a plus sign and the country code, such as +15551234567.",
		hint: 'Correct the number where it comes from, for example in the sheet or the CRM.',
	},
	{
		name: 'a group name of blanks',
		operation: 'group.rename',
		fields: { groupId: GROUP, groupName: '={{ " " }}' },
		message: "'Group Name' is blank for this item.",
		hint: 'Enter a name, or leave the field empty to remove the name. The JSON of this item is empty: check the previous step.',
	},
	{
		name: 'a group of one line renamed by another',
		operation: 'group.rename',
		fields: { groupId: GROUP_OF_TWO, groupName: 'Friends', options: { from: '+15550100002' } },
		message:
			"'From': This line cannot change the name or the photo of the group: it must be online, take part in it, and be of a type that Sendblue does this for. Sendblue says: “The from_number is not in the group” (code unsupported_line, HTTP 400)",
		hint: "Use another line that takes part in the group, or ask Sendblue which lines can do it. Choose it in 'From', which is among the options of some operations.",
	},
	{
		name: 'too few members to remove one',
		operation: 'group.removeMember',
		fields: { groupId: GROUP_OF_TWO, phoneNumber: '+14155550123' },
		message:
			'A person can only be removed from a group of at least four members, your line among them. Sendblue says: “A group needs 4 members before one can be removed” (code 4000, HTTP 400)',
		hint: 'Leave the group as it is, or make a new one.',
	},
	{
		name: 'typing to somebody unknown',
		operation: 'message.sendTypingIndicator',
		fields: { from: '+15550100001', to: '+14155550190', state: 'start' },
		message:
			'There is no conversation between this line and this number yet. Sendblue says: “No route mapping found” (code 4000, HTTP 400)',
		hint: 'Send a message first, or choose the line that has talked with this number.',
	},
	{
		name: 'two emoji as a reaction',
		operation: 'message.react',
		fields: { from: '+15550100001', messageHandle: 'x', reaction: 'emoji', emoji: '🔥🔥' },
		message: "'Emoji' is not a single emoji.",
		hint: 'Enter one emoji, such as 🔥.',
	},
	{
		name: 'a contact that is not there',
		operation: 'contact.get',
		fields: { contact: '+14155550190' },
		message:
			"'Contact': Sendblue has no contact with this number. Sendblue says: “Contact not found” (code NOT_FOUND, HTTP 404)",
		hint: 'Check the number, or add the contact with Contact: Create or Update.',
	},
	{
		name: 'a message that is not there',
		operation: 'message.get',
		fields: { messageHandle: 'no-such-handle' },
		message:
			"'Message Handle': Sendblue has no message with this handle. Sendblue says: “Message not found” (code NOT_FOUND, HTTP 404)",
		hint: 'Check the message handle, and that it belongs to this account.',
	},
];

/**
 * All of them. What a send says ends with what became of the message; of several items it says so in other words.
 *
 * @type {Mistake[]}
 */
export const MISTAKES = LIST.map((mistake) => {
	const { operation, items = [], message, hint } = mistake;
	const isSend = operation.endsWith('.send') && message !== undefined && items.length < 2;
	return isSend ? { ...mistake, hint: [hint, 'No message was sent.'].filter(Boolean).join(' ') } : mistake;
});
