import { mediaFileName } from '../../../nodes/Sendblue/actions/media/hostMedia';

describe('name of an uploaded file', () => {
	it.each([
		['Photo.jpg', undefined, 'image/png', 'Photo.jpg'],
		['Photo', 'IMG_1.HEIC', 'image/heic', 'Photo.HEIC'],
		['', 'Über uns.pdf', 'application/pdf', 'Uber_uns.pdf'],
		[undefined, undefined, 'image/jpeg', 'File.jpg'],
		['  ', 'picture', 'image/gif', 'picture.gif'],
		['../../etc/passwd', 'a.txt', 'text/plain', 'passwd.txt'],
		['写真', '写真.png', 'image/png', 'File.png'],
		['a'.repeat(200), undefined, 'video/mp4', `${'a'.repeat(96)}.mp4`],
	])('for %s, %s and %s is %s', (wanted, given, mimeType, expected) => {
		expect(mediaFileName(wanted, given, mimeType)).toBe(expected);
	});

	it('is asked for if nothing tells the kind of the file', () => {
		expect(() => mediaFileName('Data', 'data', 'application/octet-stream')).toThrow('application/octet-stream');
	});
});

test.each([
	['audio/x-wav', 'Greeting.wav'],
	['Audio/WebM; codecs=opus', 'Greeting.webm'],
	['audio/x-m4a', 'Greeting.m4a'],
])('a name without an extension gets that of %s', (mimeType, expected) => {
	expect(mediaFileName(undefined, 'Greeting', mimeType)).toBe(expected);
});
