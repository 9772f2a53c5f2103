import {
	checkMediaUrl,
	checkPublicUrl,
	checkSourceUrl,
	DEFAULT_BASE_URL,
	hostKind,
	incomingFileObjection,
	normalizeBaseUrl,
	sourceObjection,
} from '../../../nodes/Sendblue/sendblue/urls';

const API = { baseUrl: 'https://api.sendblue.com' };
const LOCAL = { baseUrl: 'http://127.0.0.1:4000' };

describe('normalizeBaseUrl', () => {
	test.each([
		['https://api.sendblue.com', 'https://api.sendblue.com'],
		['https://api.sendblue.com/', 'https://api.sendblue.com'],
		[' https://API.sendblue.co// ', 'https://api.sendblue.co'],
		['https://proxy.example:8443', 'https://proxy.example:8443'],
		['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
		['http://localhost:4000', 'http://localhost:4000'],
		['http://[::1]:4000', 'http://[::1]:4000'],
		['', DEFAULT_BASE_URL],
		[undefined, DEFAULT_BASE_URL],
	])('%p becomes %s', (value, expected) => {
		expect(normalizeBaseUrl(value)).toBe(expected);
	});

	test.each([
		['http://api.sendblue.com', /https/],
		['http://192.168.1.5', /https/],
		['http://localhost.example.com', /https/],
		['ftp://api.sendblue.com', /https/],
		['https://user:s3cr3t@api.sendblue.com', /password/],
		['https://s3cr3t@api.sendblue.com', /user name/],
		['https://api.sendblue.com/v1', /path/],
		['https://api.sendblue.com?x=s3cr3t', /query/],
		['https://api.sendblue.com/#x', /query|fragment/],
		['api.sendblue.com', /valid URL|https/],
		['https://api sendblue.com', /valid URL/],
		['https://', /valid URL/],
	])('%s is refused', (value, message) => {
		expect(() => normalizeBaseUrl(value)).toThrow(message);
		expect(() => normalizeBaseUrl(value)).not.toThrow(/s3cr3t/);
	});
});

describe('hostKind', () => {
	const kindOf = (host: string) => hostKind(new URL(`http://${host}/`).hostname);
	test.each([
		['example.com', 'public'],
		['8.8.8.8', 'public'],
		['172.32.0.1', 'public'],
		['100.128.0.1', 'public'],
		['[2606:4700::1111]', 'public'],
		['[::ffff:8.8.8.8]', 'public'],
		['[64:ff9b::808:808]', 'public'],
		['localhost', 'loopback'],
		['LOCALHOST.', 'loopback'],
		['api.localhost', 'loopback'],
		['127.0.0.1', 'loopback'],
		['127.255.255.255', 'loopback'],
		['2130706433', 'loopback'],
		['0x7f.1', 'loopback'],
		['017700000001', 'loopback'],
		['[::1]', 'loopback'],
		['[::ffff:127.0.0.1]', 'loopback'],
		['[64:ff9b::7f00:1]', 'loopback'],
		['[2002:7f00:1::]', 'loopback'],
		['0.0.0.0', 'private'],
		['10.1.2.3', 'private'],
		['172.16.0.1', 'private'],
		['172.31.255.255', 'private'],
		['192.168.0.1', 'private'],
		['169.254.169.254', 'linkLocal'],
		['100.64.0.1', 'private'],
		['198.19.255.255', 'private'],
		['224.0.0.1', 'private'],
		['255.255.255.255', 'private'],
		['[::]', 'private'],
		['[fe80::1]', 'linkLocal'],
		['[fd00::1]', 'private'],
		['[ff02::1]', 'private'],
		['[2001:db8::1]', 'private'],
		['[::ffff:10.0.0.1]', 'private'],
		['[2002:a00:1::]', 'private'],
		['intranet', 'private'],
		['nas.local', 'private'],
		['metadata.google.internal', 'linkLocal'],
		['router.home.arpa', 'private'],
	])('%s is %s', (host, kind) => {
		expect(kindOf(host)).toBe(kind);
	});
});

describe('checkMediaUrl', () => {
	test.each([
		['https://cdn.example.com/AudioMessage.caf', API],
		['https://cdn.example.com/a/b/Note.caf', API],
		['  https://cdn.example.com/a.caf ', API],
		['http://127.0.0.1:4000/files/a.caf', LOCAL],
		['http://localhost:4000/files/a.caf', LOCAL],
	])('takes %s', (url, use) => {
		expect(checkMediaUrl(url, '.caf', use).href).toContain('.caf');
	});

	test.each([
		['https://cdn.example.com/a.caf?X-Amz-Signature=s3cr3t', API, /signed/],
		['https://cdn.example.com/a.caf?x-amz-security-token=s3cr3t', API, /signed/],
		['https://cdn.example.com/a.caf?X-Goog-Signature=s3cr3t', API, /signed/],
		['https://cdn.example.com/a.caf?Signature=s3cr3t&Expires=1', API, /signed/],
		['https://cdn.example.com/a.caf?sv=1&sig=s3cr3t', API, /signed/],
		['https://cdn.example.com/a.caf?token=s3cr3t', API, /signed/],
		['https://cdn.example.com/a.caf?Expires=1', API, /signed/],
		['https://cdn.example.com/a.caf?v=2', API, /goes on after/],
		['https://cdn.example.com/a.caf#x', API, /goes on after/],
		['https://cdn.example.com/a.mp3', API, /does not end in \.caf/],
		['https://cdn.example.com/a?file=b.caf', API, /does not end in \.caf/],
		['https://cdn.example.com/a.CAF', API, /does not end in \.caf/],
		['https://cdn.example.com/caf', API, /does not end in \.caf/],
		['http://cdn.example.com/a.caf', API, /http:\/\//],
		['https://user:s3cr3t@cdn.example.com/a.caf', API, /password/],
		['https://cdn.example.com/my note.caf', API, /space/],
		['https://cdn.example.com/my%20note.caf', API, /space/],
		['https://192.168.0.2/a.caf', API, /private network/],
		['https://127.0.0.1/a.caf', API, /private network/],
		['http://localhost/a.caf', API, /private network/],
		['https://169.254.169.254/a.caf', LOCAL, /private network/],
		['http://10.0.0.1/a.caf', LOCAL, /private network/],
		['ftp://cdn.example.com/a.caf', API, /not a web address/],
		['file:///etc/a.caf', API, /not a web address/],
		['a.caf', API, /not a web address/],
		['', API, /empty/],
	])('refuses %s', (url, use, message) => {
		expect(() => checkMediaUrl(url, '.caf', use)).toThrow(message);
		expect(() => checkMediaUrl(url, '.caf', use)).not.toThrow(/s3cr3t/);
	});
});

test('a callback may have a query and a token, but must be reachable', () => {
	const url = 'https://n8n.example.com/webhook/x?token=abc';
	expect(checkPublicUrl(url, 'The status callback', API).href).toBe(url);
	expect(() => checkPublicUrl('https://n8n.local/webhook', 'The status callback', API)).toThrow(/^The status callback/);
	expect(() => checkPublicUrl('http://n8n.example.com/x', 'The status callback', API)).toThrow(/http:/);
});

test("a source may be signed or lie in one's own network, but holds no password", () => {
	for (const url of ['https://s3.example.com/a.mp3?X-Amz-Signature=abc', 'http://minio:9000/a.mp3']) {
		expect(checkSourceUrl(url, 'The audio URL').href).toBe(url);
	}
	expect(() => checkSourceUrl('https://u:p@example.com/a.mp3', 'The audio URL')).toThrow(/password/);
	expect(() => checkSourceUrl('data:audio/mpeg;base64,AAAA', 'The audio URL')).toThrow(/not a web address/);
});

describe('sourceObjection', () => {
	const PUBLIC = new URL('https://speech.example.com/a');

	test.each([
		['https://speech.example.com/a.mp3', undefined],
		['http://127.0.0.1:5002/tts', undefined],
		['http://192.168.1.20/tts', undefined],
		['http://tts:5002/speak', undefined],
		['https://cdn.example.com/a.mp3', PUBLIC],
		['http://10.0.0.7/b', new URL('http://10.0.0.1/a')],
	])('%s is asked for', (url, from) => {
		expect(sourceObjection(new URL(url), from)).toBeUndefined();
	});

	test.each([
		['http://169.254.169.254/latest/meta-data/', undefined, /link-local/],
		['http://[::ffff:169.254.169.254]/', undefined, /link-local/],
		['http://[fd00:ec2::254]/', undefined, /link-local/],
		['http://metadata.google.internal/', undefined, /link-local/],
		['http://127.0.0.1/a', PUBLIC, /speech\.example\.com redirected to 127\.0\.0\.1/],
		['http://10.0.0.7/a', PUBLIC, /private network/],
	])('%s is not', (url, from, message) => {
		expect(sourceObjection(new URL(url), from)).toMatch(message);
	});
});

describe('incomingFileObjection', () => {
	test.each([
		['https://storage.googleapis.com/inbound-file-store/a_Audio%20Message.caf', API],
		['https://cdn.example.com/a.caf?X-Goog-Signature=1', API],
		['http://127.0.0.1:4000/media/a.caf', LOCAL],
	])('%s is asked for', (url, use) => {
		expect(incomingFileObjection(new URL(url), use)).toBeUndefined();
	});

	test.each([
		['http://storage.googleapis.com/a.caf', API, /https/],
		['https://user:s3cr3t@storage.googleapis.com/a.caf', API, /user name or password/],
		['http://127.0.0.1:4000/media/a.caf', API, /private network/],
		['https://10.0.0.7/a.caf', LOCAL, /private network/],
		['https://169.254.169.254/a.caf', LOCAL, /private network/],
	])('%s is not', (url, use, message) => {
		const objection = incomingFileObjection(new URL(url), use);
		expect(objection).toMatch(message);
		expect(objection).not.toContain('s3cr3t');
	});
});
