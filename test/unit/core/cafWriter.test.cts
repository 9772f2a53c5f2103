import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCaf } from '../../../nodes/Sendblue/voiceNote/containers/caf/readCaf';
import { readVoiceNote } from '../../../nodes/Sendblue/voiceNote/containers/caf/readVoiceNote';
import { writeVoiceNote } from '../../../nodes/Sendblue/voiceNote/containers/caf/writeVoiceNote';
import { PacketBuffer } from '../../../nodes/Sendblue/voiceNote/containers/packetBuffer';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { hex, joinBytes, toHex } from '../../support/bytes.cts';
import { audioData, cafChunk, cafOf, description, packetTable, variableLength } from '../../support/core/cafFile.cts';
import { packetsOfCaf } from '../../support/core/decodeVoiceNote.cts';

/** Configuration 13: hybrid, super-wideband, 20 ms, mono, as Apple's own notes have it. */
const TOC = 0x68;
const packetOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i === 0 ? TOC : i & 0xff));

function bufferOf(packets: Uint8Array[]): PacketBuffer {
	const buffer = new PacketBuffer();
	for (const packet of packets) buffer.append(packet);
	return buffer;
}

function write(sizes: number[], validFrames: number, primingFrames = 156): Uint8Array {
	return writeVoiceNote({ packets: bufferOf(sizes.map(packetOf)), validFrames, primingFrames });
}

/** The chunks up to the packet table, as Apple's AudioToolbox writes them. */
const HEADER = '63616666 0001 0000';
const DESC = '64657363 0000000000000020 40d7700000000000 6f707573 00000000 00000000 000001e0 00000001 00000000';
const KUKI = '6b756b69 000000000000001c 00000800 00005dc0 000001e0 fffffc18 00000001 00000000 00000000';
const CHAN = '6368616e 000000000000000c 00640001 00000000 00000000';

describe('the file', () => {
	test('holds exactly these bytes for two packets', () => {
		const pakt = '70616b74 000000000000001a 0000000000000002 0000000000000258 0000009c 000000cc 05 03';
		const data = '64617461 000000000000000c 00000000 6801020304 680102';
		expect(toHex(write([5, 3], 600))).toBe(toHex(hex(HEADER + DESC + KUKI + CHAN + pakt + data)));
	});

	test('agrees with a file that was put together chunk by chunk', () => {
		const packets = [30, 127, 128, 500].map(packetOf);
		const expected = cafOf(
			description(),
			hex(KUKI),
			hex(CHAN),
			packetTable({ validFrames: 1_700, primingFrames: 156, remainderFrames: 64, table: [30, 127, 128, 500] }),
			audioData(packets),
		);
		expect(toHex(write([30, 127, 128, 500], 1_700))).toBe(toHex(expected));
	});

	test.each([
		[1, '01'],
		[127, '7f'],
		[128, '8100'],
		[300, '822c'],
		[16_383, 'ff7f'],
		[16_384, '818000'],
		[65_535, '83ff7f'],
	])('codes a packet size of %i as %s, and reads it back', (size, coded) => {
		const file = write([size], 100);
		const start = 116 + 12 + 24;
		expect(toHex(file.subarray(start, start + coded.length / 2))).toBe(coded);
		expect(toHex(Uint8Array.from(variableLength(size)))).toBe(coded);
		expect([...(readCaf(file).packetTable?.packetSizes ?? [])]).toEqual([size]);
		expect(packetsOfCaf(file)).toEqual([packetOf(size)]);
	});

	test('an int64 that passes 32 bits is read as it is', () => {
		const frames = 0x1_0000_0123;
		const table = packetTable({ validFrames: frames, table: [3] });
		const file = readCaf(cafOf(description(), table, audioData([packetOf(3)])));
		expect(file.packetTable?.validFrames).toBe(frames);
	});

	test('a thousand packets: counts, order and offsets', () => {
		const packets = Array.from({ length: 1_000 }, (_, i) => packetOf(1 + ((i * 37) % 400)));
		const file = writeVoiceNote({ packets: bufferOf(packets), validFrames: 479_000, primingFrames: 156 });
		expect(packetsOfCaf(file)).toEqual(packets);
		expect(readVoiceNote(file)).toMatchObject({
			packets: 1_000,
			validFrames: 479_000,
			primingFrames: 156,
			remainderFrames: 844,
			durationSeconds: 479_000 / 24_000,
			bytes: file.length,
		});
	});
});

describe('the packet buffer', () => {
	test('drops packets from the end', () => {
		const buffer = bufferOf([packetOf(5), packetOf(7), packetOf(9)]);
		buffer.truncate(1);
		expect([...buffer.sizes]).toEqual([5]);
		expect(toHex(buffer.data)).toBe(toHex(packetOf(5)));
		buffer.truncate(4);
		expect(buffer.count).toBe(1);
		buffer.truncate(0);
		expect([buffer.count, buffer.data.length]).toEqual([0, 0]);
	});
});

describe('the reader', () => {
	const packets = [packetOf(4), packetOf(6)];
	const table = packetTable({ validFrames: 804, primingFrames: 156, table: [4, 6] });

	test('finds chunks in any order and passes over those it does not know', () => {
		const file = cafOf(
			description(),
			cafChunk('uuid', new Uint8Array(31)),
			audioData(packets),
			cafChunk('free', new Uint8Array(9)),
			table,
		);
		expect(readVoiceNote(file)).toMatchObject({ packets: 2, validFrames: 804 });
	});

	test('takes an audio data chunk of open size to the end of the file', () => {
		expect(readVoiceNote(cafOf(description(), table, audioData(packets, true)))).toMatchObject({ packets: 2 });
	});

	test('reads the frames of each packet if the description leaves them open', () => {
		const file = readCaf(
			cafOf(
				description({ framesPerPacket: 0 }),
				packetTable({ validFrames: 9, packets: 2, table: [4, 480, 6, 1_440] }),
				audioData(packets),
			),
		);
		expect([...(file.packetTable?.packetSizes ?? [])]).toEqual([4, 6]);
		expect([...(file.packetTable?.packetFrames ?? [])]).toEqual([480, 1_440]);
	});
});

/** A voice note that Apple's AudioToolbox wrote. */
const APPLE_NOTE = join(__dirname, '../../fixtures/apple/voiceNote.caf');

describe("Apple's own file", () => {
	test('our header, description, cookie and channel layout equal its bytes', () => {
		const apple = readFileSync(APPLE_NOTE);
		expect(toHex(write([5, 3], 600).subarray(0, 116))).toBe(toHex(apple.subarray(0, 116)));
	});

	test('is read', () => {
		expect(readVoiceNote(readFileSync(APPLE_NOTE))).toMatchObject({
			packets: 151,
			validFrames: 72_000,
			primingFrames: 156,
			remainderFrames: 324,
			durationSeconds: 3,
		});
	});

	test('is remuxed with the packets it has', async () => {
		const apple = readFileSync(APPLE_NOTE);
		const note = await toVoiceNote(apple);
		expect(note.info).toMatchObject({ method: 'remuxed', sourceFormat: 'caf/opus', durationSeconds: 3, packets: 151 });
		expect(toHex(joinBytes(...packetsOfCaf(note.bytes)))).toBe(toHex(joinBytes(...packetsOfCaf(apple))));
		expect((await toVoiceNote(note.bytes)).info.method).toBe('untouched');
	});
});
