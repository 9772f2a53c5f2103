import { PacketBuffer } from '../../../nodes/Sendblue/voiceNote/containers/packetBuffer';
import { joinBytes } from '../../support/bytes.cts';

const packetOf = (size: number, first: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => first + i);

function bufferOf(packets: Uint8Array[]): PacketBuffer {
	const buffer = new PacketBuffer();
	for (const packet of packets) buffer.append(packet);
	return buffer;
}

/** From one packet to several megabytes: past every size at which the block grows otherwise. */
const PACKETS = [
	[packetOf(5, 1)],
	Array.from({ length: 3_000 }, (_, i) => packetOf(60 + (i % 40), i)),
	[packetOf(65_535, 3), packetOf(1, 9), packetOf(65_535, 4)],
	Array.from({ length: 200 }, (_, i) => packetOf(20_000 + i, i)),
];

test.each(PACKETS)('keeps packets in their order', (...packets) => {
	const buffer = bufferOf(packets);
	expect(buffer.count).toBe(packets.length);
	expect([...buffer.sizes]).toEqual(packets.map(({ length }) => length));
	expect(Buffer.compare(buffer.data, joinBytes(...packets))).toBe(0);
});

test.each(PACKETS)('puts a head before them', (...packets) => {
	const buffer = bufferOf(packets);
	const block = buffer.data.buffer;
	const head = packetOf(150, 200);
	const file = buffer.withHead(head);
	expect(Buffer.compare(file, joinBytes(head, ...packets))).toBe(0);
	// In the same place: nothing was copied.
	expect(file.buffer).toBe(block);
});

test('takes a head larger than its room, and another one afterwards', () => {
	const packets = Array.from({ length: 20_000 }, (_, i) => packetOf(1, i));
	const buffer = bufferOf(packets);
	const head = packetOf(40_000, 7);
	expect(Buffer.compare(buffer.withHead(head), joinBytes(head, ...packets))).toBe(0);
	const other = packetOf(10, 50);
	expect(Buffer.compare(buffer.withHead(other), joinBytes(other, ...packets))).toBe(0);
});

test('drops packets at the end, and goes on from there', () => {
	const packets = [packetOf(10, 1), packetOf(20, 2), packetOf(30, 3)];
	const buffer = bufferOf(packets);
	buffer.truncate(1);
	buffer.append(packetOf(4, 8));
	expect([...buffer.withHead(packetOf(2, 0))]).toEqual([0, 1, ...packets[0], ...packetOf(4, 8)]);
	expect([...buffer.sizes]).toEqual([10, 4]);
});
