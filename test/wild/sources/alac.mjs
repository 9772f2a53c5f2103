/** ALAC in its uncompressed form, which every decoder must read. */
import { BitWriter, cat, u16be, u32be, u8 } from '../bytes.mjs';

const FRAME = 4_096;

export function encodeAlac(samples, rate) {
	const packets = [];
	const counts = [];
	for (let at = 0; at < samples.length; at += FRAME) {
		const block = samples.subarray(at, at + FRAME);
		const partial = block.length < FRAME;
		// Single channel element, instance 0, unused bits, partial frame, no shift, uncompressed.
		const bits = new BitWriter()
			.put(0, 3)
			.put(0, 4)
			.put(0, 12)
			.put(partial ? 1 : 0, 1)
			.put(0, 2)
			.put(1, 1);
		if (partial) bits.put(block.length, 32);
		for (const sample of block) bits.put(sample & 0xffff, 16);
		packets.push(bits.put(7, 3).bytes());
		counts.push(block.length);
	}
	const cookie = cat(u32be(FRAME), u8(0, 16, 40, 10, 14, 1), u16be(255), u32be(0), u32be(0), u32be(rate));
	return { packets, samples: counts, cookie };
}
