import { nameInUrl, urlSafeName } from '../../../nodes/Sendblue/n8n/audioFiles';

describe('the name in an address', () => {
	it.each([
		['/voice/abc_Audio%20Message.caf', 'abc_Audio Message.caf', 'abc_Audio_Message.caf'],
		['/a/b/Note.caf?X-Goog-Signature=a/b.mp3', 'Note.caf', 'Note.caf'],
		['/o/folder%2FAudio%20Message.caf?alt=media', 'Audio Message.caf', 'Audio_Message.caf'],
		['/Gr%C3%BC%C3%9Fe.m4a', 'Grüße.m4a', 'Grue.m4a'],
		['/100%25%20sure.ogg', '100% sure.ogg', '100_sure.ogg'],
		['/%E0%A4%A.ogg', '%E0%A4%A.ogg', 'E0A4A.ogg'],
		['/50%_Audio%20Message.caf', '50%_Audio Message.caf', '50_Audio_Message.caf'],
		['/', '', ''],
	])('%s', (path, name, safe) => {
		expect(nameInUrl(new URL(`https://storage.example.com${path}`))).toBe(name);
		expect(urlSafeName(name)).toBe(safe);
	});
});
