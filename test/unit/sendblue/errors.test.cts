import {
	errorForUnreadable,
	errorFromResponse,
	errorFromFailure,
	SendblueApiError,
} from '../../../nodes/Sendblue/sendblue/errors';
import { reportsRefusal } from '../../../nodes/Sendblue/sendblue/messageState';
import { TransportFailure } from '../../../nodes/Sendblue/sendblue/http/networkErrors';
import type { SendblueRequest } from '../../../nodes/Sendblue/sendblue/http/transport';

const SEND: SendblueRequest = { method: 'POST', path: '/api/send-message' };

function errorOf(status: number, body: unknown, request = SEND, headers: Record<string, string> = {}) {
	return errorFromResponse({ status, headers, body }, request);
}

describe('envelopes', () => {
	test.each([
		['error as text', { error: 'Number is bad' }, 'Number is bad', undefined],
		['error as object', { error: { code: 'some_code', message: 'Words' } }, 'Words', 'some_code'],
		['message', { status: 'ERROR', error_code: 'ABC', message: 'Words' }, 'Words', 'ABC'],
		['error_message', { error_message: 'Words', error_code: 77 }, 'Words', '77'],
		['message and detail', { error_message: 'Words', error_detail: 'More' }, 'Words – More', undefined],
		['reason', { error_reason: 'Because', error_code: '9' }, 'Because', '9'],
		['the same words twice', { error: 'Words', message: 'Words' }, 'Words', undefined],
		['a list', { errors: [{ message: 'One' }, 'Two'] }, 'One – Two', undefined],
		['JSON that came as text', '{"error":"Words","error_code":5}', 'Words', '5'],
		['bare text', 'Just words', 'Just words', undefined],
		['no code in 0', { message: 'Words', error_code: 0 }, 'Words', undefined],
	])('%s', (_name, body, words, code) => {
		const error = errorOf(400, body);
		expect(error.sendblueMessage).toBe(words);
		expect(error.sendblueCode).toBe(code);
		expect(error.message).toContain(`“${words}”`);
		expect(error.message).toContain('HTTP 400');
		if (code !== undefined) expect(error.message).toContain(`code ${code}`);
	});

	test('a web page is told by its title, not shown', () => {
		const page = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>';
		const error = errorOf(502, page, SEND, { 'Content-Type': 'text/html' });
		expect(error.sendblueMessage).toBeUndefined();
		expect(error.message).toContain('502 Bad Gateway');
		expect(error.message).not.toContain('<');
	});

	test.each([[undefined], [null], [''], [[]], [42], ['{"half":']])('a body of %p is no trouble', (body) => {
		expect(errorOf(400, body).explanation).not.toBe('');
	});

	test('long words are cut', () => {
		expect(errorOf(400, { message: 'x'.repeat(10_000) }).message.length).toBeLessThan(800);
	});
});

describe('an answer that cannot be used', () => {
	test.each([
		[200, { status: 'OK', data: {} }, 'JSON without the expected data'],
		[200, [], 'JSON without the expected data'],
		[206, { status: 'OK', data: [] }, 'only a part of the answer'],
		[204, '', 'nothing'],
		[200, '{"half":', 'incomplete JSON'],
		[200, '<html><title>Sign in</title></html>', 'a web page (“Sign in”)'],
	])('%d with %j', (status, body, what) => {
		const { explanation } = errorForUnreadable({ status, headers: {}, body }, false);
		expect(explanation).toBe(`Sendblue's answer could not be read: ${what} came back.`);
	});
});

describe('reportsRefusal', () => {
	test.each([
		[{ status: 'ERROR' }, true],
		[{ status: 'error', message: 'x' }, true],
		[{ status: 'DECLINED' }, true],
		[{ status: 'QUEUED', error_code: 4000 }, true],
		[{ status: 'QUEUED', error_code: 'SMS_LIMIT_REACHED' }, true],
		[{ error: 'x' }, true],
		[{ error: { code: 'x' } }, true],
		[{ status: 'QUEUED', error_code: null, error: null }, false],
		[{ status: 'QUEUED', error_code: 0, error_message: 'error_message' }, false],
		[{ status: 'QUEUED', error_code: '0', error: '' }, false],
		[[{ status: 'ERROR' }], false],
		['ERROR', false],
	])('%j: %p', (body, refused) => {
		expect(reportsRefusal(body)).toBe(refused);
	});
});

describe('every known code and phrase is explained', () => {
	const GROUP: SendblueRequest = { method: 'POST', path: '/api/send-group-message' };
	const MODIFY: SendblueRequest = { method: 'POST', path: '/api/modify-group' };
	const RENAME: SendblueRequest = { method: 'POST', path: '/api/v2/groups/g/name' };
	const PHOTO: SendblueRequest = { method: 'POST', path: '/api/v2/groups/g/photo' };
	const SHARE: SendblueRequest = { method: 'POST', path: '/api/v2/contact-sharing/share' };
	test.each<[string, number, unknown, RegExp, RegExp, SendblueRequest?]>([
		['4000', 400, { error_code: 4000, message: 'x' }, /did not accept/, /Correct/],
		['4001', 400, { error_code: 4001 }, /faster/, /later/],
		['4002', 400, { error_code: 4002 }, /block list/, /Take the number out/],
		['5000', 500, { error_code: 5000 }, /inside Sendblue/, /Look the message up/],
		['5003', 400, { error_code: '5003' }, /faster/, /later/],
		['5509', 200, { status: 'ERROR', error_code: 5509 }, /time window/, /window has passed/],
		['10001', 200, { error_code: 10001 }, /did not succeed/, /state of the line/],
		['10002', 200, { error_code: 10002 }, /what became of it/, /before you send it again/],
		['SMS_LIMIT_REACHED', 200, { error_code: 'SMS_LIMIT_REACHED' }, /SMS/, /few hours/],
		['22', 200, { error_code: 22 }, /22/, /support/],
		['INVALID_REACTION', 400, { error_code: 'INVALID_REACTION' }, /reaction/, /emphasize.*emoji/],
		['line_not_registered', 400, { error: { code: 'line_not_registered' } }, /not registered/, /account's lines/],
		['line_not_registered as words', 400, { error: 'line_not_registered' }, /not registered/, /account's lines/],
		['no line in a group', 400, { error: 'line_not_registered' }, /takes part in this group/, /takes part/, MODIFY],
		['ambiguous_sending_line', 400, { error: 'ambiguous_sending_line' }, /Several/, /Name the line/, MODIFY],
		['unsupported_line', 400, { error: { code: 'unsupported_line' } }, /name or the photo/, /another line/, RENAME],
		['missing from_number', 400, { message: 'Missing required field: from_number' }, /line to send from/, /lines/],
		['must specify from_number', 400, { message: 'You must specify a valid `from_number`' }, /line to send/, /lines/],
		['foreign line', 400, { message: 'The from_number is not registered' }, /not one of/, /account's lines/],
		['reply', 400, { message: 'reply_to names no message of this conversation' }, /no message/, /message_handle/],
		['unknown group', 400, { message: 'Group not found' }, /no group/, /group_id/, GROUP],
		['unknown group by status', 404, {}, /no group/, /group_id/, RENAME],
		['too small a group', 400, { message: 'A group needs 4 members' }, /at least four/, /new one/, MODIFY],
		['in the group', 400, { message: 'The number is already in the group' }, /already/, /nothing to do/, MODIFY],
		['not in the group', 400, { message: 'The number is not in the group' }, /not in the group/, /members/, MODIFY],
		['no card', 400, { message: 'The line has no contact profile' }, /no contact card/, /Publish/, SHARE],
		['too long a text', 400, { message: 'content must not be longer than 18996' }, /longer/, /Shorten/],
		['no keys', 403, { message: 'Did not get inputs for authorization' }, /no API keys/, /both/],
		['too large a photo', 413, '', /5 MB/, /smaller/, PHOTO],
		['unverified contact', 403, { error: 'Contact is not verified' }, /free plan/, /shared line first/],
		['opted out', 400, { error_message: 'Recipient has opted out' }, /opted out/, /Do not write/],
		['opt-out', 403, { error_reason: 'OPT_OUT' }, /opted out/, /Do not write/],
		['backlog', 429, { message: 'Message backlog exceeded' }, /waiting/, /several lines/],
		['new contacts', 429, { message: 'New contact limit reached' }, /new contacts/, /slot/],
		['no route', 400, { message: 'No route mapping found' }, /no conversation/, /first/],
		['group without text', 400, { message: 'content is required' }, /text with a group/, /text/, GROUP],
		['no content', 400, { message: 'content or app_card is required' }, /neither/, /text or a file/],
		['media URL', 400, { message: 'Invalid media URL' }, /media URL/, /unsigned/],
		['number', 400, { message: 'Invalid phone number' }, /phone number/, /\+15551234567/],
		['too many people', 400, { message: 'Groups can have at most 25 participants' }, /25/, /smaller group/],
		['seat', 400, { message: 'Unknown seat_id' }, /seat/, /seat/],
		['plan', 403, { message: 'Upgrade your plan: feature required' }, /plan/, /plan/],
		['inconclusive', 400, { message: 'Lookup inconclusive' }, /could not determine/, /later/],
		['duplicate contact', 409, { message: 'Contact already exists' }, /already/, /Update/],
		['401', 401, {}, /API keys/, /Copy/],
		['402', 402, {}, /plan or balance/, /payment/],
		['403', 403, {}, /not allowed/, /plan/],
		['404', 404, {}, /could not find/, /base URL/],
		['404 of a message', 404, {}, /no message/, /handle/, { method: 'GET', path: '/api/v2/messages/x' }],
		['408', 408, {}, /in time/, /later/],
		['409', 409, {}, /contradicts/, /state/],
		['413', 413, '', /larger/, /bitrate/],
		['415', 415, {}, /kind of file/, /extension/],
		['422', 422, {}, /did not accept/, /Correct/],
		['429 of a send', 429, {}, /Messages came faster/, /later/],
		['429 of anything else', 429, {}, /Requests came faster/, /later/, { method: 'GET', path: '/api/lines' }],
		['500', 500, {}, /not working/, /later/],
		['302', 302, '', /redirect/, /base URL/],
	])('%s', (_name, status, body, explanation, hint, request = SEND) => {
		const error = errorOf(status, body, request);
		expect(error.explanation).toMatch(explanation);
		expect(error.hint).toMatch(hint);
		expect(`${error.explanation} ${error.hint}`).not.toMatch(/\b(error|problem|failure|failed|mistake)\b/i);
	});

	test.each<[string, RegExp, SendblueRequest?]>([
		['We could not reply to your request', /did not accept/],
		['This is in reply to your request', /did not accept/],
		['The server did not respond in time', /did not accept/],
		['Another request is already in progress', /did not accept/, GROUP],
		['The line is already in use', /did not accept/, GROUP],
		['The number is already in another change', /did not accept/, MODIFY],
		['number is not in E.164 format', /phone number/, MODIFY],
		['This is not in your plan', /did not accept/, MODIFY],
		['group_name is invalid', /did not accept/, RENAME],
		['Invalid group name', /did not accept/, RENAME],
		['Our Seattle data center is down', /did not accept/],
		['at most 250 participants wait', /did not accept/],
		['Invalid number of recipients', /did not accept/],
		['An explanation is required', /did not accept/],
		['A new contact needs a name', /did not accept/, { method: 'POST', path: '/api/v2/contacts' }],
		['Content-Type must be application/json', /form of the request/],
		['The content type is missing', /form of the request/],
		['Could not download the media content', /media URL/],
	])('“%s” is not taken for something else', (message, explanation, request = SEND) => {
		expect(errorOf(400, { message }, request).explanation).toMatch(explanation);
	});

	test.each<[string, string, SendblueRequest, string[]]>([
		[
			'its name',
			'send_style must be one of: love',
			{ ...SEND, json: { send_style: 'x', content: 'y' } },
			['send_style'],
		],
		['its name in quotes', 'Invalid value for "content"', { ...SEND, json: { content: 'x' } }, ['content']],
		['its name in backticks', 'You must give a `number`.', { ...SEND, json: { number: 'x' } }, ['number']],
		['its name after a colon', 'Bad parameter: number', { ...SEND, json: { number: 'x' } }, ['number']],
		['a name of several words', 'firstName is required', { ...SEND, json: { firstName: '' } }, ['firstName']],
		['no field, but a word', 'Too large a number of requests', { ...SEND, json: { number: 'x' } }, []],
		['a field that was not sent', 'part_index must be a number', { ...SEND, json: { content: 'x' } }, []],
		['no field whose name ends another', 'from_number is odd', { ...SEND, json: { number: 'x' } }, []],
	])('a refusal blames a field by %s', (_name, message, request, blamed) => {
		expect(errorOf(400, { message }, request).request?.blamed).toEqual(blamed);
	});

	test('a refusal tells the fields of the path, the query and the body', () => {
		const json = { group_name: 'x', from_number: undefined };
		const request: SendblueRequest = { method: 'POST', path: '/api/v2/groups/g/name', query: { a: 1 }, json };
		expect(errorOf(400, {}, request).request).toEqual({
			path: '/api/v2/groups/g/name',
			fields: ['group_id', 'a', 'group_name'],
			blamed: [],
		});
	});

	test('what is not known passes through verbatim', () => {
		const error = errorOf(418, { error_code: 'TEAPOT', message: 'I am short & stout' });
		expect(error.sendblueMessage).toBe('I am short & stout');
		expect(error.message).toBe(
			'Sendblue refused the request. Sendblue says: “I am short & stout” (code TEAPOT, HTTP 418)',
		);
	});
});

describe('outcome', () => {
	test.each([
		[400, {}, 'rejected'],
		[401, {}, 'rejected'],
		[404, {}, 'rejected'],
		[409, {}, 'rejected'],
		[429, {}, 'rejected'],
		[408, {}, 'unknown'],
		[500, {}, 'unknown'],
		[502, {}, 'unknown'],
		[503, {}, 'unknown'],
		[302, {}, 'unknown'],
		[200, { status: 'ERROR', error_code: 4000 }, 'rejected'],
		[200, { status: 'ERROR', error_code: 10002 }, 'unknown'],
		[200, { status: 'ERROR', error_code: 5000 }, 'unknown'],
	])('%p %j is %s', (status, body, outcome) => {
		expect(errorOf(status, body).outcome).toBe(outcome);
	});

	test.each([
		['notSent', 'notSent', false, 'Sendblue could not be reached. Words (CODE).'],
		['unknown', 'unknown', false, "Sendblue's answer did not arrive. Words (CODE)."],
		['cancelled', 'unknown', true, 'Words (CODE).'],
	] as const)('a %s failure is %s', (kind, outcome, cancelled, message) => {
		const error = errorFromFailure(new TransportFailure(kind, 'Words (CODE).'), true);
		expect(error).toBeInstanceOf(SendblueApiError);
		expect(error.outcome).toBe(outcome);
		expect(error.cancelled).toBe(cancelled);
		expect(error.message).toBe(message);
	});
});
