import { createDecoder as createOtherDecoder, createEncoder as createOtherEncoder } from 'libopus-wasm';
import {
	createOpusDecoder,
	createVoiceEncoder,
	loadLibopus,
} from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusCodec';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { joinBytes, toHex } from '../../support/bytes.cts';
import { decodePackets } from '../../support/core/decodeVoiceNote.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { compareAudio, concat, noise, silence, speechLike, tone } from '../../support/quality/index.cts';

// Ours is libopus 1.5.2 by the compiler of build/libopus; the package libopus-wasm is 1.6.1 by Emscripten.

const FRAME = 480;
const recording = concat(
	speechLike(3, 24_000, 21),
	silence(0.3, 24_000),
	noise(0.5, 24_000, 22),
	tone(440, 0.4, 24_000),
	speechLike(2, 24_000, 23),
);

async function packetsOfOurs(bitrate: number, complexity: number): Promise<Uint8Array[]> {
	const encoder = await createVoiceEncoder({ bitrate, complexity });
	const packets = framesOf(recording).map((frame) => encoder.encode(frame));
	encoder.free();
	return packets;
}

async function packetsOfTheOther(bitrate: number, complexity: number): Promise<Uint8Array[]> {
	const settings = {
		sampleRate: 24_000,
		channels: 1,
		frameSize: FRAME,
		application: 2048,
		signal: 3001,
		vbr: true,
	} as const;
	const encoder = await createOtherEncoder({ ...settings, bitrate, complexity });
	const packets = framesOf(recording).map((frame) => Uint8Array.from(encoder.encodeFloat(frame)));
	encoder.free();
	return packets;
}

function framesOf(samples: Float32Array): Float32Array[] {
	const count = Math.floor(samples.length / FRAME);
	return Array.from({ length: count }, (_, frame) => samples.slice(frame * FRAME, (frame + 1) * FRAME));
}

/** A packet with its size behind the table of contents (RFC 6716, appendix B); for one frame of fewer than 1,276 bytes. */
function selfDelimited(packet: Uint8Array): Uint8Array {
	const size = packet.length - 1;
	const coded = size < 252 ? [size] : [252 + (size & 3), (size - 252 - (size & 3)) >> 2];
	return joinBytes([packet[0], ...coded], packet.subarray(1));
}

const bytesOf = (packets: Uint8Array[]): number => packets.reduce((sum, { length }) => sum + length, 0);
const heard = async (packets: Uint8Array[]): Promise<Float32Array> => (await decodePackets(packets))[0];

describe('the same as another build of libopus', () => {
	// At this rate no decision hangs on the last digits; at higher ones a few packets differ, and all that come after.
	test('packets at 12 kb/s', async () => {
		const [ours, others] = [await packetsOfOurs(12_000, 10), await packetsOfTheOther(12_000, 10)];
		expect(ours.map(toHex)).toEqual(others.map(toHex));
	});

	test.each([
		[24_000, 10],
		[32_000, 5],
		[48_000, 5],
		[64_000, 5],
	])('what is heard at %i bit/s, complexity %i', async (bitrate, complexity) => {
		const [ours, others] = [await packetsOfOurs(bitrate, complexity), await packetsOfTheOther(bitrate, complexity)];
		expect(bytesOf(ours) / bytesOf(others)).toBeCloseTo(1, 2);
		const [one, other] = [
			compareAudio(recording, await heard(ours), 24_000),
			compareAudio(recording, await heard(others), 24_000),
		];
		expect(one.lagSamples).toBe(other.lagSamples);
		expect(Math.abs(one.stoi - other.stoi)).toBeLessThan(0.001);
		expect(Math.abs(one.lsdDb - other.lsdDb)).toBeLessThan(0.02);
		expect(Math.abs(one.snrDb - other.snrDb)).toBeLessThan(0.05);
	});

	test.each([
		[1, 24_000],
		[2, 24_000],
		[1, 48_000],
		[2, 48_000],
		[1, 8_000],
	] as const)('decoded audio, %i channel(s) at %i Hz', async (channels, sampleRate) => {
		const { packets } = await opusAudio(
			Array.from({ length: channels }, () => recording),
			{ bitrate: 48_000 },
		);
		const ours = await createOpusDecoder({ sampleRate, channels });
		const other = await createOtherDecoder({ sampleRate, channels });
		for (const packet of packets) {
			const expected = other.decodeFloat(packet);
			const actual = ours.decode(packet);
			expect(actual).toHaveLength(expected.length);
			expect(Math.max(...actual.map((sample, index) => Math.abs(sample - expected[index])))).toBeLessThan(2e-5);
		}
		ours.free();
		other.free();
	});
});

describe('packets that are not as usual', () => {
	test('a lost packet is concealed in as many samples as it had', async () => {
		const { packets } = await opusAudio([recording]);
		const decoder = await createOpusDecoder({ sampleRate: 24_000, channels: 1 });
		packets.slice(0, 20).forEach((packet) => decoder.decode(packet));
		const filling = decoder.conceal(FRAME);
		expect(filling).toHaveLength(FRAME);
		expect(Math.max(...filling.map(Math.abs))).toBeGreaterThan(0);
		decoder.free();
	});

	test('a packet with much padding is decoded', async () => {
		const { packets } = await opusAudio([recording]);
		// Code 3, one frame, padding of 100 times 254 bytes (RFC 6716, section 3.2.5).
		const padding = new Uint8Array(100).fill(255);
		const padded = joinBytes(
			[packets[9][0] | 3, 0x41],
			padding,
			[0],
			packets[9].subarray(1),
			new Uint8Array(100 * 254),
		);
		const [one, other] = [
			await createOpusDecoder({ sampleRate: 24_000, channels: 1 }),
			await createOpusDecoder({ sampleRate: 24_000, channels: 1 }),
		];
		expect(padded.length).toBeGreaterThan(20_000);
		expect(one.decode(padded)).toEqual(other.decode(packets[9]));
		one.free();
		other.free();
	});

	test.each([0, 100_000])('a packet of %i bytes is refused', async (bytes) => {
		const decoder = await createOpusDecoder({ sampleRate: 24_000, channels: 1 });
		const error = await voiceNoteErrorOf(async () => decoder.decode(new Uint8Array(bytes)));
		expect(error).toMatchObject({ code: 'corrupt', message: `An Opus packet has ${bytes} bytes` });
		decoder.free();
	});

	test('a packet of two streams that ends before its second costs its own time and no more', async () => {
		const { packets } = await opusAudio([speechLike(1, 24_000, 24)]);
		const both = packets.map((packet) => joinBytes(selfDelimited(packet), packet));
		const streams = { channels: 2, mapping: [255, 2, 0, 0, 1], preSkip: 312 };
		const whole = await toVoiceNote(oggOpusFile(both, streams));
		both[25] = selfDelimited(packets[25]);
		const cut = await toVoiceNote(oggOpusFile(both, streams));
		expect(whole.hints).toEqual([]);
		expect(cut.hints).toHaveLength(1);
		expect(cut.info.durationSeconds).toBe(whole.info.durationSeconds);
	});

	test('a packet that libopus refuses is named as damaged, and the next one is decoded', async () => {
		const { packets } = await opusAudio([recording]);
		const decoder = await createOpusDecoder({ sampleRate: 24_000, channels: 1 });
		const error = await voiceNoteErrorOf(async () => decoder.decode(new Uint8Array([0xff, 0x3f])));
		expect(error).toMatchObject({ code: 'corrupt', message: expect.stringContaining('refuses a packet') });
		expect(decoder.decode(packets[0])).toHaveLength(FRAME);
		decoder.free();
	});
});

describe('if libopus stops in the middle of a call', () => {
	test('its memory is left alone, and what comes next gets other memory', async () => {
		const packet = (await opusAudio([recording])).packets[0];
		const broken = await createOpusDecoder({ sampleRate: 24_000, channels: 1 });
		const bystander = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
		const library = await loadLibopus();
		// What its own checks find.
		new Uint8Array(library.memory.buffer).fill(0);
		const attempts = [() => broken.decode(packet), () => broken.conceal(FRAME), () => broken.decode(packet)];
		for (const attempt of attempts) {
			expect(await voiceNoteErrorOf(attempt)).toMatchObject({ code: 'corrupt', message: 'The Opus decoder stopped' });
		}
		expect(await loadLibopus()).not.toBe(library);
		broken.free();
		bystander.free();
		const next = await createOpusDecoder({ sampleRate: 24_000, channels: 1 });
		expect(next.decode(packet)).toHaveLength(FRAME);
		next.free();
	});

	test('what was given back is not called again', async () => {
		const encoder = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
		encoder.free();
		const error = await voiceNoteErrorOf(async () => encoder.encode(new Float32Array(FRAME)));
		expect(error).toMatchObject({ code: 'invalidOutput' });
	});

	test('more than there is memory for is an error, and the memory of others stays whole', async () => {
		const encoder = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
		const library = await loadLibopus();
		const taken: number[] = [];
		for (let address = library.allocate(1 << 24); address > 0; address = library.allocate(1 << 24)) taken.push(address);
		for (let address = library.allocate(1 << 16); address > 0; address = library.allocate(1 << 16)) taken.push(address);
		const error = await voiceNoteErrorOf(async () => createOpusDecoder({ sampleRate: 48_000, channels: 2 }));
		expect(error).toMatchObject({ code: 'limit', hint: 'Convert fewer files at a time.' });
		taken.forEach((address) => library.release(address));
		expect(encoder.encode(recording.slice(0, FRAME)).length).toBeGreaterThan(0);
		encoder.free();
	});
});

describe('memory', () => {
	test('freeing twice gives nothing back twice', async () => {
		const first = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
		first.free();
		const second = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
		first.free();
		const third = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
		const frames = framesOf(recording).slice(0, 50);
		expect(frames.map((frame) => second.encode(frame))).toEqual(frames.map((frame) => third.encode(frame)));
		second.free();
		third.free();
	});

	test('a thousand encoders and decoders, one after the other, take no more than the first', async () => {
		const { memory } = await loadLibopus();
		const useOnce = async () => {
			const encoder = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
			const decoder = await createOpusDecoder({ sampleRate: 24_000, channels: 2 });
			decoder.decode(encoder.encode(recording.slice(0, FRAME)));
			encoder.free();
			decoder.free();
		};
		await useOnce();
		const before = memory.buffer.byteLength;
		for (let round = 0; round < 1_000; round++) await useOnce();
		expect(memory.buffer.byteLength).toBe(before);
	});

	test('many at a time do not disturb each other', async () => {
		const frames = framesOf(recording).slice(0, 40);
		const alone = await createVoiceEncoder({ bitrate: 32_000, complexity: 5 });
		const expected = frames.map((frame) => alone.encode(frame));
		alone.free();
		const encoders = await Promise.all(
			Array.from({ length: 60 }, () => createVoiceEncoder({ bitrate: 32_000, complexity: 5 })),
		);
		const packets = encoders.map((): Uint8Array[] => []);
		for (const frame of frames) encoders.forEach((encoder, index) => packets[index].push(encoder.encode(frame)));
		expect(packets.every((made) => made.every((packet, index) => Buffer.compare(packet, expected[index]) === 0))).toBe(
			true,
		);
		encoders.forEach((encoder) => encoder.free());
	});
});
