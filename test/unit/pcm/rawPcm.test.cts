import type { RawSampleFormat } from '../../../nodes/Sendblue/voiceNote/types';
import {
	isPcmMimeType,
	parsePcmFormatName,
	parsePcmMimeType,
	RAW_SAMPLE_FORMATS,
	rawPcmTrack,
} from '../../../nodes/Sendblue/voiceNote/containers/raw/rawPcm';
import { openedTrack } from '../../support/pcm/openedTrack.cts';

import { collect } from '../../support/pcm/signals.cts';

describe('mime types', () => {
	test.each([
		['audio/L16;rate=24000', 's16le', 24000, 1],
		['audio/L16;codec=pcm;rate=24000', 's16le', 24000, 1],
		['audio/l16; rate="16000"; channels=2', 's16le', 16000, 2],
		['audio/L16; rate=44100; endianness=big-endian', 's16be', 44100, 1],
		['audio/L24;rate=48000;channels=2;endian=BE', 's24be', 48000, 2],
		['audio/L8;rate=11025', 'u8', 11025, 1],
		['audio/pcm;rate=16000', 's16le', 16000, 1],
		['audio/pcm;rate=16000;encoding=signed-int;bits=24', 's24le', 16000, 1],
		['audio/pcm;rate=16000;encoding=signed-int;bits=8', 's8', 16000, 1],
		['audio/pcm;rate=16000;encoding=unsigned-int;bits=8', 'u8', 16000, 1],
		['audio/pcm;rate=44100;encoding=float', 'f32le', 44100, 1],
		['audio/pcm;rate=44100;encoding=pcm_f32le', 'f32le', 44100, 1],
		['audio/pcm;rate=8000;encoding=mulaw', 'mulaw', 8000, 1],
		['audio/x-raw;format=S16BE;rate=22050', 's16be', 22050, 1],
		['audio/basic', 'mulaw', 8000, 1],
		['audio/x-mulaw', 'mulaw', 8000, 1],
		['audio/mulaw;rate=16000', 'mulaw', 16000, 1],
		['audio/PCMU', 'mulaw', 8000, 1],
		['audio/PCMA;rate=8000', 'alaw', 8000, 1],
		['audio/x-l16;rate=24000', 's16le', 24000, 1],
		['audio/X-L16; Rate=16000; Channels=2', 's16le', 16000, 2],
		['audio/linear16;rate=24000', 's16le', 24000, 1],
		['audio/x-linear16;sample_rate=8000', 's16le', 8000, 1],
		['audio/x-pcm;sampleRate=22050', 's16le', 22050, 1],
		['audio/x-basic', 'mulaw', 8000, 1],
	])('%s', (mimeType, sampleFormat, sampleRate, channels) => {
		expect(parsePcmMimeType(mimeType)).toEqual({ sampleFormat, sampleRate, channels });
	});

	test.each([
		'audio/mpeg',
		'audio/L16',
		'audio/pcm',
		'audio/pcm;rate=fast',
		'audio/L16;rate=-8000',
		'audio/L16;rate=24000;channels=0',
		'audio/pcm;rate=16000;bits=17',
		'audio/pcm;rate=16000;encoding=adpcm;bits=4',
		'audio/constructor;rate=8000',
		'video/L16;rate=8000',
		'',
	])('"%s" is not enough', (mimeType) => {
		expect(parsePcmMimeType(mimeType)).toBeUndefined();
	});
});

test.each([
	['audio/L16', true],
	['audio/pcm; codec=whatever', true],
	['AUDIO/X-LINEAR16', true],
	['audio/mpeg', false],
	['audio/x-constructor', false],
	['application/octet-stream', false],
	['', false],
])('whether "%s" is raw PCM: %p', (mimeType, expected) => {
	expect(isPcmMimeType(mimeType)).toBe(expected);
});

describe('names of output formats', () => {
	test.each([
		['pcm_16000', 's16le', 16000],
		['pcm_22050', 's16le', 22050],
		['pcm_24000', 's16le', 24000],
		['pcm_44100', 's16le', 44100],
		['ulaw_8000', 'mulaw', 8000],
		['mulaw_8000', 'mulaw', 8000],
		['alaw_8000', 'alaw', 8000],
		['pcm_f32le_44100', 'f32le', 44100],
		['raw-24khz-16bit-mono-pcm', 's16le', 24000],
		['raw-22050hz-16bit-mono-pcm', 's16le', 22050],
		['raw-8khz-8bit-mono-mulaw', 'mulaw', 8000],
	])('%s', (name, sampleFormat, sampleRate) => {
		expect(parsePcmFormatName(name)).toEqual({ sampleFormat, sampleRate, channels: 1 });
	});

	test.each(['mp3_44100_128', 'opus_48000_32', 'pcm', 'pcm_u16le_8000', 'pcm_', ''])(
		'"%s" is no raw format',
		(name) => {
			expect(parsePcmFormatName(name)).toBeUndefined();
		},
	);
});

describe('raw samples', () => {
	const half: Record<RawSampleFormat, number[]> = {
		s16le: [0x00, 0x40],
		s16be: [0x40, 0x00],
		s24le: [0, 0, 0x40],
		s24be: [0x40, 0, 0],
		s32le: [0, 0, 0, 0x40],
		s32be: [0x40, 0, 0, 0],
		f32le: [0, 0, 0, 0x3f],
		f32be: [0x3f, 0, 0, 0],
		f64le: [0, 0, 0, 0, 0, 0, 0xe0, 0x3f],
		f64be: [0x3f, 0xe0, 0, 0, 0, 0, 0, 0],
		s8: [0x40],
		u8: [0xc0],
		mulaw: [0x8f],
		alaw: [0xa5],
	};

	test.each(RAW_SAMPLE_FORMATS)('%s', async (sampleFormat) => {
		const bytes = Uint8Array.from([...half[sampleFormat], ...half[sampleFormat]]);
		const opened = openedTrack(rawPcmTrack(bytes, { sampleFormat, sampleRate: 8000, channels: 2 }));
		expect(opened).toMatchObject({ frames: 1 });
		expect(opened.source).toMatchObject({ channels: 2, sampleRate: 8000 });
		const [left, right] = await collect(opened.source);
		expect(left[0]).toBe(right[0]);
		if (sampleFormat === 'mulaw') expect(left[0]).toBe(16764 / 32768);
		else if (sampleFormat === 'alaw') expect(left[0]).toBe(16896 / 32768);
		else expect(left[0]).toBe(0.5);
	});

	test('half a frame at the end is left out', () => {
		expect(
			openedTrack(rawPcmTrack(new Uint8Array(7), { sampleFormat: 's16le', sampleRate: 8000, channels: 2 })).frames,
		).toBe(1);
	});

	test('a format there is not', () => {
		const format = { sampleFormat: 's17le' as RawSampleFormat, sampleRate: 8000, channels: 1 };
		expect(() => rawPcmTrack(new Uint8Array(4), format)).toThrow(expect.objectContaining({ code: 'badOption' }));
		const rate = { sampleFormat: 's16le' as const, sampleRate: 10, channels: 1 };
		expect(() => rawPcmTrack(new Uint8Array(4), rate)).toThrow(expect.objectContaining({ code: 'corrupt' }));
	});
});
