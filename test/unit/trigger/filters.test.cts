import { isWanted, mediaUrl, voiceNoteMedia } from '../../../nodes/Sendblue/trigger/filters';

const ALL = { messages: 'all', statuses: [], senders: [], text: '' };
const LINE = '+15550100001';

describe('media addresses', () => {
	it.each([
		'',
		undefined,
		null,
		7,
		'AudioMessage.caf',
		'ftp://example.com/a.caf',
		'javascript:alert(1)',
		['https://example.com/a.caf', 'b'],
	])('are none: %j', (media_url) => {
		expect(mediaUrl({ media_url } as never)).toBeUndefined();
	});

	it.each([
		['https://storage.googleapis.com/inbound-file-store/a_AudioMessage.caf', true],
		['https://example.com/Voice.CAF?token=1', true],
		['https://example.com/voice.amr', true],
		['https://example.com/a_Audio%20Message.caf', true],
		['https://example.com/o/inbound%2FAudio%20Message%2Ecaf?alt=media', true],
		['https://example.com/Recording.m4a', true],
		['https://example.com/PTT-20261126.OPUS', true],
		['https://example.com/voice.ogg', true],
		['https://example.com/voice.mp3', true],
		['https://example.com/photo.jpg?name=a.caf', undefined],
		['https://example.com/video.mov', undefined],
		['https://example.com/contact.vcf', undefined],
		['https://example.com/files/99DCC379', false],
		['https://example.com/', false],
	])('%s: voice note by name %p', (media_url, expected) => {
		expect(mediaUrl({ media_url })?.href).toBe(media_url);
		expect(voiceNoteMedia({ media_url })?.isNamed).toBe(expected);
	});
});

describe('the line of a message', () => {
	it.each([
		[{ sendblue_number: LINE, to_number: '+1', from_number: '+2' }, true],
		[{ is_outbound: false, to_number: LINE, from_number: '+2' }, true],
		[{ is_outbound: false, to_number: '+1', from_number: LINE }, false],
		[{}, false],
	])('received: %j', (body, expected) => {
		expect(isWanted('receive', body, { ...ALL, line: LINE })).toBe(expected);
	});

	it.each([
		[{ is_outbound: true, to_number: '+1', from_number: LINE }, true],
		[{ is_outbound: true, to_number: LINE, from_number: '+2' }, false],
	])('sent: %j', (body, expected) => {
		expect(isWanted('outbound', body, { ...ALL, line: LINE })).toBe(expected);
	});
});
