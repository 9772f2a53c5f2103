/** Every format end to end, from small files that are kept in the repository: nothing but Node is needed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Speaker } from '../../../nodes/Sendblue/voiceNote/pcm/speakers';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { decodeVoiceNote } from '../../support/core/decodeVoiceNote.cts';
import { decodeFile, snrDb } from '../../support/formats/decodeFile.cts';
import { fixtureSignal } from '../../support/formats/fixtureSignal.cts';
import { FORMATS, type FormatFixture } from '../../support/formats.cts';
import { compareAudio } from '../../support/quality/index.cts';

const NOTE_RATE = 24_000;
/** Frames at 24 kHz: a packet of 20 ms. */
const NOTE_PACKET = 480;
/** What speech coding at 24 kb/s leaves of tones, whatever they came in. */
const MIN_NOTE_SNR = 4;

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));
const fixtures = FORMATS.flatMap(({ fixtures: files }) => files);
const titled = fixtures.map((expected) => [expected.file, expected] as const);

/** The signal as a file is to decode to it: in silence for as long as it begins late. */
function expectedSignal({ channels = 1, seconds = 0.5, delay = 0 }: FormatFixture, sampleRate: number): Float32Array[] {
	return fixtureSignal(channels, sampleRate, seconds).map((samples) => {
		const delayed = new Float32Array(samples.length + delay);
		delayed.set(samples, delay);
		return delayed;
	});
}

test.each(titled)('%s decodes to the signal it was made of', async (file, expected) => {
	const { sampleRate, seconds = 0.5, channels = 1, extra = 0, delay = 0 } = expected;
	const decoded = await decodeFile(fixture(file));
	expect(decoded.sourceFormat).toBe(expected.sourceFormat);
	expect(decoded.sampleRate).toBe(sampleRate);
	expect(decoded.hints).toEqual([]);
	expect(decoded.channels).toHaveLength(channels);
	expect(decoded.channels[0].length).toBe(Math.round(seconds * sampleRate) + extra);
	expectedSignal(expected, sampleRate).forEach((samples, channel) => {
		expect(snrDb(samples.subarray(delay), decoded.channels[channel].subarray(delay))).toBeGreaterThan(expected.snrDb);
	});
});

test.each(titled)('%s becomes a voice note of the same sound', async (file, expected) => {
	const { bytes, info, hints } = await toVoiceNote(fixture(file));
	expect(info).toMatchObject({ sourceFormat: expected.sourceFormat, sampleRate: NOTE_RATE, channels: 1 });
	expect(info.method).toBe(expected.isRemuxed ? 'remuxed' : 'encoded');
	expect(hints).toEqual([]);

	const decoded = await decodeFile(fixture(file));
	const seconds = decoded.channels[0].length / decoded.sampleRate;
	expect(Math.abs(info.durationSeconds - seconds) * NOTE_RATE).toBeLessThan(NOTE_PACKET);
	const { delay = 0, sampleRate } = expected;
	const planes = fixtureSignal(expected.channels ?? 1, NOTE_RATE, expected.seconds ?? 0.5);
	const mono = planes[0].map((_, i) => planes.reduce((sum, plane) => sum + plane[i], 0) / planes.length);
	const heard = (await decodeVoiceNote(bytes)).subarray(Math.round((delay / sampleRate) * NOTE_RATE));
	const compared = compareAudio(mono, heard, NOTE_RATE);
	expect(compared.inverted).toBe(false);
	expect(Math.abs(compared.lagSamples)).toBeLessThan(6);
	expect(Math.abs(compared.gainDb)).toBeLessThan(2.5);
	expect(compared.siSdrDb).toBeGreaterThan(MIN_NOTE_SNR);
});

test('Opus with six channels is decoded stream by stream', async () => {
	const { channels, layout, sampleRate } = await decodeFile(fixture('opus51.opus'));
	expect(layout).toEqual(['L', 'C', 'R', 'Ls', 'Rs', 'LFE']);
	const [main, other] = fixtureSignal(2, sampleRate, 0.3);
	const expected: Record<string, Float32Array> = { L: main, R: other, C: main, Ls: other, Rs: main };
	for (const [speaker, samples] of Object.entries(expected)) {
		expect(snrDb(samples, channels[layout?.indexOf(speaker as Speaker) ?? -1])).toBeGreaterThan(6);
	}
	const { info } = await toVoiceNote(fixture('opus51.opus'));
	expect(info).toMatchObject({ method: 'encoded', sourceFormat: 'ogg/opus' });
	expect(info.durationSeconds).toBeCloseTo(0.3, 3);
});

test('every fixture in the list is small', () => {
	for (const { file } of fixtures) expect(fixture(file).length).toBeLessThanOrEqual(8_192);
});
