/** Streams without an index: where they begin, and what damage does to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PacketDecoder, PcmBlock } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
import { splitStreams } from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusPacket';
import { packetSource } from '../../../nodes/Sendblue/voiceNote/codecs/packetSource';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { trimFrames } from '../../../nodes/Sendblue/voiceNote/pcm/trimFrames';
import { hex, joinBytes, withBytes } from '../../support/bytes.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { decodeFile, snrDb } from '../../support/formats/decodeFile.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));
const noise = (length: number): Uint8Array =>
	Uint8Array.from({ length }, (_, i) => (i * 7_919 + (i >> 3) * 104_729) % 251);
const id3 = (size: number): Uint8Array =>
	joinBytes('ID3', [4, 0, 0, 0, 0, size >> 7, size & 0x7f], new Uint8Array(size));

async function gather(blocks: AsyncIterable<PcmBlock>): Promise<number[]> {
	const samples: number[] = [];
	for await (const [block] of blocks) samples.push(...block);
	return samples;
}

describe('what stands before the audio is passed over', () => {
	test.each(['adts.aac', 'flac.flac', 'cbr.mp3'])('a tag in front of %s', async (file) => {
		const expected = await decodeFile(fixture(file));
		expect((await decodeFile(joinBytes(id3(300), fixture(file)))).channels).toEqual(expected.channels);
	});

	test('a radio stream that begins within a frame', async () => {
		const { sourceFormat, channels } = await decodeFile(fixture('adts.aac').subarray(100));
		expect(sourceFormat).toBe('aac');
		expect(channels[0].length).toBeGreaterThan(6_000);
	});

	test('a transport stream that begins within a packet', async () => {
		const whole = await decodeFile(fixture('aac.mpegts'));
		const bytes = joinBytes(noise(70).fill(0x11), fixture('aac.mpegts'));
		expect((await decodeFile(bytes)).channels).toEqual(whole.channels);
	});
});

test('a transport stream with a time stamp before each packet (M2TS)', async () => {
	const bytes = fixture('aac.mpegts');
	const packets = Array.from({ length: bytes.length / 188 }, (_, i) => bytes.subarray(188 * i, 188 * (i + 1)));
	const stamped = joinBytes(...packets.flatMap((packet, i) => [[0, 0, i >> 8, i & 0xff], packet]));
	expect((await decodeFile(stamped)).channels).toEqual((await decodeFile(bytes)).channels);
});

test('a scrambled transport stream is refused as encrypted', async () => {
	const bytes = fixture('aac.mpegts');
	for (let at = 0; at < bytes.length; at += 188) {
		const pid = ((bytes[at + 1] & 0x1f) << 8) | bytes[at + 2];
		// The tables, below PID 0x100 and in 0x1000, are never scrambled.
		if (pid >= 0x100 && pid < 0x1000) bytes[at + 3] |= 0x80;
	}
	expect((await voiceNoteErrorOf(() => decodeFile(bytes))).message).toContain('is encrypted');
});

describe('bytes without meaning are not taken for audio', () => {
	test.each([500, 5_000, 40_000])('%i of them', async (length) => {
		expect(await voiceNoteErrorOf(() => decodeFile(noise(length)))).toMatchObject({ code: 'notAudio' });
	});
});

describe('damage within', () => {
	test('a FLAC frame with a wrong checksum is left out, the others stay exact', async () => {
		const whole = (await decodeFile(fixture('flac.flac'))).channels[0];
		const bytes = fixture('flac.flac');
		const { channels, hints } = await decodeFile(withBytes(bytes, 3_000, [bytes[3_000] ^ 0x55]));
		expect(hints).toHaveLength(1);
		expect(whole.length - channels[0].length).toBe(576);
		expect(channels[0].subarray(0, 576)).toEqual(whole.subarray(0, 576));
		expect(channels[0].subarray(-500)).toEqual(whole.subarray(-500));
	});

	test('a damaged packet in Matroska costs no time', async () => {
		const bytes = fixture('aac.mkv');
		const whole = await decodeFile(bytes);
		const { channels } = await decodeFile(withBytes(bytes, 2_500, new Uint8Array(40).fill(0xff)));
		expect(channels[0].length).toBe(whole.channels[0].length);
		expect(snrDb(whole.channels[0].subarray(-2_000), channels[0].subarray(-2_000))).toBeGreaterThan(60);
	});

	test('Vorbis set-up data that make no sense', async () => {
		const bytes = fixture('vorbis.webm');
		const setup = Buffer.from(bytes).indexOf('\x05vorbis', 0, 'latin1') + 7;
		const attempt = decodeFile(withBytes(bytes, setup, new Uint8Array(60).fill(0xee)));
		expect(await voiceNoteErrorOf(() => attempt)).toMatchObject({ code: 'corrupt' });
	});
});

describe('packets that cannot be decoded', () => {
	/** Gives ten samples a packet, of its first byte; fails for 255, and as unsupported for 254. */
	const decoder: PacketDecoder = {
		sampleRate: 8_000,
		channels: 1,
		decode([value]) {
			if (value === 255) throw new RangeError('out of bounds');
			if (value === 254) throw new VoiceNoteError('unsupported', 'another profile');
			return [new Float32Array(10).fill(value)];
		},
		free: () => undefined,
	};
	let damaged = 0;
	beforeEach(() => (damaged = 0));
	const source = (values: number[]) =>
		packetSource({
			codecName: 'Test',
			sampleRate: 8_000,
			channels: 1,
			createDecoder: () => decoder,
			packets: () => values.map((value) => Uint8Array.of(value)),
			onDamage: (seconds = 0) => (damaged += (seconds * 8_000) / 10),
		});

	test('leave silence of their length', async () => {
		const samples = await gather(source([1, 255, 2]).blocks());
		expect([samples.length, samples[5], samples[15], samples[25]]).toEqual([30, 1, 0, 2]);
		expect(damaged).toBe(1);
	});

	const many = (count: number, value: number): number[] => new Array<number>(count).fill(value);

	test('in a long row cost no more than the silence of 50, and what follows is decoded', async () => {
		const samples = await gather(source([...many(30, 1), ...many(200, 255), ...many(30, 2)]).blocks());
		expect([samples.length, samples[799], samples[800]]).toEqual([1_100, 0, 2]);
		expect(damaged).toBe(200);
	});

	test('in a row as long as minutes are passed over if much stands in front of them', async () => {
		expect(await gather(source([...many(200, 1), ...many(1_500, 255), 2]).blocks())).toHaveLength(2_510);
	});

	test('are given up soon if hardly anything stands in front of them', async () => {
		const error = await voiceNoteErrorOf(() => gather(source([...many(50, 1), ...many(20_000, 255)]).blocks()));
		expect(error).toMatchObject({ code: 'corrupt' });
		expect(damaged).toBe(1_000);
	});

	test('are left out at the end', async () => {
		expect(await gather(source([...many(30, 1), ...many(60, 255)]).blocks())).toHaveLength(300);
	});

	test('are too many if hardly one can be decoded', async () => {
		const values = [1, ...many(51, 255)];
		const error = await voiceNoteErrorOf(() => gather(source(values).blocks()));
		expect(error).toMatchObject({
			code: 'corrupt',
			message: 'The Test audio is damaged: its packets cannot be decoded',
		});
	});

	test('of a kind that is not read end it at once', async () => {
		expect((await voiceNoteErrorOf(() => gather(source([254, 1]).blocks()))).message).toBe('another profile');
		// Behind audio that was decoded it can only be damage.
		expect(await gather(source([1, 254, 2]).blocks())).toHaveLength(30);
	});

	test('may not be all there is', async () => {
		expect((await voiceNoteErrorOf(() => gather(source([255, 255]).blocks()))).code).toBe('corrupt');
	});
});

describe('trimming', () => {
	const blocks = (...sizes: number[]): PcmBlock[] => {
		let next = 0;
		return sizes.map((size) => [Float32Array.from({ length: size }, () => next++)]);
	};

	test.each([
		[{ skip: 3 }, [3, 4, 5, 6, 7, 8, 9]],
		[{ skip: 3, keep: 4 }, [3, 4, 5, 6]],
		[{ skip: 0, dropAtEnd: 1 }, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
		[{ skip: 2, dropAtEnd: 6 }, [2, 3]],
		[{ skip: 0, dropAtEnd: 11 }, []],
		[{ skip: 20 }, []],
		[{ skip: 0, keep: 0 }, []],
	])('%j', async (range, expected) => {
		expect(await gather(trimFrames(blocks(4, 0, 3, 1, 2), range))).toEqual(expected);
	});
});

describe('Opus packets of several streams (RFC 6716, appendix B)', () => {
	const split = (bytes: string, streams: number): string[] =>
		splitStreams(hex(bytes), streams).map((part) => Buffer.from(part).toString('hex'));

	test.each([
		['one frame', '08 02 a1a2 08 b1', ['08a1a2', '08b1']],
		['a frame of 252 bytes or more', `08 fc00 ${'aa'.repeat(252)} 08 b1`, [`08${'aa'.repeat(252)}`, '08b1']],
		['two frames of one size', '09 02 a1a2 a3a4 08 b1', ['09a1a2a3a4', '08b1']],
		['two frames of two sizes', '0a 01 02 a1 a2a3 08 b1', ['0a01a1a2a3', '08b1']],
		['three frames of one size', '0b 03 01 a1 a2 a3 08 b1', ['0b03a1a2a3', '08b1']],
		['two frames of two sizes, counted', '0b 82 01 02 a1 a2a3 08 b1', ['0b8201a1a2a3', '08b1']],
		['padding', '0b 41 02 01 a1 0000 08 b1', ['0b4102a10000', '08b1']],
	])('%s', (_, bytes, expected) => {
		expect(split(bytes, 2)).toEqual(expected);
	});

	test('the last stream is an ordinary packet', () => {
		expect(split('08 01 a1 08 01 a2 09 b1b2', 3)).toEqual(['08a1', '08a2', '09b1b2']);
	});

	test.each(['', '08', '08 05 a1', '0b', '0b 41 ff', '0a 01'])('%p runs past its end', async (bytes) => {
		expect((await voiceNoteErrorOf(() => split(bytes, 2))).code).toBe('corrupt');
	});
});
