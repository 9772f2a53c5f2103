/** Claims that the bytes contradict, and audio that ends before its file says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceOf } from '../../../nodes/Sendblue/voiceNote/pipeline/remarks';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { speechLike, wav16 } from '../../support/quality/index.cts';

const fixture = (...path: string[]): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', ...path)));
const MP3 = fixture('mp3', 'mpeg2.mp3');
const AAC = fixture('aac', 'stereo44100.aac');
const ID3 = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');

describe('audio that the caller calls raw PCM', () => {
	it.each([
		['MP3', MP3, 'mp3'],
		['MP3 behind a tag', new Uint8Array(Buffer.concat([ID3, MP3])), 'mp3'],
		['AAC', AAC, 'aac'],
		['MP3 behind a blank line', new Uint8Array(Buffer.concat([Buffer.from('\r\n'), MP3])), 'mp3'],
		['AAC behind a blank line', new Uint8Array(Buffer.concat([Buffer.from('\n'), AAC])), 'aac'],
	])('is still read as %s if it is that', async (_, bytes, sourceFormat) => {
		const rawFormat = { sampleFormat: 's16le', sampleRate: 24_000, channels: 1 } as const;
		expect((await toVoiceNote(bytes, { rawFormat })).info.sourceFormat).toBe(sourceFormat);
		expect((await toVoiceNote(bytes, { mimeType: 'audio/basic' })).info.sourceFormat).toBe(sourceFormat);
	});

	it('is in the order of bytes in which it is sound, where the type does not tell', async () => {
		const samples = Buffer.from(wav16([speechLike(0.5, 24_000)], 24_000)).subarray(44);
		const littleEndian = await decodeFile(new Uint8Array(samples), { mimeType: 'audio/L16;rate=24000' });
		const bigEndian = new Uint8Array(Buffer.from(samples).swap16());
		for (const mimeType of ['audio/L16;rate=24000', 'audio/pcm;rate=24000', 'audio/L16;rate=24000;endian=big']) {
			expect((await decodeFile(bigEndian, { mimeType })).channels).toEqual(littleEndian.channels);
		}
		const rawFormat = { sampleFormat: 's16le', sampleRate: 24_000, channels: 1 } as const;
		expect((await decodeFile(bigEndian, { rawFormat })).channels).not.toEqual(littleEndian.channels);
		const noise = Uint8Array.from({ length: 48_000 }, (_, i) => (i * i * 7_919) >> 5);
		const asNoise = await decodeFile(noise, { mimeType: 'audio/L16;rate=24000' });
		expect(asNoise.channels[0][0]).toBe((((noise[1] << 24) >> 16) | noise[0]) / 32_768);
	});

	it.each([0x09, 0x0a, 0x0d, 0x20])('is raw PCM if it begins like a blank (%i) before a sync word', async (blank) => {
		const sound = Buffer.from(wav16([speechLike(0.5, 24_000)], 24_000)).subarray(44);
		for (const beginning of [
			[blank, 0, 0xff, 0xe3],
			[blank, 0, 0, 0, 0xff, 0xff],
			[blank, 0xff, 0xfb, 0x10],
		]) {
			const bytes = new Uint8Array(Buffer.concat([Buffer.from(beginning), sound]));
			const { info } = await toVoiceNote(bytes, { mimeType: 'audio/L16;rate=24000' });
			expect(info.sourceFormat).toBe('pcm');
			expect(info.durationSeconds).toBeCloseTo(0.5, 2);
		}
	});
});

describe('the remark on audio that ends early', () => {
	/** An information frame in front that counts 500 frames. */
	function mp3ThatSaysMore(): Uint8Array {
		// MPEG-1 layer III, 44.1 kHz, 64 kb/s, mono: 208 bytes.
		const frame = Buffer.alloc(208);
		frame.set([0xff, 0xfb, 0x50, 0xc4]);
		const information = Buffer.from(frame);
		information.write('Info', 21, 'latin1');
		information.writeUInt32BE(1, 25);
		information.writeUInt32BE(500, 29);
		return new Uint8Array(Buffer.concat([information, ...new Array<Buffer>(20).fill(frame)]));
	}

	it('is made for MP3 with fewer frames than it counts', async () => {
		const { hints } = await toVoiceNote(mp3ThatSaysMore());
		expect(hints).toEqual([
			sentenceOf({ kind: 'cutShort', seconds: (480 * 1_152) / 44_100 }),
			expect.stringContaining('silent'),
		]);
		expect((await toVoiceNote(MP3)).hints).toEqual([]);
	});

	it('is made for AAC that ends within a frame', async () => {
		expect((await toVoiceNote(AAC.subarray(0, AAC.length - 20))).hints).toEqual([sentenceOf({ kind: 'cutShort' })]);
		expect((await toVoiceNote(AAC)).hints).toEqual([]);
	});

	it('is not made for a WAV stream of unknown length, whatever number stands for that', async () => {
		const wav = wav16([speechLike(0.3, 16_000)], 16_000);
		for (const size of [0x7f000000, 0x7fffffff, 0x80000000, 0xffffffff]) {
			const stream = Buffer.from(wav);
			stream.writeUInt32LE(size, stream.indexOf('data') + 4);
			expect((await toVoiceNote(new Uint8Array(stream))).hints).toEqual([]);
		}
	});
});

it('hears all of AAC that changes on the way', async () => {
	const other = fixture('aac', 'noise32000.aac');
	const whole = await toVoiceNote(new Uint8Array(Buffer.concat([AAC, other])));
	const parts = [await toVoiceNote(AAC), await toVoiceNote(other)];
	const seconds = parts.reduce((sum, { info }) => sum + info.durationSeconds, 0);
	expect(whole.info.durationSeconds).toBeCloseTo(seconds, 3);
	expect(whole.hints).toEqual([]);
});

describe('a stream of a transport stream that its tables do not name', () => {
	const fixtureBytes = fixture('formats', 'aac.mpegts');
	/** The stream type of AAC in the program map, and its PID. */
	const ENTRY = Uint8Array.of(0x0f, 0xe1, 0x00, 0xf0);

	it.each([0x06, 0x80, 0xff, 0x03])('is found by what it holds: stream type %i', async (streamType) => {
		const bytes = new Uint8Array(fixtureBytes);
		const view = Buffer.from(bytes.buffer);
		for (let at = view.indexOf(ENTRY); at >= 0; at = view.indexOf(ENTRY, at)) bytes[at] = streamType;
		expect((await decodeFile(bytes)).channels).toEqual((await decodeFile(fixtureBytes)).channels);
	});

	it('is found without tables', async () => {
		const packets = Array.from({ length: fixtureBytes.length / 188 }, (_, i) =>
			fixtureBytes.subarray(188 * i, 188 * (i + 1)),
		);
		const audio = packets.filter((packet) => (((packet[1] & 0x1f) << 8) | packet[2]) === 0x100);
		expect(audio.length).toBeLessThan(packets.length);
		const { channels, hints } = await decodeFile(new Uint8Array(Buffer.concat(audio)));
		expect(hints).toEqual([]);
		expect(channels).toEqual((await decodeFile(fixtureBytes)).channels);
	});
});
