import {
	opusPacketSamples,
	parseOpusToc,
	splitOpusPacket,
} from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusPacket';
import { hex, joinBytes, toHex } from '../../support/bytes.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';

/** Table 2 of RFC 6716: the frame sizes of each group of configurations, in ms. */
const CONFIGURATIONS: Array<[first: number, sizes: number[]]> = [
	[0, [10, 20, 40, 60]], // SILK, narrowband
	[4, [10, 20, 40, 60]], // SILK, medium band
	[8, [10, 20, 40, 60]], // SILK, wideband
	[12, [10, 20]], // hybrid, super-wideband
	[14, [10, 20]], // hybrid, fullband
	[16, [2.5, 5, 10, 20]], // CELT, narrowband
	[20, [2.5, 5, 10, 20]], // CELT, wideband
	[24, [2.5, 5, 10, 20]], // CELT, super-wideband
	[28, [2.5, 5, 10, 20]], // CELT, fullband
];

const frameMs = CONFIGURATIONS.flatMap(([first, sizes]) => sizes.map((ms, i) => [first + i, ms] as const));

/** Configuration 1: SILK, narrowband, 20 ms, mono. */
const MONO_20_MS = 1 << 3;
const frame = (size: number, seed = 1): Uint8Array =>
	Uint8Array.from({ length: size }, (_, i) => (i * 7 + seed * 31) & 0xff);

describe('the table-of-contents byte', () => {
	test('all 32 configurations are in the table', () => {
		expect(frameMs.map(([configuration]) => configuration)).toEqual(Array.from({ length: 32 }, (_, i) => i));
	});

	test.each(frameMs)('configuration %i lasts %d ms', (configuration, ms) => {
		for (let code = 0; code < 4; code++) {
			expect(parseOpusToc((configuration << 3) | code)).toEqual({
				frameSamples: ms * 48,
				stereo: false,
				frameCountCode: code,
			});
			expect(parseOpusToc((configuration << 3) | 4 | code).stereo).toBe(true);
		}
	});

	test.each(frameMs)('a packet of configuration %i lasts %d ms for each of its frames', (configuration, ms) => {
		const toc = configuration << 3;
		expect(opusPacketSamples(Uint8Array.of(toc, 1))).toBe(ms * 48);
		expect(opusPacketSamples(Uint8Array.of(toc | 1, 1, 1))).toBe(2 * ms * 48);
		expect(opusPacketSamples(Uint8Array.of(toc | 2, 1, 1, 1))).toBe(2 * ms * 48);
		const most = Math.floor(120 / ms);
		expect(opusPacketSamples(Uint8Array.of(toc | 3, most))).toBe(most * ms * 48);
		expect(() => opusPacketSamples(Uint8Array.of(toc | 3, most + 1))).toThrow('120 ms');
	});

	test('an empty packet stands for a lost one', () => {
		expect(opusPacketSamples(new Uint8Array(0))).toBe(0);
	});
});

describe('splitting', () => {
	const single = (body: Uint8Array): string => toHex(joinBytes([MONO_20_MS], body));

	test.each([0, 1, 50, 1275])('code 0 with a frame of %i bytes stays the packet it is', (size) => {
		const packet = joinBytes([MONO_20_MS], frame(size));
		expect(splitOpusPacket(packet)).toEqual([packet]);
		expect(splitOpusPacket(packet)[0]).toBe(packet);
	});

	test.each([0, 1, 251, 252, 255, 256, 1275])('code 1 with two frames of %i bytes', (size) => {
		const [a, b] = [frame(size, 1), frame(size, 2)];
		const packet = joinBytes([MONO_20_MS | 1], a, b);
		expect(splitOpusPacket(packet).map(toHex)).toEqual([single(a), single(b)]);
	});

	test.each([
		[0, '00'],
		[251, 'fb'],
		[252, 'fc00'],
		[253, 'fd00'],
		[255, 'ff00'],
		[256, 'fc01'],
		[1275, 'ffff'],
	])('code 2 with a first frame of %i bytes, whose length is coded %s', (size, coded) => {
		const [a, b] = [frame(size, 1), frame(13, 2)];
		const packet = joinBytes([MONO_20_MS | 2], hex(coded), a, b);
		expect(splitOpusPacket(packet).map(toHex)).toEqual([single(a), single(b)]);
	});

	test.each([2, 3, 6])('code 3 with %i frames of equal size', (count) => {
		const frames = Array.from({ length: count }, (_, i) => frame(40, i));
		const packet = joinBytes([MONO_20_MS | 3, count], ...frames);
		expect(splitOpusPacket(packet).map(toHex)).toEqual(frames.map(single));
	});

	test('code 3 with frames of different sizes', () => {
		const frames = [frame(3, 1), frame(300, 2), frame(0, 3), frame(77, 4)];
		const packet = joinBytes([MONO_20_MS | 3, 0x80 | 4], [3, 0xfc, 12, 0], ...frames);
		expect(splitOpusPacket(packet).map(toHex)).toEqual(frames.map(single));
	});

	test.each([0, 1, 254, 255, 508, 509, 1000])('code 3 with %i bytes of padding', (padding) => {
		const frames = [frame(20, 1), frame(20, 2), frame(20, 3)];
		// 255 means 254 bytes of padding and another length byte (RFC 6716, section 3.2.5).
		const lengths: number[] = [];
		let rest = padding;
		for (; rest > 254; rest -= 254) lengths.push(255);
		lengths.push(rest);
		const equal = joinBytes([MONO_20_MS | 3, 0x40 | 3], lengths, ...frames, new Uint8Array(padding));
		expect(splitOpusPacket(equal).map(toHex)).toEqual(frames.map(single));
		const sized = joinBytes([MONO_20_MS | 3, 0xc0 | 3], lengths, [20, 20], ...frames, new Uint8Array(padding));
		expect(splitOpusPacket(sized).map(toHex)).toEqual(frames.map(single));
	});

	test('code 3 with one frame stays the packet it is', () => {
		const packet = joinBytes([MONO_20_MS | 3, 1], frame(9));
		expect(splitOpusPacket(packet)[0]).toBe(packet);
	});

	test('the stereo bit and the configuration go into every part', () => {
		const packet = joinBytes([(31 << 3) | 4 | 1], frame(4, 1), frame(4, 2));
		expect(splitOpusPacket(packet).map((part) => part[0])).toEqual([(31 << 3) | 4, (31 << 3) | 4]);
	});

	test.each<[string, Uint8Array]>([
		['code 0, a frame over 1275 bytes', joinBytes([MONO_20_MS], frame(1276))],
		['code 1, an odd number of bytes', joinBytes([MONO_20_MS | 1], frame(7))],
		['code 1, frames over 1275 bytes', joinBytes([MONO_20_MS | 1], frame(2552))],
		['code 2, no length', Uint8Array.of(MONO_20_MS | 2)],
		['code 2, half a length', Uint8Array.of(MONO_20_MS | 2, 252)],
		['code 2, a length past the end', Uint8Array.of(MONO_20_MS | 2, 5, 1, 2)],
		['code 2, a last frame over 1275 bytes', joinBytes([MONO_20_MS | 2, 0], frame(1276))],
		['code 3, no frame count', Uint8Array.of(MONO_20_MS | 3)],
		['code 3, a frame count of zero', Uint8Array.of(MONO_20_MS | 3, 0, 1)],
		['code 3, more than 120 ms', joinBytes([MONO_20_MS | 3, 7], frame(70))],
		['code 3, sizes that do not divide', joinBytes([MONO_20_MS | 3, 3], frame(40))],
		['code 3, padding without an end', Uint8Array.of(MONO_20_MS | 3, 0x42, 255, 255)],
		['code 3, more padding than packet', Uint8Array.of(MONO_20_MS | 3, 0x42, 9, 1, 2)],
		['code 3, missing lengths', Uint8Array.of(MONO_20_MS | 3, 0x83, 1)],
		['code 3, lengths past the end', Uint8Array.of(MONO_20_MS | 3, 0x83, 9, 9, 1)],
	])('is refused: %s', async (_, packet) => {
		expect(await voiceNoteErrorOf(() => splitOpusPacket(packet))).toMatchObject({ code: 'corrupt' });
	});
});
