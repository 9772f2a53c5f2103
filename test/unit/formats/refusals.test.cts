/** What is not converted, and what is said about it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AudioRequest } from '../../../nodes/Sendblue/voiceNote/containers/track';
import type { PcmBlock } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
import type { AudioInput } from '../../../nodes/Sendblue/voiceNote/pipeline/reconcile';
import { Remarks } from '../../../nodes/Sendblue/voiceNote/pipeline/remarks';
import { hasSound } from '../../../nodes/Sendblue/voiceNote/pipeline/soundCheck';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { joinBytes, latin1 } from '../../support/bytes.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));

/** A fixture with every occurrence of a text replaced by another of the same length. */
function renamed(file: string, from: string, to: string): Uint8Array {
	const text = Buffer.from(fixture(file)).toString('latin1').replaceAll(from, to);
	return latin1(text);
}

const refusal = (bytes: Uint8Array, request: AudioRequest = {}) => voiceNoteErrorOf(() => toVoiceNote(bytes, request));
const padded = (start: string | number[]): Uint8Array => joinBytes(start, new Uint8Array(2_000).fill(0x81));

describe('what is no audio is named', () => {
	test.each([
		['a PNG image', padded([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])],
		['a JPEG image', padded([0xff, 0xd8, 0xff, 0xe0])],
		['a PDF document', padded('%PDF-1.7')],
		['an HTML page', latin1('<!DOCTYPE html><html><body>404</body></html>')],
		['JSON text', latin1('{"error": {"message": "quota exceeded"}}')],
		['an XML document', latin1('<?xml version="1.0"?><Error/>')],
		['a ZIP archive or an Office document', padded([0x50, 0x4b, 3, 4])],
		['a playlist, not the audio itself', latin1('#EXTM3U\n#EXT-X-VERSION:3\nsegment1.ts\n')],
		['Base64 text, not the file itself', latin1('SUQzBAAAAAAAI1RTU0UAAAAPAAADTGF2ZjU4'.repeat(10))],
		['the file in hexadecimal digits, as text', latin1('49443304000000000023545353450000'.repeat(10))],
		['the file in hexadecimal digits, as text', latin1(`0x${'FFFB90C4 '.repeat(40)}\n`)],
		[
			'a form (multipart) with the file in it',
			joinBytes('--a1b2\r\nContent-Disposition: form-data; name="file"\r\n\r\n', padded('RIFF')),
		],
		['plain text', latin1('Sorry, there is no audio here.')],
	])('%s', async (what, bytes) => {
		const { code, message, hint } = await refusal(bytes);
		expect(code).toBe('notAudio');
		expect(message).toContain(`This is ${what}${what.includes(', ') ? '' : ', not audio that can be read'}`);
		expect(hint).toContain('MP3, M4A, WAV');
	});

	test.each([
		['{"error": {"message": "quota exceeded"}}', ': {"error": {"message": "quota exceeded"}}'],
		[
			'<?xml version="1.0"?>\n<Error>\n <Code>AccessDenied</Code></Error>',
			': <Error> <Code>AccessDenied</Code></Error>',
		],
		[
			'Sorry, there is no audio here, whatever was asked for. Try again later.',
			': Sorry, there is no audio here, whatever was asked for. Try a…',
		],
		['<!DOCTYPE html><html><body>404</body></html>', ''],
		['SUQzBAAAAAAAI1RTU0UAAAAPAAADTGF2ZjU4'.repeat(10), ''],
	])('of what came in place of audio, only a message is repeated: %j', async (text, said) => {
		const { message } = await refusal(latin1(text));
		expect(message.replace(/^This is [\w :]+, not (audio that can be read|the file itself)/, '')).toBe(said);
	});

	test('nothing at all', async () => {
		expect((await refusal(new Uint8Array(0))).message).toBe('The file is empty');
	});

	test('a HEIC image, which has the structure of MP4', async () => {
		const bytes = joinBytes(
			[0, 0, 0, 24],
			'ftypheic',
			[0, 0, 0, 0],
			'mif1heic',
			[0, 0, 1, 0],
			'mdat',
			new Uint8Array(248),
		);
		expect((await refusal(bytes)).message).toBe('This is a HEIC image, not audio');
	});

	test('an error page is not taken for raw PCM, whatever the mime type says', async () => {
		const { message } = await refusal(latin1('{"detail": "bad key"}'), { mimeType: 'audio/L16;rate=24000' });
		expect(message).toContain('JSON text');
	});
});

describe('audio that is not read is named', () => {
	test.each([
		['windows.wma', 'This is Windows Media (WMA) audio, which is not supported'],
		['dolby.mp4', 'The MP4 file holds AC-3 (Dolby Digital) audio, which is not supported'],
		['speex.ogg', 'The Ogg file holds Speex audio, which is not supported'],
	])('%s', async (file, message) => {
		const error = await refusal(fixture(file));
		expect(error).toMatchObject({ code: 'unsupported', message });
		expect(error.hint).toContain('Export it as');
	});

	test.each([
		['AC-3 (Dolby Digital)', [0x0b, 0x77, 0, 0, 0x14, 0x40]],
		['E-AC-3 (Dolby Digital Plus)', [0x0b, 0x77, 0, 0, 0x34, 0x80]],
		['DTS', [0x7f, 0xfe, 0x80, 0x01]],
	])('%s without a container', async (name, start) => {
		expect(await refusal(padded(start))).toMatchObject({
			code: 'unsupported',
			message: `This is ${name} audio, which is not supported`,
		});
	});

	test.each([
		['ec-3', 'E-AC-3 (Dolby Digital Plus)'],
		['dtsc', 'DTS'],
		['QDM2', 'QDesign Music 2'],
		['xyzw', '"xyzw"'],
	])('%s in MP4', async (fourCC, name) => {
		const error = await refusal(renamed('aac.m4a', 'mp4a', fourCC));
		expect(error.message).toBe(`The MP4 file holds ${name} audio, which is not supported`);
	});

	/** The stream type 15 (ADTS) of the program map, with what follows it, replaced. */
	const transportStreamOf = (streamType: number, descriptor: Uint8Array = new Uint8Array(0)): Uint8Array => {
		const bytes = fixture('aac.mpegts');
		const map = Buffer.from(bytes).indexOf(Uint8Array.of(0x0f, 0xe1, 0x00, 0xf0));
		// The section's length stands ten bytes before.
		bytes[map - 10] += descriptor.length;
		bytes.set([streamType, 0xe1, 0x00, 0xf0, descriptor.length, ...descriptor], map);
		return bytes;
	};

	test.each([
		['AAC in LATM', transportStreamOf(0x11)],
		['Opus', transportStreamOf(0x06, joinBytes([0x05, 4], 'Opus'))],
	])('%s in a transport stream', async (name, bytes) => {
		const { code, message, hint, kind } = await refusal(bytes);
		expect({ code, message }).toEqual({
			code: 'unsupported',
			message: `The MPEG transport stream holds ${name} audio, which is not supported`,
		});
		expect({ hint, kind }).toEqual({ hint: 'Export it as MP3, M4A, WAV or Ogg.', kind: 'ffmpegReads' });
	});

	test('xHE-AAC, which calls itself AAC', async () => {
		// The AudioSpecificConfig's object type 2 (five bits) becomes the escape to 42.
		const bytes = fixture('aac.m4a');
		const config = Buffer.from(bytes).indexOf(Buffer.from([0x05, 0x80, 0x80, 0x80, 0x05])) + 5;
		bytes.set([0xf9, 0x48], config);
		expect((await refusal(bytes)).message).toContain('xHE-AAC (USAC)');
	});
});

describe('encrypted audio', () => {
	test.each([
		['Common Encryption', 'enca'],
		['FairPlay', 'drms'],
	])('by %s', async (_, fourCC) => {
		const error = await refusal(renamed('aac.m4a', 'mp4a', fourCC));
		expect(error).toMatchObject({ code: 'unsupported', message: 'The MP4 file is encrypted (copy-protected)' });
	});
});

describe('tracks', () => {
	test.each([
		['videoonly.mp4', 'This is an MP4 with a video track only'],
		['videoonly.mkv', 'This is a Matroska file with a video track only'],
	])('%s', async (file, message) => {
		expect(await refusal(fixture(file))).toMatchObject({ code: 'notAudio', message });
	});

	test('another audio track than the first, by option', async () => {
		const bytes = fixture('twotracks.mp4');
		const [first, second] = [await decodeFile(bytes), await decodeFile(bytes, { audioTrack: 2 })];
		// Zero crossings tell the two signals apart: 250 to 750 Hz, and 400 to 700 Hz.
		const crossings = (samples: Float32Array): number =>
			samples.slice(0, 1_600).reduce((count, sample, i, all) => count + (i > 0 && sample * all[i - 1] < 0 ? 1 : 0), 0);
		expect(crossings(second.channels[0])).toBeGreaterThan(1.1 * crossings(first.channels[0]));
		expect((await decodeFile(bytes, { audioTrack: 1 })).channels).toEqual(first.channels);
	});

	test('the remark on the other one says how long it is', async () => {
		const { hints } = await decodeFile(fixture('twotracks.mp4'));
		expect(hints).toEqual([expect.stringMatching(/another audio track, number 2 \(about 0\.\d+ seconds\)/)]);
	});

	testWithTools(['ffmpeg'], 'where the first is silent the other one is converted', async () => {
		await withDirectory(async (directory) => {
			const inputs = '-f lavfi -i anullsrc=r=24000:cl=mono -f lavfi -i sine=500:r=24000 -map 0 -map 1 -t 2'.split(' ');
			for (const file of ['silent.m4a', 'silent.mkv', 'silent.mka', 'silent.ts']) {
				const path = join(directory, file);
				run('ffmpeg', ['-v', 'error', '-y', ...inputs, '-c:a', file.endsWith('mka') ? 'libopus' : 'aac', path]);
				const bytes = new Uint8Array(readFileSync(path));
				const { channels, hints } = await decodeFile(bytes);
				expect(channels[0].some((sample) => Math.abs(sample) > 0.05)).toBe(true);
				expect(hints).toEqual([expect.stringMatching(/first audio track is silent .* number 2 was converted/)]);
				const chosen = await toVoiceNote(bytes, { audioTrack: 1 });
				expect(chosen.hints).toEqual(['The audio is silent from beginning to end.']);
			}
		});
	});

	testWithTools(['ffmpeg'], 'the first sounds if only the mean of its channels is silent', async () => {
		await withDirectory(async (directory) => {
			const first = ['-f', 'lavfi', '-i', 'aevalsrc=0.2*sin(3000*t)|-0.2*sin(3000*t):s=24000:d=2'];
			const inputs = [...first, '-f', 'lavfi', '-i', 'sine=500:r=24000:d=2', '-map', '0', '-map', '1'];
			for (const codec of ['flac', 'aac', 'alac', 'libopus']) {
				const path = join(directory, 'opposite.mka');
				run('ffmpeg', ['-v', 'error', '-y', ...inputs, '-c:a', codec, path]);
				const note = await toVoiceNote(new Uint8Array(readFileSync(path)));
				expect(note.hints).toEqual([expect.stringMatching(/another audio track, number 2/)]);
				const { channels } = await decodeFile(note.bytes);
				const power = channels[0].reduce((sum, sample) => sum + sample ** 2, 0) / channels[0].length;
				// Half of the square of 0.2.
				expect(power).toBeGreaterThan(0.018);
				expect(power).toBeLessThan(0.022);
			}
		});
	});

	testWithTools(['ffmpeg'], 'in a transport stream the first that is read is taken, the others are told', async () => {
		await withDirectory(async (directory) => {
			const path = join(directory, 'three.ts');
			const tones = [300, 500, 700].flatMap((hertz) => ['-f', 'lavfi', '-i', `sine=${hertz}:r=24000:d=2`]);
			const codecs = '-map 0 -map 1 -map 2 -c:a:0 ac3 -c:a:1 aac -c:a:2 aac'.split(' ');
			run('ffmpeg', ['-v', 'error', '-y', ...tones, ...codecs, path]);
			const { sourceFormat, hints } = await decodeFile(new Uint8Array(readFileSync(path)));
			expect(sourceFormat).toBe('ts/aac');
			expect(hints).toEqual([
				expect.stringMatching(/track 1 holds AC-3/),
				expect.stringMatching(/another audio track, number 3 \(about 2\.\d seconds\)/),
			]);
		});
	});

	testWithTools(['ffmpeg'], 'one that is not read stays told if the next one is silent', async () => {
		await withDirectory(async (directory) => {
			const path = join(directory, 'three.ts');
			const inputs = ['sine=300', 'anullsrc=r=24000:cl=mono', 'sine=700'].flatMap((source) => [
				'-f',
				'lavfi',
				'-i',
				source,
			]);
			const codecs = '-map 0 -map 1 -map 2 -c:a:0 ac3 -c:a:1 aac -c:a:2 aac -t 2'.split(' ');
			run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codecs, path]);
			const { hints } = await decodeFile(new Uint8Array(readFileSync(path)));
			expect(hints).toEqual([
				'Audio track 1 holds AC-3 (Dolby Digital) audio, which is not supported.',
				expect.stringMatching(/^The first audio track that can be read is silent .* so number 3 was converted/),
			]);
		});
	});

	testWithTools(['ffmpeg'], 'one that is far too long is not searched for sound', async () => {
		await withDirectory(async (directory) => {
			const path = join(directory, 'long.mka');
			const inputs = '-f lavfi -i anullsrc=r=8000:cl=mono:d=14500 -f lavfi -i sine=500:r=8000:d=1'.split(' ');
			const codecs = '-map 0 -map 1 -c:a flac -frame_size 16000'.split(' ');
			run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...codecs, path]);
			const bytes = new Uint8Array(readFileSync(path));
			expect(await refusal(bytes)).toMatchObject({ code: 'limit' });
			const cut = await toVoiceNote(bytes, { maximumDuration: { seconds: 1, onExceed: 'cut' } });
			expect(cut.info.durationSeconds).toBeCloseTo(1, 1);
		});
	});

	test('the search for sound has an end', async () => {
		const second = [new Float32Array(8_000)];
		let decoded = 0;
		async function* silence(): AsyncGenerator<PcmBlock> {
			for (; decoded < 2_000; decoded++) yield second;
		}
		const source = { sampleRate: 8_000, channels: 1, blocks: silence };
		const audio: AudioInput = { sourceFormat: 'wav', remarks: new Remarks([]), channels: 1, decode: () => source };
		expect(await hasSound(audio, new WorkSlices(), { seconds: 600 })).toBe(true);
		expect(decoded).toBeLessThan(610);
	});

	test.each([3, 0, 1.5, -1])('there is no track %p', async (audioTrack) => {
		const error = await refusal(fixture('twotracks.mp4'), { audioTrack });
		expect(error.code).toBe('badOption');
		expect(error.message).toBe(`There is no audio track ${audioTrack}: this is an MP4 with 2 audio tracks`);
	});
});

describe('a file that is cut short', () => {
	test.each([
		'fragmented.mp4',
		'flac.flac',
		'opus.webm',
		'aac.mkv',
		'video.mkv',
		'amr.amr',
		'pcm.caf',
		'pcm.aiff',
		'mulaw.wav',
	])('%s gives what is there, and a hint', async (file) => {
		const whole = fixture(file);
		const complete = await toVoiceNote(whole);
		const { info, hints } = await toVoiceNote(whole.subarray(0, Math.floor(whole.length * 0.8) - 3));
		// How much is missing is said where the file tells.
		const remark = /^The audio ends (\d.* seconds? )?early: the file is cut short\./;
		expect(hints).toEqual([expect.stringMatching(remark)]);
		expect(info.durationSeconds).toBeGreaterThan(0.05);
		expect(info.durationSeconds).toBeLessThan(complete.info.durationSeconds);
	});

	test('an MP4 whose index was at the end says so', async () => {
		const error = await refusal(fixture('aac.m4a').subarray(0, 2_000));
		expect(error.code).toBe('corrupt');
		expect(error.message).toContain('cut short, and its index, which is at the end, is missing');
	});
});

describe('raw PCM', () => {
	const samples = Uint8Array.from({ length: 9_600 }, (_, i) =>
		i % 2 === 0 ? 0 : Math.round(40 * Math.sin(i / 20)) & 0xff,
	);

	test('is read by the format that the caller gives', async () => {
		const rawFormat = { sampleFormat: 's16le' as const, sampleRate: 24_000, channels: 1 };
		const { info } = await toVoiceNote(samples, { rawFormat });
		expect(info).toMatchObject({ sourceFormat: 'pcm', method: 'encoded', durationSeconds: 0.2 });
	});

	test('is read by its mime type', async () => {
		const { info } = await toVoiceNote(samples, { mimeType: 'audio/L16;codec=pcm;rate=16000' });
		expect(info.durationSeconds).toBeCloseTo(0.3, 6);
	});

	test('the format goes before the mime type', async () => {
		const rawFormat = { sampleFormat: 's16le' as const, sampleRate: 48_000, channels: 1 };
		const { info } = await toVoiceNote(samples, { rawFormat, mimeType: 'audio/L16;rate=16000' });
		expect(info.durationSeconds).toBeCloseTo(0.1, 6);
	});

	test('a file with a header is read by that', async () => {
		const { info } = await toVoiceNote(fixture('mulaw.wav'), { mimeType: 'audio/L16;rate=24000' });
		expect(info).toMatchObject({ sourceFormat: 'wav', durationSeconds: 0.5 });
	});

	test('without either it is no audio, and the hint says what is missing', async () => {
		const { code, hint } = await refusal(samples);
		expect(code).toBe('notAudio');
		expect(hint).toContain('Raw PCM, which has no header, needs its format as an option');
	});
});
