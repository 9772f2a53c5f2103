/** The optional engine: when it is used, what of, and with the real fluent-ffmpeg, ffmpeg-static and ffmpeg. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFfmpeg } from '../../../nodes/Sendblue/n8n/ffmpegEngine';
import type { FfmpegOutcome, RunFfmpeg } from '../../../nodes/Sendblue/voiceNote/types';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { decodeVoiceNote } from '../../support/core/decodeVoiceNote.cts';
import { latin1, withBytes } from '../../support/bytes.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { fixtureSignal } from '../../support/formats/fixtureSignal.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { compareAudio } from '../../support/quality/index.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));

/** FFmpeg that does nothing but give an outcome, and what it was called with. */
function fakeFfmpeg(outcome: FfmpegOutcome): { run: RunFfmpeg; calls: string[][] } {
	const calls: string[][] = [];
	const fake: RunFfmpeg = async (_, options) => {
		calls.push([...options]);
		return await Promise.resolve(outcome);
	};
	return { run: fake, calls };
}

const opus = (): FfmpegOutcome => ({ bytes: fixture('opus20.opus') });

describe('which engine is used', () => {
	test('automatic: FFmpeg for what the built-in decoders do not read', async () => {
		const ffmpeg = fakeFfmpeg(opus());
		const { info } = await toVoiceNote(fixture('windows.wma'), { ffmpeg: ffmpeg.run, bitrate: 32 });
		expect(info).toMatchObject({ method: 'encoded', sourceFormat: 'ffmpeg', durationSeconds: 0.5 });
		expect(ffmpeg.calls).toHaveLength(1);
		const command = ffmpeg.calls[0].join(' ');
		expect(command).toContain('-c:a libopus -b:a 32k -application voip -frame_duration 20 -ac 1 -ar 24000');
		expect(command).toContain('-map 0:a:0');
		expect(command).toMatch(/-f ogg$/);
	});

	test('it is told which audio track is wanted', async () => {
		const ffmpeg = fakeFfmpeg(opus());
		await toVoiceNote(fixture('windows.wma'), { ffmpeg: ffmpeg.run, engine: 'ffmpeg', audioTrack: 3 });
		expect(ffmpeg.calls[0].join(' ')).toContain('-map 0:a:2');
	});

	test.each([
		['not for what is read built-in', 'mulaw.wav', 0],
		['not for MP4 that is read built-in', 'aac.m4a', 0],
		['for MP4 in a codec that is not', 'dolby.mp4', 1],
	])('automatic: %s', async (_, file, runs) => {
		const ffmpeg = fakeFfmpeg(opus());
		await toVoiceNote(fixture(file), { ffmpeg: ffmpeg.run });
		expect(ffmpeg.calls).toHaveLength(runs);
	});

	test('automatic: no process for an error page', async () => {
		const ffmpeg = fakeFfmpeg(opus());
		const error = await voiceNoteErrorOf(() => toVoiceNote(latin1('<html>404</html>'), { ffmpeg: ffmpeg.run }));
		expect(error.message).toContain('an HTML page');
		expect(ffmpeg.calls).toHaveLength(0);
	});

	test.each([
		['is not installed', { missing: true }],
		['fails', { failure: 'Invalid data' }],
		['writes something else', { bytes: latin1('nonsense') }],
	] as Array<[string, FfmpegOutcome]>)('automatic: if FFmpeg %s, our own message stands', async (_, outcome) => {
		const error = await voiceNoteErrorOf(() =>
			toVoiceNote(fixture('windows.wma'), { ffmpeg: fakeFfmpeg(outcome).run }),
		);
		expect(error.message).toBe('This is Windows Media (WMA) audio, which is not supported');
	});

	test('built-in: never', async () => {
		const ffmpeg = fakeFfmpeg(opus());
		const error = await voiceNoteErrorOf(() =>
			toVoiceNote(fixture('windows.wma'), { ffmpeg: ffmpeg.run, engine: 'builtIn' }),
		);
		expect(error.code).toBe('unsupported');
		expect(ffmpeg.calls).toHaveLength(0);
	});

	test('FFmpeg: also for what could be read built-in', async () => {
		const ffmpeg = fakeFfmpeg(opus());
		const options = { ffmpeg: ffmpeg.run, engine: 'ffmpeg' as const };
		expect((await toVoiceNote(fixture('mulaw.wav'), options)).info.sourceFormat).toBe('ffmpeg');
		expect((await toVoiceNote(fixture('aac.m4a'), options)).info.sourceFormat).toBe('ffmpeg');
		expect(ffmpeg.calls).toHaveLength(2);
	});

	test('FFmpeg, not installed: says so', async () => {
		const options = { ffmpeg: fakeFfmpeg({ missing: true }).run, engine: 'ffmpeg' as const };
		const error = await voiceNoteErrorOf(() => toVoiceNote(fixture('mulaw.wav'), options));
		expect(error).toMatchObject({ code: 'unsupported', message: 'The FFmpeg engine is not installed' });
		expect(error.kind).toBe('ffmpegMissing');
	});

	test('FFmpeg, failing: says why', async () => {
		const options = { ffmpeg: fakeFfmpeg({ failure: 'Invalid data' }).run, engine: 'ffmpeg' as const };
		const error = await voiceNoteErrorOf(() => toVoiceNote(fixture('mulaw.wav'), options));
		expect(error).toMatchObject({ code: 'corrupt', message: 'FFmpeg could not convert the audio: Invalid data' });
	});

	test('another engine there is not', async () => {
		const error = await voiceNoteErrorOf(() => toVoiceNote(fixture('mulaw.wav'), { engine: 'gstreamer' as 'ffmpeg' }));
		expect(error.code).toBe('badOption');
	});

	test('a cancelled run ends as cancelled', async () => {
		const stopping = new AbortController();
		const ffmpeg: RunFfmpeg = async () => {
			stopping.abort();
			return await Promise.resolve({ failure: 'ffmpeg was killed with signal SIGKILL' });
		};
		const error = await voiceNoteErrorOf(() =>
			toVoiceNote(fixture('windows.wma'), { ffmpeg, signal: stopping.signal }),
		);
		expect(error.code).toBe('cancelled');
	});
});

test('the pre-skip of FFmpeg 4, which is too small, is made whole', async () => {
	// The header's pre-skip at offset 38 of the file, and the page's checksum after it.
	const wrong = withHeaderPreSkip(fixture('opus20.opus'), 156);
	const { info } = await toVoiceNote(fixture('windows.wma'), { ffmpeg: fakeFfmpeg({ bytes: wrong }).run });
	expect(info.durationSeconds).toBeCloseTo(0.5, 6);
});

test('the pre-skip of FFmpeg 4 is made whole for audio that is encoded again, too', async () => {
	const noteOf = async (bytes: Uint8Array) =>
		await toVoiceNote(fixture('windows.wma'), { ffmpeg: fakeFfmpeg({ bytes }).run, alwaysReencode: true });
	const { bytes, info } = await noteOf(withHeaderPreSkip(fixture('opus20.opus'), 156));
	expect(info.durationSeconds).toBeCloseTo(0.5, 6);
	expect(bytes).toEqual((await noteOf(fixture('opus20.opus'))).bytes);
});

/** The first page of an Ogg file with another pre-skip. */
function withHeaderPreSkip(bytes: Uint8Array, preSkip: number): Uint8Array {
	const { pageChecksum } =
		require('../../../nodes/Sendblue/voiceNote/containers/ogg/oggPages') as typeof import('../../../nodes/Sendblue/voiceNote/containers/ogg/oggPages');
	const changed = withBytes(bytes, 28 + 10, [preSkip & 0xff, preSkip >> 8]);
	const checksum = pageChecksum(changed, 0, 28 + 19);
	return withBytes(changed, 22, [checksum & 0xff, (checksum >> 8) & 0xff, (checksum >> 16) & 0xff, checksum >>> 24]);
}

// ffmpeg-static reads this itself: its own download needs a network.
process.env.FFMPEG_BIN ??= spawnSync('which', ['ffmpeg']).stdout?.toString().trim();

for (const [name, extension, options] of [
	['WMA', 'wma', ['-c:a', 'wmav2']],
	['AC-3', 'ac3', ['-c:a', 'ac3', '-b:a', '192k']],
	['AC-3 in MP4, its index at the end', 'mp4', ['-c:a', 'ac3', '-b:a', '192k']],
] as Array<[string, string, string[]]>) {
	testWithTools(['ffmpeg'], `${name} becomes a voice note through a pipe`, () =>
		withDirectory(async (directory) => {
			const path = join(directory, `audio.${extension}`);
			const signal = '0.35*sin(2*PI*(250*t+500*t*t))+0.15*sin(2*PI*1200*t)*(0.5+0.5*sin(2*PI*4*t))';
			run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `aevalsrc=${signal}:s=44100:d=0.5`, ...options, path]);
			const { bytes, info } = await toVoiceNote(new Uint8Array(readFileSync(path)), { ffmpeg: runFfmpeg });
			expect(info).toMatchObject({
				method: 'encoded',
				sourceFormat: 'ffmpeg',
				sampleRate: 24_000,
				framesPerPacket: 480,
			});
			const compared = compareAudio(fixtureSignal(1, 24_000, 0.5)[0], await decodeVoiceNote(bytes), 24_000);
			expect(compared.siSdrDb).toBeGreaterThan(4);
			expect(Math.abs(compared.gainDb)).toBeLessThan(2.5);
		}),
	);
}

testWithTools(['ffmpeg'], 'FFmpeg says what is wrong with audio it cannot read', async () => {
	const outcome = await runFfmpeg(new Uint8Array(4_000).fill(0x81), ['-f', 'ogg']);
	expect(outcome).toHaveProperty('failure');
});

testWithTools(['ffmpeg'], 'a run is stopped by its signal', async () => {
	const stopping = new AbortController();
	const running = runFfmpeg(fixture('windows.wma'), ['-af', 'aloop=-1:2e6', '-f', 'null'], stopping.signal);
	setTimeout(() => stopping.abort(), 500);
	expect(await running).toHaveProperty('failure');
});
