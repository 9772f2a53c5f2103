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

describe('What only looks like Opus packets behind their lengths', () => {
	const repeated = (count: number, ...bytes: number[]): Uint8Array =>
		joinBytes(...Array.from({ length: count }, () => Uint8Array.from(bytes)));
	const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => 256 * random());
	/** Records of 100 bytes behind their lengths, which begin with the bytes given. */
	const records = (headOf: (index: number) => number[], count = 200): Uint8Array =>
		joinBytes(
			...Array.from({ length: count }, (_, index) => {
				const head = Uint8Array.from(headOf(index));
				return joinBytes(littleEndian(100, 2), head, noise(100 - head.length));
			}),
		);

	test.each([
		['silence of A-law', repeated(8_000, 0x08, 0x00)],
		['silence of A-law, with both signs', repeated(8_000, 0x08, 0x00, 0xf8, 0xff)],
		['one value', repeated(8_000, 0x04, 0x00)],
		['packets with nothing in them', repeated(8_000, 0x01, 0x00, 0x78)],
		['records with a signature', records(() => [0x50, 0x4b, 1, 2])],
		['RTP', records((index) => [0x80, 111, (index >> 8) & 0xff, index & 0xff, 0, 0, index & 0xff, 0])],
		[
			'a beginning of Opus, then none',
			joinBytes(
				records(() => [0x78], 1_200),
				repeated(50, 0x00, 0x00, 0x7b),
			),
		],
	])('is not taken for it: %s', async (_, file) => {
		const { code } = await voiceNoteErrorOf(() => toVoiceNote(file));
		expect(['notAudio', 'unsupported']).toContain(code);
	});

	test.each([
		['by its option', { rawFormat: { sampleFormat: 's16le', sampleRate: 8_000, channels: 1 } as const }],
		['by its type', { mimeType: 'audio/L16;rate=8000' }],
	])('is raw PCM if it is called that %s', async (_, options) => {
		const { packets } = await audio;
		const framed = joinBytes(...packets.flatMap((packet) => [littleEndian(packet.length, 2), packet]));
		for (const file of [repeated(8_000, 0x08, 0x00), framed]) {
			expect((await toVoiceNote(file, options)).info.sourceFormat).toBe('pcm');
		}
	});
});

test('raw samples are not taken for MP3 in free format', async () => {
	const quiet = Int16Array.from({ length: 60_000 }, (_, i) => 40 * Math.sin(i / 30) * Math.sin(i / 5_000));
	const periodic = Int16Array.from(
		{ length: 60_000 },
		(_, i) => [-1, 15, 16_000, -1, 400, 0, 9, -300][i % 40] ?? i % 40,
	);
	for (const samples of [quiet, periodic]) {
		const { message } = await voiceNoteErrorOf(() => toVoiceNote(new Uint8Array(samples.buffer)));
		expect(message).toBe('This is not audio in any known format');
	}
});
