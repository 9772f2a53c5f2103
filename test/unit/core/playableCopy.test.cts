/** The MP3 copy of a voice note: of the same samples, whatever way the note came about. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fromVoiceNote, toVoiceNote, toVoiceNotes } from '../../../nodes/Sendblue/voiceNote';
import type { VoiceNote, VoiceNoteOptions } from '../../../nodes/Sendblue/voiceNote';
import { decodeVoiceNote } from '../../support/core/decodeVoiceNote.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import {
	compareAudio,
	concat,
	findLag,
	fromFloat32Le,
	overlap,
	rms,
	silence,
	speechLike,
	stoi,
	wav16,
} from '../../support/quality/index.cts';

jest.setTimeout(120_000);

const RATE = 24_000;
const speech = speechLike(3, RATE, 51);
const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(__dirname, '../../fixtures', name)));

async function heardOf(note: VoiceNote) {
	const { playableCopy } = note;
	if (!playableCopy) throw new Error('There is no copy');
	expect(playableCopy.info).toEqual({
		method: 'encoded',
		sourceFormat: note.info.sourceFormat,
		bytes: playableCopy.bytes.length,
		format: 'mp3',
		durationSeconds: note.info.durationSeconds,
		sampleRate: RATE,
		channels: 1,
		...(note.info.remarks ? { remarks: note.info.remarks } : {}),
	});
	const copy = await decodeFile(playableCopy.bytes);
	expect(copy).toMatchObject({ sourceFormat: 'mp3', sampleRate: RATE, hints: [] });
	return { note: await decodeVoiceNote(note.bytes), copy: copy.channels[0] };
}

test('there is none unless it is asked for', async () => {
	expect(await toVoiceNote(wav16([speech], RATE))).not.toHaveProperty('playableCopy');
});

test('the note is the same with and without it', async () => {
	const source = wav16([speech], RATE);
	const [plain, copied] = [await toVoiceNote(source), await toVoiceNote(source, { playableCopy: true })];
	expect(Buffer.from(copied.bytes).equals(plain.bytes)).toBe(true);
});

test.each<[string, VoiceNoteOptions]>([
	['nothing else', {}],
	['silence trimmed', { trimSilence: true }],
	['loudness set', { normaliseLoudness: true }],
	['silence in front', { leadingSilenceMs: 250 }],
	['a cut', { maximumDuration: { seconds: 2.3456, onExceed: 'cut' } }],
	['all at once', { trimSilence: true, normaliseLoudness: true, maximumDuration: { seconds: 2, onExceed: 'cut' } }],
])('copy and note agree with %s', async (_, options) => {
	const source = wav16(
		[
			concat(
				silence(1, RATE),
				speech.map((sample) => sample / 4),
				silence(0.5, RATE),
			),
		],
		RATE,
	);
	const { note, copy } = await heardOf(await toVoiceNote(source, { ...options, playableCopy: true }));
	expect(copy).toHaveLength(note.length);
	const lag = findLag(note, copy, RATE);
	expect(Math.abs(lag)).toBeLessThanOrEqual(8);
	expect(20 * Math.log10(rms(copy) / rms(note))).toBeCloseTo(0, 0);
});

test('each part of a split recording has its own', async () => {
	const notes = await toVoiceNotes(wav16([speech], RATE), {
		playableCopy: true,
		maximumDuration: { seconds: 1.1, onExceed: 'split' },
	});
	expect(notes.length).toBe(3);
	const parts = await Promise.all(notes.map(heardOf));
	for (const { note, copy } of parts) expect(copy).toHaveLength(note.length);
	const whole = concat(...parts.map(({ copy }) => copy));
	expect(whole).toHaveLength(speech.length);
	expect(compareAudio(speech, whole, RATE).stoi).toBeGreaterThan(0.98);
});

test.each(['remuxed', 'untouched'])('an Opus note that is %s is decoded for it', async (method) => {
	const { packets } = await opusAudio([speech]);
	const ogg = oggOpusFile(packets);
	const source = method === 'remuxed' ? ogg : (await toVoiceNote(ogg)).bytes;
	const result = await toVoiceNote(source, { playableCopy: true });
	expect(result.info.method).toBe(method);
	const { note, copy } = await heardOf(result);
	expect(copy).toHaveLength(note.length);
	expect(compareAudio(note, copy, RATE)).toMatchObject({ lagSamples: 0, inverted: false });
	expect(compareAudio(note, copy, RATE).stoi).toBeGreaterThan(0.98);
});

test('a remark on the audio is one on the copy too', async () => {
	const cut = wav16([speech], RATE).subarray(0, 60_000);
	const { playableCopy } = await toVoiceNote(cut, { playableCopy: true });
	expect(playableCopy?.info.remarks).toEqual([expect.stringContaining('cut short')]);
});

describe('a file for other software', () => {
	test('MP3 of a voice note', async () => {
		const { bytes } = await toVoiceNote(wav16([speech], RATE));
		const { info, bytes: mp3, hints } = await fromVoiceNote(bytes, { format: 'mp3' });
		expect({ info, hints }).toEqual({
			info: {
				method: 'encoded',
				sourceFormat: 'caf/opus',
				format: 'mp3',
				bytes: mp3.length,
				durationSeconds: 3,
				sampleRate: RATE,
				channels: 1,
			},
			hints: [],
		});
		expect((await decodeFile(mp3)).channels[0]).toHaveLength(speech.length);
	});

	test.each<[string, string, string]>([
		['apple/voiceNote.caf', 'ogg', 'remuxed'],
		['formats/opus60.opus', 'ogg', 'remuxed'],
		['formats/opus.mp4', 'ogg', 'remuxed'],
		['formats/opusstereo.opus', 'ogg', 'remuxed'],
		['formats/opus51.opus', 'mp3', 'encoded'],
		['formats/aac.m4a', 'mp3', 'encoded'],
		['formats/amr.amr', 'mp3', 'encoded'],
		['formats/vorbis.ogg', 'mp3', 'encoded'],
		['formats/pcm.caf', 'mp3', 'encoded'],
		['formats/mp3.mpegts', 'mp3', 'encoded'],
	])('automatic: %s becomes %s, %s', async (name, format, method) => {
		const source = fixture(name);
		const { info, bytes } = await fromVoiceNote(source, { format: 'automatic' });
		expect(info).toMatchObject({ format, method });
		const decoded = await decodeFile(bytes);
		expect(decoded.channels[0].length / decoded.sampleRate).toBeCloseTo(info.durationSeconds, 6);
	});

	test('automatic: an MP3 stays as it is', async () => {
		const source = fixture('mp3/stereoVbr.mp3');
		const { info, bytes } = await fromVoiceNote(source, { format: 'automatic' });
		expect(info).toEqual({
			method: 'untouched',
			sourceFormat: 'mp3',
			format: 'mp3',
			bytes: source.length,
			durationSeconds: 1,
			sampleRate: 44_100,
			channels: 2,
		});
		expect(Buffer.from(bytes).equals(source)).toBe(true);
	});

	test.each(['mp3', 'automatic'] as const)('%s of nothing is refused', async (format) => {
		const error = await voiceNoteErrorOf(() => fromVoiceNote(wav16([new Float32Array(0)], RATE), { format }));
		expect(error).toMatchObject({ code: 'notAudio', message: expect.stringContaining('no sound') });
	});
});

/** File name, and ffmpeg's options that make it of a WAV. */
const SOURCES: Array<[string, string[]]> = [
	['pcm.wav', []],
	['flac.flac', []],
	['alac.m4a', ['-c:a', 'alac']],
	['float.aiff', ['-c:a', 'pcm_f32be']],
	['mp3.mp3', ['-c:a', 'libmp3lame', '-b:a', '128k']],
	['aac.m4a', ['-c:a', 'aac', '-b:a', '128k']],
	['vorbis.ogg', ['-c:a', 'libvorbis', '-q:a', '5']],
	['stereo.opus', ['-c:a', 'libopus', '-b:a', '96k']],
	['mono.opus', ['-ac', '1', '-c:a', 'libopus', '-b:a', '48k', '-frame_duration', '20']],
	['mulaw.au', ['-ar', '8000', '-ac', '1', '-c:a', 'pcm_mulaw']],
];
const TEXT = 'Hello Ada, this is a short note about your order.';

testWithTools(
	['ffmpeg', 'espeak-ng', 'mpg123'],
	'of every codec: note and copy are as long as the source and sound like it',
	async () => {
		await withDirectory(async (directory) => {
			const path = (name: string) => join(directory, name);
			const pcmOf = (name: string) =>
				fromFloat32Le(
					run('ffmpeg', ['-v', 'error', '-i', path(name), '-ac', '1', '-ar', String(RATE), '-f', 'f32le', '-']),
				);
			run('espeak-ng', ['-v', 'en-us+f2', '-w', path('voice.wav'), TEXT]);
			run('ffmpeg', ['-v', 'error', '-i', path('voice.wav'), '-ar', '48000', '-ac', '2', path('master.wav')]);
			// ffmpeg does not cut the padding of every codec off; ours is.
			const { length } = pcmOf('master.wav');
			const rows: string[] = [];
			const faults: string[] = [];
			for (const [name, options] of SOURCES) {
				run('ffmpeg', ['-v', 'error', '-i', path('master.wav'), ...options, path(name)]);
				const source = pcmOf(name);
				const { bytes, playableCopy } = await toVoiceNote(readFileSync(path(name)), { playableCopy: true });
				writeFileSync(path('copy.mp3'), playableCopy?.bytes ?? '');
				const copy = pcmOf('copy.mp3');
				const byMpg123 = fromFloat32Le(run('mpg123', ['-q', '-s', '-e', 'f32', path('copy.mp3')]));
				const note = await decodeVoiceNote(bytes);
				const { reference, decoded } = overlap(source, copy, findLag(source, copy, RATE));
				const off = [note, copy, byMpg123].map((samples) => Math.abs(samples.length - length) / RATE);
				const like = stoi(reference, decoded, RATE);
				rows.push(`${name} ${off.map((seconds) => seconds.toFixed(4)).join(' ')} s, STOI ${like.toFixed(3)}`);
				if (Math.max(...off) > 0.005 || like < 0.98) faults.push(rows[rows.length - 1]);
			}
			expect({ rows: rows.length, faults }).toEqual({ rows: SOURCES.length, faults: [] });
		});
	},
);
