/** Text if a file was meant: what a step of a workflow makes of bytes that it takes for text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromVoiceNote } from '../../../nodes/Sendblue/voiceNote/fromVoiceNote';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import type { VoiceNoteOptions } from '../../../nodes/Sendblue/voiceNote/types';
import { joinBytes } from '../../support/bytes.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';

const FILES = [
	'adts.aac',
	'aac.m4a',
	'aac.mpegts',
	'alac.caf',
	'amr.amr',
	'amrwb.amr',
	'cbr.mp3',
	'flac.flac',
	'mulaw.wav',
	'opus.webm',
	'opus20.opus',
	'pcm.aiff',
	'pcm.caf',
	'vorbis.ogg',
];
const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));
const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

const RAW: VoiceNoteOptions = { rawFormat: { sampleFormat: 's16le', sampleRate: 24_000, channels: 1 } };

/** Speech-like samples between stretches of zeros, as a recorder that gates its noise gives them. */
function gatedWav(): Uint8Array {
	const samples = Int16Array.from({ length: 48_000 }, (_, i) => (i % 16_000 < 12_000 ? 0 : 9_000 * Math.sin(i * i)));
	const header = Buffer.from(
		'RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0data\0\0\0\0',
		'latin1',
	);
	header.writeUInt32LE(samples.byteLength, 40);
	return joinBytes(new Uint8Array(header), new Uint8Array(samples.buffer));
}

describe('a file that was read as UTF-8 and written again', () => {
	test.each(FILES)('%s is refused with the cause', async (file) => {
		const bytes = utf8(Buffer.from(fixture(file)).toString('utf8'));
		for (const options of [{}, RAW]) {
			const error = await voiceNoteErrorOf(() => toVoiceNote(bytes, options));
			expect(error).toMatchObject({ code: 'notAudio', message: expect.stringContaining('as text (UTF-8)') });
			expect(error.hint).toContain('as a file');
		}
	});

	test('also if most of it is silence', async () => {
		const bytes = utf8(Buffer.from(gatedWav()).toString('utf8'));
		expect((await voiceNoteErrorOf(() => toVoiceNote(bytes))).message).toContain('as text');
	});

	test('also with a byte order mark, and cut in the middle of a character', async () => {
		const text = utf8(`\ufeff${Buffer.from(fixture('cbr.mp3')).toString('utf8')}`);
		const cut = text.subarray(0, text.lastIndexOf(0xbf));
		expect((await voiceNoteErrorOf(() => toVoiceNote(cut))).message).toContain('as text');
	});

	test('replacement characters in the tags of a sound file say nothing', async () => {
		const tag = utf8('caf\ufffd \ufffd\ufffd\ufffd');
		const mp3 = joinBytes('ID3', [4, 0, 0, 0, 0, 0, tag.length], tag, fixture('cbr.mp3'));
		expect((await toVoiceNote(mp3)).bytes).toEqual((await toVoiceNote(fixture('cbr.mp3'))).bytes);
	});
});

describe('a file of which each byte was made a character', () => {
	const widened: Array<[string, (bytes: Uint8Array) => string]> = [
		['Latin-1', (bytes) => Buffer.from(bytes).toString('latin1')],
		['Windows-1252', (bytes) => new TextDecoder('windows-1252').decode(bytes)],
	];
	for (const [encoding, asText] of widened) {
		test.each(FILES)(`${encoding}: %s is what it was`, async (file) => {
			const original = await toVoiceNote(fixture(file));
			const note = await toVoiceNote(utf8(asText(fixture(file))));
			expect(note.bytes).toEqual(original.bytes);
			expect(note.hints).toEqual(original.hints);
		});
	}
});

test('an MP3 of which each byte was made a character is left as it was before, not as text', async () => {
	const mp3 = fixture('cbr.mp3');
	const { bytes, info } = await fromVoiceNote(utf8(Buffer.from(mp3).toString('latin1')), { format: 'automatic' });
	expect(info).toMatchObject({ method: 'untouched', format: 'mp3' });
	expect(bytes).toEqual(mp3);
});

describe('text that is no sound, also if raw samples are expected', () => {
	const sound = Buffer.from(fixture('mulaw.wav'));
	test.each<[string, string, string]>([
		['Base64', sound.toString('base64'), 'Base64'],
		['Base64 in lines', sound.toString('base64').replace(/.{76}/g, '$&\r\n'), 'Base64'],
		['Base64 for addresses', sound.toString('base64url'), 'Base64'],
		['a data: URI', `data:audio/wav;base64,${sound.toString('base64')}`, 'data: URI'],
		['a data: URI in quotes', `"data:audio/wav;base64,${sound.toString('base64')}"`, 'data: URI'],
		['JSON', JSON.stringify({ error: { code: 429, message: 'Rate limit reached '.repeat(40) } }), 'JSON'],
		['an error message', 'Request failed with status code 404', 'text'],
		['a message in another language', 'Die Anfrage ist fehlgeschlagen: Zugriff verweigert für „Küche“', 'text'],
		['HTML', '<!DOCTYPE html><html><body>Bitte anmelden</body></html>', 'HTML'],
		['a playlist', '#EXTM3U\nhttps://example.com/a.mp3\n', 'playlist'],
	])('%s', async (_, text, what) => {
		for (const options of [{}, RAW, { mimeType: 'audio/pcm;rate=24000' }]) {
			const error = await voiceNoteErrorOf(() => toVoiceNote(utf8(text), options));
			expect(error.code).toBe('notAudio');
			expect(error.message).toContain(what);
			expect(error.hint).not.toBe('');
		}
	});

	test('a data: URI in which the sync byte of a transport stream stands every 188 letters', async () => {
		const letters = Array.from({ length: 4_000 }, (_, i) => (i % 188 === 30 ? 'G' : 'A')).join('');
		const error = await voiceNoteErrorOf(() => toVoiceNote(utf8(`data:audio/pcm;base64,${letters}`)));
		expect(error.message).toContain('data: URI');
	});

	test.each(['audio/wav', 'audio/mpeg', 'application/octet-stream', 'video/mp4'])(
		'a data: URI of %s that was decoded from Base64 together with its prefix',
		async (type) => {
			const decoded = Uint8Array.from(Buffer.from(`data:${type};base64,${sound.toString('base64')}`, 'base64'));
			for (const options of [{}, RAW]) {
				const error = await voiceNoteErrorOf(() => toVoiceNote(decoded, options));
				expect(error).toMatchObject({ code: 'notAudio', message: expect.stringContaining('data: URI') });
			}
		},
	);

	test.each(['audio/pcm', 'audio/L16', 'audio/raw;bits=16'])('%s does not say the rate', async (mimeType) => {
		const noise = Uint8Array.from({ length: 48_000 }, (_, i) => (i * i * 7 + (i >> 5)) & 0xff);
		const error = await voiceNoteErrorOf(() => toVoiceNote(noise, { mimeType }));
		expect(error).toMatchObject({ code: 'pcmFormatMissing', message: expect.stringContaining('rate') });
		expect(error.hint).not.toBe('');
	});
});
