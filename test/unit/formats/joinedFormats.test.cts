/** Files of different formats that somebody put one behind the other, and files inside a WAV header. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceOf } from '../../../nodes/Sendblue/voiceNote/pipeline/remarks';
import { joinBytes } from '../../support/bytes.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { formatChunk, riff } from '../../support/pcm/riffFile.cts';
import { tone, wav16 } from '../../support/quality/index.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));

const FILES: ReadonlyArray<[string, Uint8Array]> = [
	['WAV', wav16([tone(400, 0.5, 16_000)], 16_000)],
	['MP3', fixture('cbr.mp3')],
	['M4A', fixture('aac.m4a')],
	['Opus', fixture('opus20.opus')],
	['AAC', fixture('adts.aac')],
	['WebM', fixture('vorbis.webm')],
	['FLAC', fixture('flac.flac')],
];
const PAIRS = FILES.flatMap(([first, before]) =>
	FILES.filter(([second]) => second !== first).map(([second, after]) => ({ first, before, second, after })),
);

async function secondsOf(file: Uint8Array): Promise<number> {
	const { channels, sampleRate, hints } = await decodeFile(file);
	expect(hints).toEqual([]);
	return channels[0].length / sampleRate;
}

/** Seconds that a resampler may differ by at the end of a part. */
const ROUNDING_DIGITS = 3;

describe('a file of another format behind a file', () => {
	test.each(PAIRS)('$first, then $second: both are heard', async ({ before, after }) => {
		const seconds = (await secondsOf(before)) + (await secondsOf(after));
		expect(await secondsOf(joinBytes(before, after))).toBeCloseTo(seconds, ROUNDING_DIGITS);
	});

	test('is found behind tags and chunks', async () => {
		const [, wav] = FILES[0];
		const tag = joinBytes('TAG', new Uint8Array(125).fill(0x20));
		const id3 = joinBytes('ID3', [4, 0, 0, 0, 0, 0, 100], new Uint8Array(100));
		const list = joinBytes('LIST', [4, 0, 0, 0], 'INFO');
		const [opus, mp3] = [fixture('opus20.opus'), fixture('cbr.mp3')];
		const both = (await secondsOf(mp3)) + (await secondsOf(opus));
		expect(await secondsOf(joinBytes(mp3, tag, opus))).toBeCloseTo(both, ROUNDING_DIGITS);
		expect(await secondsOf(joinBytes(opus, id3, mp3))).toBeCloseTo(both, ROUNDING_DIGITS);
		expect(await secondsOf(joinBytes(wav, list, opus))).toBeCloseTo(0.5 + (await secondsOf(opus)), ROUNDING_DIGITS);
	});

	test('may have a third one behind it', async () => {
		const [[, wav], [, mp3], [, m4a]] = FILES;
		const seconds = (await secondsOf(wav)) + (await secondsOf(mp3)) + (await secondsOf(m4a));
		expect(await secondsOf(joinBytes(wav, mp3, m4a))).toBeCloseTo(seconds, ROUNDING_DIGITS);
	});

	test('that cannot be read has a remark', async () => {
		const [, [, mp3], [, m4a]] = FILES;
		const cut = m4a.subarray(0, 4_000);
		const { hints } = await decodeFile(joinBytes(mp3, cut));
		expect(hints).toEqual([sentenceOf({ kind: 'joined', converted: 1 })]);
		const more = await decodeFile(joinBytes(FILES[0][1], mp3, cut));
		expect(more.hints).toEqual([sentenceOf({ kind: 'joined', converted: 2 })]);
	});
});

describe('a WAV header for PCM in front of a whole file', () => {
	const format = formatChunk({ tag: 1, sampleRate: 24_000, bits: 16 });

	test.each(FILES)('%s: the file is read, not its bytes as samples', async (_, contents) => {
		const wrapped = riff([format, { id: 'data', contents }]);
		expect(await secondsOf(wrapped)).toBeCloseTo(await secondsOf(contents), ROUNDING_DIGITS);
	});
});
