import { hintOnScreen, conversionHint, messageOnScreen } from '../../../nodes/Sendblue/n8n/screenWords';
import { errorFromResponse } from '../../../nodes/Sendblue/sendblue/errors';
import type { SendblueRequest } from '../../../nodes/Sendblue/sendblue/http/transport';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';

/** What the screen shows if Sendblue answers a request with these words. */
function shown(path: string, fields: object, message: string, status = 400): string {
	const request: SendblueRequest = { method: 'POST', path, json: fields };
	const error = errorFromResponse({ status, headers: {}, body: { message } }, request);
	return `${messageOnScreen(error)} → ${hintOnScreen(error)}`;
}

const SEND = '/api/send-message';
const GROUP_SEND = '/api/send-group-message';

test.each<[string, object, string, number, string]>([
	[GROUP_SEND, { group_id: 'g' }, 'Group not found', 400, "'Group': Sendblue knows no group with this ID."],
	['/api/v2/groups/g', {}, 'Group not found', 404, "'Group': Sendblue knows no group with this ID."],
	[SEND, { reply_to: {} }, 'reply_to does not name a message', 400, "'Reply To': Sendblue knows no message"],
	[SEND, { seat_id: 'x' }, 'Seat not found', 400, "'Seat Name or ID': Sendblue has no such seat."],
	[SEND, { number: 'x' }, 'number must be in E.164 format', 400, "'To': Sendblue does not accept the phone number."],
	['/api/modify-group', { number: 'x' }, 'Invalid phone number', 400, "'Phone Number': Sendblue does not accept"],
	['/api/create-group', { numbers: [] }, 'Invalid phone number', 400, "'Numbers': Sendblue does not accept"],
	[SEND, { from_number: 'x' }, 'The from_number is not registered', 400, "'From': This number is not one of"],
	[SEND, { send_style: 'x' }, 'send_style must be one of: love', 400, "'Effect': Sendblue did not accept the request."],
	[SEND, { content: 'x' }, 'Either content or media_url is required', 400, 'Sendblue asks for text or a media URL'],
	['/api/send-reaction', { reaction: 'x' }, 'Unknown reaction', 400, 'Sendblue did not accept the request.'],
	['/api/message/h', {}, 'Not found', 404, "'Message Handle': Sendblue has no message with this handle."],
	['/api/v2/contacts/%2B1', {}, 'Not found', 404, "'Contact': Sendblue has no contact with this number."],
	['/v3/verified-contacts', { phone_number: 'x' }, 'phone_number is odd', 400, "'Contact': Sendblue did not accept"],
])('%s %j: “%s” (%i) names the field', (path, fields, words, status, message) => {
	expect(shown(path, fields, words, status)).toContain(message);
	expect(shown(path, fields, words, status)).not.toMatch(/Compare/);
});

test('a refusal that names no field lists those that were filled in', () => {
	const fields = { number: '+1', from_number: '+1', content: 'x', reply_to: {} };
	expect(shown(SEND, fields, 'Something is wrong')).toBe(
		'Sendblue did not accept the request. Sendblue says: “Something is wrong” (HTTP 400) → ' +
			"It is about one of these fields: 'To', 'From', 'Text', 'Reply To'. Correct it at its source, then run the item again.",
	);
});

test('the file of a message may be what it is about, though it is no field', () => {
	const fields = { number: '+1', from_number: '+1', media_url: 'https://x.test/a.caf' };
	expect(shown(SEND, fields, 'Something is wrong')).toContain(
		"It is about one of these fields, or about the file: 'To', 'From'.",
	);
	for (const words of ['media_url is odd', 'Could not download the media', 'Unsupported attachment type']) {
		expect(shown(SEND, fields, words)).toContain('Sendblue could not use the media URL.');
		expect(shown(SEND, fields, words)).not.toContain('one of these fields');
	}
});

test.each([
	['no keys', 403, 'Did not get inputs for authorization', 'Fill in both keys in the credential'],
	['wrong keys', 401, 'Invalid Credentials', 'again into the credential'],
	['a redirect', 302, '', "'Base URL' in the credential"],
])('%s: the credential is named', (_name, status, words, hint) => {
	expect(shown(SEND, {}, words, status)).toContain(hint);
});

test.each([
	['a page behind an address', 'webPage', 'url', /Google Drive.*own node.*Binary File/],
	['a page in a file', 'webPage', 'binary', /previous step.*downloaded a page/],
	['a message behind an address', 'message', 'url', /private browser window/],
	['a message in a field', 'message', 'base64', /field that holds the audio/],
	['Base64 in a file', 'base64Text', 'binary', /'Audio Source' to Base64/],
	['a picture behind an address', 'otherFile', 'url', /'Audio URL'/],
	['a picture in a field', 'otherFile', 'binary', /'Input Data Field Name'/],
	['bytes that nobody knows', 'unknownBytes', 'binary', /Input Data Field Name.*Raw PCM/],
	['what FFmpeg reads', 'ffmpegReads', 'binary', /^The hint\. On your own server/],
	['too long a note', 'tooLong', 'url', /Maximum Duration \(Seconds\).*When Longer/],
	['raw PCM', 'pcmFormat', 'url', /Raw PCM Sample Rate \(Hz\)/],
] as const)('%s: says what to do there', (_name, kind, source, hint) => {
	expect(conversionHint(new VoiceNoteError('notAudio', 'x', 'The hint.', kind), source)).toMatch(hint);
});

test('what has no kind keeps its hint', () => {
	expect(conversionHint(new VoiceNoteError('corrupt', 'x', 'The hint.'))).toBe('The hint.');
});
