import { BitWriter } from '../bits.cts';

/**
 * One frame of a LOAS stream (ISO/IEC 14496-3, 1.7), a form ffmpeg reads that carries a whole
 * AudioSpecificConfig, so also frames of 960 samples, which ADTS cannot announce.
 */
export function loasFrame(audioSpecificConfig: Uint8Array, configBits: number, block: Uint8Array): Uint8Array {
	const element = new BitWriter();
	element.write(0, 1); // useSameStreamMux
	element.write(0, 1).write(1, 1).write(0, 6).write(0, 4).write(0, 3); // one program of one layer
	for (let bit = 0; bit < configBits; bit++) element.write(audioSpecificConfig[bit >> 3] >> (7 - (bit & 7)), 1);
	element.write(0, 3).write(0xff, 8).write(0, 1).write(0, 1); // frameLengthType … crcCheckPresent
	for (let left = block.length; left >= 0; left -= 255) element.write(Math.min(left, 255), 8);
	block.forEach((byte) => element.write(byte, 8));
	const bytes = element.toBytes();
	const header = new BitWriter().write(0x2b7, 11).write(bytes.length, 13).toBytes();
	return Uint8Array.of(...header, ...bytes);
}
