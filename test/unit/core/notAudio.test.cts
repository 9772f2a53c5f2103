import { whyNotAudio } from '../../../nodes/Sendblue/voiceNote/containers/probe';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { joinBytes, latin1 } from '../../support/bytes.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';

const filler = Uint8Array.from({ length: 3_000 }, (_, i) => (i * 73 + (i >> 3)) & 0x7f);
const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

test.each<[string, Uint8Array]>([
	['empty', new Uint8Array(0)],
	['PNG', joinBytes('\x89PNG\r\n\x1a\n', filler)],
	['JPEG', joinBytes([0xff, 0xd8, 0xff, 0xe0], filler)],
	['GIF', joinBytes('GIF89a', filler)],
	['WebP', joinBytes('RIFF\0\0\0\0WEBPVP8 ', filler)],
	['AVI', joinBytes('RIFF\0\0\0\0AVI LIST', filler)],
	['PDF', joinBytes('%PDF-1.7\n', filler)],
	['ZIP', joinBytes('PK\x03\x04', filler)],
	['gzip', joinBytes([0x1f, 0x8b, 8, 0], filler)],
	['rtpdump', joinBytes('#!rtpplay1.0 127.0.0.1/5004\n', filler)],
	['pcap', joinBytes([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0], filler)],
	['pcapng', joinBytes([0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0], filler)],
	['Janus', joinBytes('MJR00002', filler)],
	['HTTP', joinBytes('HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n\r\n', filler)],
	['UTF-16', joinBytes([0xff, 0xfe], Uint8Array.from(Buffer.from('UklGRiQAAABXQVZFZm10IBAAAAABAAEA', 'utf16le')))],
	['HTML', utf8('<!DOCTYPE html>\n<html><head><title>Not found</title></head></html>')],
	['HTML', utf8('  <html lang="en"><body>Login</body></html>')],
	['XML', utf8('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
	['JSON', utf8('{"error":"not found"}')],
	['JSON', utf8('[{"a":1}]')],
	['Base64', utf8(Buffer.from(filler).toString('base64'))],
	['MIDI', joinBytes('MThd', filler)],
	['text', utf8('the quick brown fox')],
])('%s is named', async (what, bytes) => {
	const error = await voiceNoteErrorOf(() => toVoiceNote(bytes));
	expect(error.code).toBe('notAudio');
	expect(error.message).toContain(what);
	expect(error.hint).not.toBe('');
});

test('text of two bytes a letter is no PCM either', async () => {
	const text = joinBytes([0xff, 0xfe], Uint8Array.from(Buffer.from('{"audio":"UklGRiQAAABX"}'.repeat(500), 'utf16le')));
	const rawFormat = { sampleFormat: 's16le', sampleRate: 24_000, channels: 1 } as const;
	const error = await voiceNoteErrorOf(() => toVoiceNote(text, { rawFormat }));
	expect(error.message).toContain('UTF-16');
});

test.each<[string, Uint8Array]>([
	['zeros', new Uint8Array(10_000)],
	['ones', new Uint8Array(10_000).fill(0xff)],
	['one byte', Uint8Array.of(0xff)],
	['a lone magic of Ogg', latin1('OggS')],
	['a lone magic of WebM', Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3)],
	['a lone magic of CAF', latin1('caff')],
	['a lone magic of WAV', latin1('RIFF\0\0\0\0WAVE')],
	['a lone ID3 tag', joinBytes('ID3', [4, 0, 0, 0, 0, 0, 20], new Uint8Array(20))],
	['an ID3 tag longer than the file', joinBytes('ID3', [4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f], new Uint8Array(20))],
	['text that is not English', utf8('Grüße aus Köln – das ist kein Ton')],
])('%s are refused', async (_, bytes) => {
	const error = await voiceNoteErrorOf(() => toVoiceNote(bytes));
	expect(['notAudio', 'corrupt']).toContain(error.code);
	expect(error.message).not.toBe('');
});

describe('by its first bytes and its type', () => {
	/** Bytes that no format begins with. */
	const samples = Uint8Array.from({ length: 9_600 }, (_, i) => Math.round(100 * Math.sin(i / 20)) & 0xff);

	test.each([
		'audio/lpcm;rate=24000',
		'audio/linear16;rate=16000',
		'audio/x-l16;rate=8000',
		'audio/mulaw',
		'audio/pcma',
		'audio/L16; rate=24000; channels=1',
	])('%s is what the conversion takes it for', async (mimeType) => {
		expect(await whyNotAudio(samples, mimeType)).toBeUndefined();
		expect((await toVoiceNote(samples, { mimeType })).info.durationSeconds).toBeGreaterThan(0.1);
	});

	test('raw PCM without a rate is refused before anything is sent, and so is what has no type', async () => {
		expect(await whyNotAudio(samples, 'audio/pcm')).toMatchObject({ code: 'pcmFormatMissing' });
		expect(await whyNotAudio(samples)).toMatchObject({ code: 'notAudio' });
		expect(await whyNotAudio(utf8('{"error":"not found"}'), 'audio/lpcm;rate=24000')).toMatchObject({
			code: 'notAudio',
		});
	});
});
