/** Files of which nothing, or next to nothing, is heard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import type { VoiceNoteOptions } from '../../../nodes/Sendblue/voiceNote/types';
import { joinBytes } from '../../support/bytes.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { formatChunk, riff } from '../../support/pcm/riffFile.cts';

const RATE = 24_000;
const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));

/** A WAV file of 16 bits. */
function wav(frames: number, sampleAt: (index: number) => number): Uint8Array {
	const contents = new Uint8Array(Int16Array.from({ length: frames }, (_, i) => sampleAt(i)).buffer);
	return riff([formatChunk({ tag: 1, bits: 16, sampleRate: RATE }), { id: 'data', contents }]);
}
const tone = (index: number): number => 8_000 * Math.sin(index / 7);
const refusal = (bytes: Uint8Array, options: VoiceNoteOptions = {}) =>
	voiceNoteErrorOf(() => toVoiceNote(bytes, options));
const SILENT = 'The audio is silent from beginning to end.';

describe('shorter than a tenth of a second', () => {
	const everyWay: VoiceNoteOptions[] = [
		{},
		{ leadingSilenceMs: 150 },
		{ trimSilence: true },
		{ normaliseLoudness: true },
	];

	test.each([0, 1, 2_399])('%i samples are refused, whatever an option would add', async (frames) => {
		for (const options of everyWay) {
			const error = await refusal(wav(frames, tone), options);
			expect(error).toMatchObject({ code: 'notAudio', message: expect.stringMatching(/too short|no sound/) });
			expect(error.hint).not.toBe('');
		}
	});

	test('a tenth of a second is sent', async () => {
		expect((await toVoiceNote(wav(2_400, tone))).info.durationSeconds).toBeCloseTo(0.1, 3);
	});

	test('a longest duration below it may cut audio to less', async () => {
		const { info } = await toVoiceNote(wav(RATE, tone), { maximumDuration: { seconds: 0.06, onExceed: 'cut' } });
		expect(info.durationSeconds).toBeCloseTo(0.06, 3);
	});

	test('raw PCM of a few bytes', async () => {
		const error = await refusal(Uint8Array.of(200, 3, 0, 255, 7, 0, 9, 128, 1, 1, 2, 250, 4), {
			mimeType: 'audio/L16;rate=24000',
		});
		expect(error.message).toContain('too short');
	});
});

describe('silent from end to end', () => {
	test.each<[string, (index: number) => number, string[]]>([
		['zeros', () => 0, [SILENT]],
		['the noise of a converter', (i) => (i % 3) - 1, [SILENT]],
		['a tone of -80 dBFS', (i) => 3.3 * Math.sin(i / 7), [SILENT]],
		['a tone of -70 dBFS', (i) => 10.4 * Math.sin(i / 7), []],
		['one click in the middle', (i) => (i === 12_000 ? 9_000 : 0), []],
	])('%s', async (_, sampleAt, hints) => {
		const note = await toVoiceNote(wav(RATE, sampleAt));
		expect(note.hints).toEqual(hints);
		expect(note.info.durationSeconds).toBe(1);
		expect(note.info.remarks ?? []).toEqual(hints);
	});

	test('also if the packets are moved as they are', async () => {
		const silent = await toVoiceNote(wav(RATE, () => 0));
		expect((await toVoiceNote(silent.bytes)).hints).toEqual([SILENT]);
		const loud = await toVoiceNote(wav(RATE, tone));
		expect((await toVoiceNote(loud.bytes)).hints).toEqual([]);
	});
});

describe('stereo whose channels cancel each other out', () => {
	const FRAMES = RATE;
	const stereo = (leftAt: (index: number) => number, rightAt: (index: number) => number): Uint8Array => {
		const samples = Int16Array.from({ length: 2 * FRAMES }, (_, i) => (i % 2 ? rightAt : leftAt)(i >> 1));
		const format = formatChunk({ tag: 1, bits: 16, channels: 2, sampleRate: RATE });
		return riff([format, { id: 'data', contents: new Uint8Array(samples.buffer) }]);
	};
	const opposite = stereo(tone, (index) => -tone(index));
	const powerOf = async (file: Uint8Array, options: VoiceNoteOptions = {}): Promise<number> => {
		const note = await toVoiceNote(file, options);
		expect(note.hints).toEqual([]);
		expect(note.info.durationSeconds).toBeCloseTo(1, 2);
		const { channels } = await decodeFile(note.bytes);
		return channels[0].reduce((sum, sample) => sum + sample ** 2, 0);
	};

	test.each<[string, VoiceNoteOptions]>([
		['as they are', {}],
		['with the loudness evened out', { normaliseLoudness: true }],
		['trimmed', { trimSilence: true }],
	])('is heard like the same in both channels, %s', async (_, options) => {
		const same = await powerOf(stereo(tone, tone), options);
		expect(await powerOf(opposite, options)).toBeCloseTo(same, -2);
		// The two wires of a cable are never quite equal.
		const nearly = stereo(tone, (index) => -0.97 * tone(index));
		expect((await powerOf(nearly, options)) / same).toBeGreaterThan(0.9);
	});

	test('is not what a single channel, or quiet ones, do', async () => {
		expect(await powerOf(stereo(tone, () => 0))).toBeCloseTo((await powerOf(stereo(tone, tone))) / 4, -1);
		const noise = (seed: number) => (index: number) => ((index * (index + seed) * 7_919) % 61) - 30;
		const quiet = await toVoiceNote(stereo(noise(1), noise(5)));
		expect(quiet.hints).toEqual([]);
	});
});

describe('cut off before the sound', () => {
	const picture = new Uint8Array(3_000).fill(0x5a);
	const id3 = joinBytes('ID3', [4, 0, 0, 0, 0, 0x7f, 0x7f], picture);
	const flac = fixture('flac.flac');
	// STREAMINFO is not the last block any more, and a picture of 60,000 bytes follows.
	const flacPicture = joinBytes(flac.subarray(0, 4), [0], flac.subarray(5, 42), [0x86, 0, 0xea, 0x60], picture);
	const mulaw = fixture('mulaw.wav');

	test.each<[string, Uint8Array]>([
		['inside an ID3 tag', id3],
		['right behind an ID3 tag', joinBytes('ID3', [4, 0, 0, 0, 0, 0x17, 0x38], picture)],
		['behind a tag, in the first frame', joinBytes('ID3', [4, 0, 0, 0, 0, 0x17, 0x38], picture, [0xff, 0xfb])],
		['inside a picture of FLAC', flacPicture],
		['behind the header of FLAC', flac.subarray(0, 42)],
		['behind the header of WAV', mulaw.subarray(0, Buffer.from(mulaw).indexOf('data') + 8)],
		['behind the first box of MP4', fixture('aac.m4a').subarray(0, 32)],
		['behind the headers of Ogg', fixture('opus20.opus').subarray(0, 100)],
		['behind the magic of AMR', fixture('amr.amr').subarray(0, 6)],
	])('%s', async (_, bytes) => {
		const error = await refusal(bytes);
		expect(['corrupt', 'notAudio']).toContain(error.code);
		expect(error.message).not.toMatch(/any known format|duration is zero/);
		expect(error.message).toMatch(/cut off|no sound|no audio data|missing|incomplete/);
		expect(error.hint).not.toBe('');
	});
});

describe('AMR', () => {
	const amr = fixture('amr.amr');
	const wide = fixture('amrwb.amr');

	test.each([
		['CR LF', '#!AMR\r\n', amr.subarray(6)],
		['CR', '#!AMR\r', amr.subarray(6)],
		['CR LF, wideband', '#!AMR-WB\r\n', wide.subarray(9)],
		['none', '#!AMR', amr.subarray(6)],
	])('a changed line end (%s) is said', async (_, magic, frames) => {
		const error = await refusal(joinBytes(magic, frames));
		expect(error).toMatchObject({ code: 'corrupt', message: expect.stringContaining('text') });
	});

	test('padding bits that are set do no harm', async () => {
		const padded = amr.slice();
		const sizes = [13, 14, 16, 18, 20, 21, 27, 32, 6];
		for (let at = 6; at < padded.length; at += sizes[(padded[at] >> 3) & 15]) padded[at] |= 0x83;
		const [plain, note] = [await toVoiceNote(amr), await toVoiceNote(padded)];
		expect(note.info.durationSeconds).toBe(plain.info.durationSeconds);
		expect(note.hints).toEqual([]);
	});

	test('files one behind the other are heard as one', async () => {
		const [one, two] = [await toVoiceNote(amr), await toVoiceNote(joinBytes(amr, amr))];
		expect(two.hints).toEqual([]);
		expect(two.info.durationSeconds).toBeCloseTo(2 * one.info.durationSeconds, 6);
	});

	test('bytes that are no frames are left out, with a remark', async () => {
		const middle = 6 + 32 * 4;
		const junk = Uint8Array.from({ length: 400 }, (_, i) => 0x4c ^ ((i * i * 31) & 0x13));
		const original = await toVoiceNote(amr);
		const note = await toVoiceNote(joinBytes(amr.subarray(0, middle), junk, amr.subarray(middle)));
		expect(note.hints).toHaveLength(1);
		expect(note.info.durationSeconds).toBeGreaterThan(original.info.durationSeconds - 0.2);
		expect(note.info.durationSeconds).toBeLessThan(original.info.durationSeconds + 0.2);
	});

	test('a file that is hardly AMR is refused instead of becoming noise', async () => {
		const noise = Uint8Array.from({ length: 6_000 }, (_, i) => 0xc8 + 0x10 * (i % 3));
		expect((await refusal(joinBytes('#!AMR\n', noise))).code).toBe('corrupt');
	});
});

describe('names', () => {
	const body = Uint8Array.from({ length: 3_000 }, (_, i) => (i * i * 7 + (i >> 3)) & 0xff);
	test.each<[string, Uint8Array]>([
		["Monkey's Audio", joinBytes('MAC ', body)],
		['TTA', joinBytes('TTA1', body)],
		['TAK', joinBytes('tBaK', body)],
		['AC-4', joinBytes([0xac, 0x40], body)],
		['WavPack', joinBytes('wvpk', body)],
		['FLV', joinBytes('FLV\x01', body)],
		['AVI', joinBytes('RIFF\0\0\0\0AVI LIST', body)],
		['Shorten', joinBytes('ajkg', body)],
		['OptimFROG', joinBytes('OFR ', body)],
		['module (XM)', joinBytes('Extended Module: song', body)],
		['module (IT)', joinBytes('IMPM', body)],
		['module (S3M)', joinBytes(new Uint8Array(44), 'SCRM', body)],
		['module (MOD)', joinBytes('song', new Uint8Array(1_076).fill(1), 'M.K.', body)],
		['DSS', joinBytes('\x02dss', body)],
		['Creative Voice', joinBytes('Creative Voice File\x1a', body)],
	])('%s', async (name, bytes) => {
		const error = await refusal(bytes);
		expect(error.message).toContain(name);
		expect(error.hint).not.toBe('');
	});
});
