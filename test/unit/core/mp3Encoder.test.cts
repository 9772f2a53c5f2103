/** MP3 files that we make, as LAME's own tag, ffmpeg, mpg123 and mediainfo see them. */
import { mpegFramesOf } from '../../support/formats/mpegFrames.cts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createMp3Encoder, MP3_CALL_SAMPLES } from '../../../nodes/Sendblue/voiceNote/codecs/mp3/mp3Encoder';
import { parseLameInfo } from '../../../nodes/Sendblue/voiceNote/containers/mp3/demuxMp3';
import { Mp3Writer } from '../../../nodes/Sendblue/voiceNote/containers/mp3/writeMp3';
import { encodeMp3 } from '../../../nodes/Sendblue/voiceNote/pipeline/encodeMp3';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { faultsOf } from '../../support/core/fidelity.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { fromFloat32Le, speechLike, splitUnevenly } from '../../support/quality/index.cts';

const RATE = 24_000;
/** What MP3 speech at 48 kb/s keeps to: the quality of the table, and hardly any change of level. */
const MP3_SPEECH = { lsdDb: 3, stoi: 0.98, siSdrDb: 15, levelDb: 0.1 };
/** Lengths in samples around the frame's and the encoder's delay. */
const LENGTHS = [1, 47, 528, 529, 575, 576, 577, 1_151, 1_152, 1_153, 24_000, 24_289, 70_001];

const speech = speechLike(3, RATE, 41);

async function* blocks(...given: Float32Array[]): AsyncGenerator<Float32Array> {
	yield* given;
}

const mp3Of = async (...given: Float32Array[]) => (await encodeMp3(blocks(...given), new WorkSlices())).bytes;

async function decoded(file: Uint8Array): Promise<Float32Array> {
	return (await decodeFile(file)).channels[0];
}

test.each(LENGTHS)('%d samples are decoded as so many', async (length) => {
	const file = await mp3Of(speech.subarray(0, length));
	const { channels, sampleRate, sourceFormat, hints } = await decodeFile(file);
	expect({ length: channels[0].length, sampleRate, sourceFormat, hints }).toEqual({
		length,
		sampleRate: RATE,
		sourceFormat: 'mp3',
		hints: [],
	});
});

test('speech is heard as it was, in its place', async () => {
	expect(faultsOf(speech, await decoded(await mp3Of(speech)), MP3_SPEECH)).toEqual([]);
});

test('the first and the last moment are there', async () => {
	const clicks = new Float32Array(RATE);
	clicks.fill(0.5, 20, 60);
	clicks.fill(0.5, RATE - 60, RATE - 20);
	const heard = await decoded(await mp3Of(clicks));
	const energy = (from: number, to: number) =>
		heard.subarray(from, to).reduce((sum, sample) => sum + sample * sample, 0);
	expect(energy(0, 100)).toBeGreaterThan(5);
	expect(energy(RATE - 100, RATE)).toBeGreaterThan(5);
	expect(energy(2_000, RATE - 2_000)).toBeLessThan(0.05);
});

test('blocks of any length give the same file', async () => {
	const pieces = splitUnevenly(speech, 7);
	expect(Buffer.from(await mp3Of(new Float32Array(0), ...pieces)).equals(await mp3Of(speech))).toBe(true);
});

test('encoders at work at the same time do not meet', async () => {
	const other = speechLike(3, RATE, 42);
	const [first, second] = await Promise.all([mp3Of(...splitUnevenly(speech, 3)), mp3Of(...splitUnevenly(other, 4))]);
	expect(Buffer.from(first).equals(await mp3Of(speech))).toBe(true);
	expect(Buffer.from(second).equals(await mp3Of(other))).toBe(true);
});

test('the information frame counts what is there', async () => {
	const file = await mp3Of(speech);
	const [information, ...frames] = await mpegFramesOf(file);
	// 48 kb/s, every frame of them: some programs take what has one other for a file of variable bitrate.
	const like = { version: 2, layer: 3, sampleRate: RATE, channels: 1, frameBytes: 144, frameSamples: 576 };
	expect([information, ...frames].map(({ header }) => header)).toEqual(Array(frames.length + 1).fill(like));
	expect(file.length).toBe((1 + frames.length) * 144);
	const info = parseLameInfo(information);
	expect(info).toMatchObject({ frames: frames.length, gapless: { delay: 576 } });
	expect(frames.length * 576 - 576 - Number(info?.gapless?.padding)).toBe(speech.length);
});

test('samples beyond full scale and what is no number do not stop it', async () => {
	const loud = speech.map((sample) => sample * 20);
	expect(await decoded(await mp3Of(loud))).toHaveLength(speech.length);
	expect(await decoded(await mp3Of(new Float32Array(5_000).fill(NaN)))).toHaveLength(5_000);
});

test('an encoder that was given back leaves the others alone', async () => {
	const slices = new WorkSlices();
	const gone = await createMp3Encoder(slices);
	gone.free();
	gone.free();
	const file = await mp3Of(speech);
	expect(Buffer.from(file).equals(await mp3Of(speech))).toBe(true);
});

test('a file whose frames are not those of the audio is not given out', async () => {
	const encoder = await createMp3Encoder(new WorkSlices());
	const writer = new Mp3Writer();
	writer.append(encoder.encode(speech.subarray(0, MP3_CALL_SAMPLES)));
	writer.append(encoder.finish());
	encoder.free();
	for (const samples of [MP3_CALL_SAMPLES + 3_000, 0]) {
		const error = await voiceNoteErrorOf(async () => writer.finish({ samples, delay: samples === 0 ? -9_000 : 576 }));
		expect(error.code).toBe('invalidOutput');
	}
});

test('a cancelled conversion stops', async () => {
	const controller = new AbortController();
	let pauses = 0;
	const pause = async () => {
		if (++pauses === 2) controller.abort();
	};
	const long = Array.from({ length: 200 }, () => speech);
	const slices = new WorkSlices(pause, controller.signal);
	expect((await voiceNoteErrorOf(() => encodeMp3(blocks(...long), slices))).code).toBe('cancelled');
});

describe('as others see it', () => {
	testWithTools(['ffmpeg', 'mpg123', 'mediainfo'], 'as long as the source, to the sample', async () => {
		await withDirectory(async (directory) => {
			const path = join(directory, 'copy.mp3');
			// Of sounds shorter than 2 ms ffmpeg gives a frame more, whoever wrote the file.
			for (const length of LENGTHS.slice(1)) {
				writeFileSync(path, await mp3Of(speech.subarray(0, length)));
				const pcm = ['-f', 'f32le', '-'];
				const byFfmpeg = fromFloat32Le(run('ffmpeg', ['-v', 'warning', '-i', path, ...pcm]));
				const byMpg123 = fromFloat32Le(run('mpg123', ['-q', '-s', '-e', 'f32', path]));
				expect([length, byFfmpeg.length, byMpg123.length]).toEqual([length, length, length]);
			}
		});
	});

	testWithTools(['ffmpeg', 'mpg123', 'mediainfo'], 'as they describe it', async () => {
		await withDirectory(async (directory) => {
			const path = join(directory, 'copy.mp3');
			writeFileSync(path, await mp3Of(speech));
			const byFfmpeg = fromFloat32Le(run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'f32le', '-']));
			const byMpg123 = fromFloat32Le(run('mpg123', ['-q', '-s', '-e', 'f32', path]));
			expect(faultsOf(speech, byFfmpeg, MP3_SPEECH)).toEqual([]);
			expect(faultsOf(speech, byMpg123, MP3_SPEECH)).toEqual([]);
			const stated = Number(
				run('ffprobe', ['-v', 'error', '-of', 'csv=p=0', '-show_entries', 'format=duration', path]),
			);
			expect(Math.abs(stated - 3)).toBeLessThan(0.1);
			const { media } = JSON.parse(run('mediainfo', ['--Output=JSON', path]).toString()) as {
				media: { track: Array<Record<string, string>> };
			};
			const audio = media.track.find((track) => track['@type'] === 'Audio');
			expect(audio).toMatchObject({ Format: 'MPEG Audio', Format_Profile: 'Layer 3', BitRate: '48000', Channels: '1' });
			expect(Math.abs(Number(audio?.Duration) - 3)).toBeLessThan(0.1);
		});
	});
});
