import { DownloadError, isShareLink, refuseWebPage } from '../../../nodes/Sendblue/n8n/download';

const PAGE = '<!DOCTYPE html><html><body>Preview</body></html>';

function hintFor(url: string, content = PAGE): string | undefined {
	try {
		refuseWebPage(Buffer.from(content), url, 'Audio URL');
		return undefined;
	} catch (error) {
		expect(error).toBeInstanceOf(DownloadError);
		expect((error as DownloadError).message).toBe("The address in 'Audio URL' leads to a web page, not to a file");
		return (error as DownloadError).hint;
	}
}

describe('a web page in place of a file', () => {
	it.each([
		['https://drive.google.com/file/d/1AbC/view?usp=sharing', 'uc?export=download&id=ID'],
		['https://docs.google.com/uc?id=1AbC', 'Google Drive'],
		['https://www.dropbox.com/scl/fi/x/Note.mp3?rlkey=secret&dl=0', 'dl=1'],
		['https://1drv.ms/u/s!AbC', 'download=1'],
		['https://contoso-my.sharepoint.com/:u:/g/personal/x', 'download=1'],
		['https://app.box.com/s/abc', 'direct link'],
		['https://github.com/a/b/blob/main/Note.mp3', 'Raw'],
		['https://we.tl/t-AbC', 'no address for the file itself'],
		['https://www.youtube.com/watch?v=x', 'player'],
		['https://example.com/Note.mp3', 'private browser window'],
	])('is explained by the service: %s', (url, words) => {
		const hint = hintFor(url);
		expect(hint).toContain(words);
		expect(hint).not.toContain('secret');
	});

	it.each([
		'\uFEFF\n <!doctype HTML>',
		'<html lang="de">',
		'<head><title>',
		'<!-- saved from -->\n<html>',
		'<script>location="/login"</script>',
	])('is known by how it begins: %j', (content) => {
		expect(hintFor('https://example.com/a.mp3', content)).toBeDefined();
	});

	it.each(['ID3\u0003', 'RIFF....WAVE', 'OggS', '', '<?xml version="1.0"?>', '<!-- made by hand --><svg>', '< 3'])(
		'is not seen in %j',
		(content) => {
			expect(hintFor('https://drive.google.com/file/d/1/view', content)).toBeUndefined();
		},
	);

	it('is expected of links to share files alone', () => {
		expect(isShareLink('https://www.dropbox.com/s/abc/Photo.jpg')).toBe(true);
		expect(isShareLink('https://example.com/dropbox.com/Photo.jpg')).toBe(false);
		expect(isShareLink('https://notdropbox.com/s/abc/Photo.jpg')).toBe(false);
		expect(isShareLink('https://raw.githubusercontent.com/a/b/main/Note.mp3')).toBe(false);
	});
});
