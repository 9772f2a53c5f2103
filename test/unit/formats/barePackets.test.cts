/** Opus without a container, and raw samples that look like frames. */
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { bigEndian, joinBytes, littleEndian } from '../../support/bytes.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { seededRandom } from '../../support/pcm/signals.cts';
import { tone } from '../../support/quality/index.cts';

const random = seededRandom(0x0b);
const speech = tone(300, 2, 24_000).map((sample, i) => sample * Math.sin(i / 3_000) + 0.1 * (random() - 0.5));
const audio = opusAudio([speech]);

describe('Opus packets behind their lengths', () => {
	test.each([
		['16 bits, lowest byte first', (length: number) => littleEndian(length, 2)],
		['16 bits, highest byte first', (length: number) => bigEndian(length, 2)],
		['32 bits, lowest byte first', (length: number) => littleEndian(length, 4)],
		['32 bits, highest byte first', (length: number) => bigEndian(length, 4)],
	])('in %s are moved', async (_, lengthOf) => {
		const { packets } = await audio;
		const { info, hints } = await toVoiceNote(
			joinBytes(...packets.flatMap((packet) => [lengthOf(packet.length), packet])),
		);
		expect(info).toMatchObject({ sourceFormat: 'packets/opus', method: 'remuxed' });
		expect(info.durationSeconds).toBeCloseTo(packets.length * 0.02, 3);
		expect(hints).toEqual([]);
	});

	test('as a Discord bot stores them (DCA), behind a text', async () => {
		const { packets } = await audio;
		const text = '{"opus":{"sample_rate":48000}}';
		const file = joinBytes('DCA1', littleEndian(text.length, 4), text, ...packets.flatMap(framed));
		expect((await toVoiceNote(file)).info.sourceFormat).toBe('packets/opus');
	});

	test('cut off: what is there, with a remark', async () => {
		const { packets } = await audio;
		const file = joinBytes(...packets.flatMap(framed));
		const { info, hints } = await toVoiceNote(file.subarray(0, file.length - 10));
		expect(info.durationSeconds).toBeCloseTo((packets.length - 1) * 0.02, 3);
		expect(hints).toEqual([expect.stringContaining('cut short')]);
	});

	const framed = (packet: Uint8Array): Uint8Array[] => [littleEndian(packet.length, 2), packet];
});

test('Opus packets with nothing between them are called that', async () => {
	const { packets } = await audio;
	const { code, message, hint } = await voiceNoteErrorOf(() => toVoiceNote(joinBytes(...packets)));
	expect(code).toBe('unsupported');
	expect(message).toContain('Opus packets without a container');
	expect(hint).toContain('Ogg');
});

test('raw samples are not taken for MP3 in free format', async () => {
	const quiet = Int16Array.from({ length: 60_000 }, (_, i) => 40 * Math.sin(i / 30) * Math.sin(i / 5_000));
	const periodic = Int16Array.from(
		{ length: 60_000 },
		(_, i) => [-1, 15, 16_000, -1, 400, 0, 9, -300][i % 40] ?? i % 40,
	);
	for (const samples of [quiet, periodic]) {
		const { message } = await voiceNoteErrorOf(() => toVoiceNote(new Uint8Array(samples.buffer)));
		expect(message).toBe('This is not audio in any format that is known');
	}
});
