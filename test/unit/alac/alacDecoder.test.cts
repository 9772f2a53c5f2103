import { AlacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/alac/alacDecoder';
import { parseMagicCookie } from '../../../nodes/Sendblue/voiceNote/codecs/alac/magicCookie';
import { undoPrediction } from '../../../nodes/Sendblue/voiceNote/codecs/alac/residuals';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import fixtures from '../../fixtures/alac/packets.json';
import type { IntegerSignal } from '../../support/pcm/alacStreams.cjs';
import { kept } from '../../support/kept.cts';

import { integerSignal } from '../../support/pcm/alacStreams.cts';
import { BitWriter } from '../../support/bits.cts';
import { number } from '../../support/pcm/riffFile.cts';
import { joinBytes } from '../../support/bytes.cts';
import { mutate, seededRandom } from '../../support/pcm/signals.cts';

interface CookieFields {
	frameLength?: number;
	version?: number;
	bitDepth?: number;
	riceLimit?: number;
	channels?: number;
	sampleRate?: number;
}

function cookie(fields: CookieFields = {}): Uint8Array {
	const { frameLength = 4096, version = 0, bitDepth = 16, riceLimit = 14, channels = 1, sampleRate = 44100 } = fields;
	return joinBytes(
		number(frameLength, 4, false),
		[version, bitDepth, 40, 10, riceLimit, channels],
		number(255, 2, false),
		number(0, 4, false),
		number(0, 4, false),
		number(sampleRate, 4, false),
	);
}

const SINGLE = 0;
const PAIR = 1;
const END = 7;

/** A writer that holds the start of an element with `frames` uncompressed frames. */
function uncompressedElement(tag: number, frames: number, writer = new BitWriter()): InstanceType<typeof BitWriter> {
	// Instance, unused bits, partial frame, no shifted bytes, uncompressed, number of frames.
	return writer.write(tag, 3).write(0, 4).write(0, 12).write(1, 1).write(0, 2).write(1, 1).write(frames, 32);
}

function decode(packet: InstanceType<typeof BitWriter>, fields: CookieFields = {}): number[][] {
	const block = new AlacDecoder(cookie(fields)).decode(packet.toBytes());
	return block.map((samples) => [...samples].map((sample) => sample * 32768));
}

describe('the magic cookie', () => {
	test('bare, with a channel layout behind, and in the atoms of old files', () => {
		const expected = {
			frameLength: 4096,
			bitDepth: 24,
			riceHistoryMult: 40,
			riceInitialHistory: 10,
			riceLimit: 14,
			channels: 2,
			sampleRate: 48000,
		};
		const bare = cookie({ bitDepth: 24, channels: 2, sampleRate: 48000 });
		expect(parseMagicCookie(bare)).toEqual(expected);
		expect(parseMagicCookie(joinBytes(bare, new Uint8Array(24)))).toEqual(expected);
		const atoms = joinBytes(number(12, 4, false), 'frmaalac', number(36, 4, false), 'alac', number(0, 4), bare);
		expect(parseMagicCookie(atoms)).toEqual(expected);
		expect(parseMagicCookie(atoms.subarray(12))).toEqual(expected);
	});

	test.each([
		['nothing', new Uint8Array(0), 'corrupt'],
		['too short', cookie().subarray(0, 23), 'corrupt'],
		['a newer version', cookie({ version: 1 }), 'unsupported'],
		['no frames', cookie({ frameLength: 0 }), 'corrupt'],
		['endless packets', cookie({ frameLength: 0xffffffff }), 'corrupt'],
		['18 bits', cookie({ bitDepth: 18 }), 'corrupt'],
		['no channels', cookie({ channels: 0 }), 'corrupt'],
		['9 channels', cookie({ channels: 9 }), 'corrupt'],
		['a rate of 0', cookie({ sampleRate: 0 }), 'corrupt'],
		['a Rice limit of 25', cookie({ riceLimit: 25 }), 'corrupt'],
	])('%s', (_, bytes, code) => {
		expect(() => new AlacDecoder(bytes)).toThrow(VoiceNoteError);
		expect(() => new AlacDecoder(bytes)).toThrow(expect.objectContaining({ code }));
	});
});

describe('packets of real encoders', () => {
	// Made of `integerSignal` by `-c:a alac` of ffmpeg 5.1 and `sndfile-convert -alac…` of libsndfile 1.2.
	test.each(fixtures)('$encoder: $signal.kind, $signal.bits bits, $signal.channels channels', (fixture) => {
		const signal = fixture.signal as IntegerSignal;
		const decoder = new AlacDecoder(Buffer.from(fixture.cookie, 'base64'));
		expect(decoder).toMatchObject({ channels: signal.channels, sampleRate: 44100, framesPerPacket: 4096 });
		const blocks = fixture.packets.map((packet) => kept(decoder.decode(Buffer.from(packet, 'base64'))));
		integerSignal(signal).forEach((input, channel) => {
			const expected = [...input].map((sample) => Math.fround(sample / 2 ** (signal.bits - 1)));
			expect(blocks.flatMap((block) => [...block[channel]])).toEqual(expected);
		});
		decoder.free();
	});

	test('a packet shorter than the last leaves nothing of it behind', () => {
		const [fixture] = fixtures;
		const decoder = new AlacDecoder(Buffer.from(fixture.cookie, 'base64'));
		const packet = Buffer.from(fixture.packets[0], 'base64');
		const first = kept(decoder.decode(packet));
		expect(() => decoder.decode(packet.subarray(0, packet.length - 20))).toThrow(VoiceNoteError);
		expect(decoder.decode(packet)).toEqual(first);
	});
});

describe('elements', () => {
	test('data streams and fill elements are passed over', () => {
		const writer = new BitWriter();
		writer.write(6, 3).write(2, 4).write(0xffff, 16);
		writer.write(6, 3).write(15, 4).write(1, 8);
		for (let i = 0; i < 15; i++) writer.write(0xaa, 8);
		writer.write(4, 3).write(0, 4).write(0, 1).write(1, 8).write(0x55, 8);
		writer.write(4, 3).write(0, 4).write(1, 1).write(1, 8).align().write(0x55, 8);
		uncompressedElement(SINGLE, 2, writer).write(-5, 16).write(7, 16).write(END, 3);
		expect(decode(writer)).toEqual([[-5, 7]]);
	});

	test('a data stream of more than 254 bytes', () => {
		const writer = new BitWriter().write(4, 3).write(0, 4).write(0, 1).write(255, 8).write(1, 8);
		for (let i = 0; i < 256; i++) writer.write(0xee, 8);
		uncompressedElement(SINGLE, 1, writer).write(3, 16);
		expect(decode(writer)).toEqual([[3]]);
	});

	test('channels that never come are silent', () => {
		const writer = uncompressedElement(SINGLE, 1).write(9, 16).write(END, 3);
		expect(decode(writer, { channels: 2 })).toEqual([[9], [0]]);
	});

	test('an empty packet of frames is empty', () => {
		expect(decode(uncompressedElement(PAIR, 0), { channels: 2 })).toEqual([[], []]);
	});

	const compressed = (shiftedBytes: number) =>
		new BitWriter().write(SINGLE, 3).write(0, 4).write(0, 12).write(1, 1).write(shiftedBytes, 2).write(0, 1);

	test.each<[string, InstanceType<typeof BitWriter>, CookieFields]>([
		['nothing but an end', new BitWriter().write(END, 3), {}],
		['no bytes', new BitWriter(), {}],
		['a coupling element', new BitWriter().write(2, 3).write(0, 29), {}],
		['a pair in a mono stream', uncompressedElement(PAIR, 1).write(0, 32), {}],
		['more frames than the header states', uncompressedElement(SINGLE, 4097), {}],
		['an end in the middle of a sample', uncompressedElement(SINGLE, 2).write(0, 17), {}],
		['reserved bits', new BitWriter().write(SINGLE, 3).write(0, 4).write(1, 12).write(0, 64), {}],
		['all bits shifted', compressed(2).write(1, 32).write(0, 200), {}],
		['three bytes shifted', compressed(3).write(1, 32).write(0, 200), { bitDepth: 32 }],
		['compression against the header', compressed(0).write(1, 32).write(0, 200), { riceLimit: 0 }],
		[
			'channels of unequal length',
			uncompressedElement(SINGLE, 2, uncompressedElement(SINGLE, 1).write(0, 16)).write(0, 32),
			{ channels: 2 },
		],
	])('%s is refused', (_, packet, fields) => {
		expect(() => decode(packet, fields)).toThrow(expect.objectContaining({ code: 'corrupt' }));
	});
});

describe('prediction', () => {
	const plain = (weights: number[], differencesFirst = false) => ({
		differencesFirst,
		shift: 9,
		weights: Int16Array.from(weights),
	});

	test('order 31 sums differences, order 0 leaves the residuals', () => {
		const samples = Int32Array.from([1, 2, 3, -4]);
		undoPrediction(samples, 4, 16, plain([]));
		expect([...samples]).toEqual([1, 2, 3, -4]);
		undoPrediction(samples, 4, 16, plain(new Array(31).fill(0)));
		expect([...samples]).toEqual([1, 3, 6, 2]);
	});

	test('differences first, then the filter', () => {
		const samples = Int32Array.from([1, 2, 3, -4]);
		undoPrediction(samples, 4, 16, plain([], true));
		expect([...samples]).toEqual([1, 3, 6, 2]);
	});

	test('sums wrap at the width of a sample', () => {
		const samples = Int32Array.from([32767, 1]);
		undoPrediction(samples, 2, 16, plain(new Array(31).fill(0)));
		expect([...samples]).toEqual([32767, -32768]);
	});
});

test('3000 mutated packets and cookies give audio or a typed error', () => {
	const random = seededRandom(0xa1ac);
	let decoded = 0;
	for (let i = 0; i < 3000; i++) {
		const fixture = fixtures[i % fixtures.length];
		const original = Buffer.from(fixture.packets[0], 'base64');
		const isCookie = random() < 0.2;
		const cookieBytes = Buffer.from(fixture.cookie, 'base64');
		try {
			const decoder = new AlacDecoder(isCookie ? mutate(cookieBytes, random, 60) : cookieBytes);
			const block = decoder.decode(isCookie ? original : mutate(original, random, 40));
			expect(block).toHaveLength(decoder.channels);
			for (const samples of block) {
				expect(samples.length).toBeLessThanOrEqual(decoder.framesPerPacket);
				expect(samples.every((sample) => sample >= -1 && sample <= 1)).toBe(true);
			}
			decoded++;
		} catch (error) {
			if (!(error instanceof VoiceNoteError)) throw error;
		}
	}
	expect(decoded).toBeGreaterThan(300);
});
