/** ADTS (ISO 13818-7, 6.2): a header in front of each AAC frame. */
import { BitWriter, cat } from '../bytes.mjs';

export const AAC_RATES = [
	96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
];

export function splitAdts(bytes) {
	const frames = [];
	for (let at = 0; at + 7 <= bytes.length; ) {
		const length = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
		frames.push({ bytes: bytes.subarray(at, at + length) });
		at += length;
	}
	return frames;
}

export function adtsFrame(packet, { rate, channels }) {
	const header = new BitWriter()
		.put(0xfff, 12)
		.put(1, 4)
		.put(1, 2)
		.put(AAC_RATES.indexOf(rate), 4)
		.put(0, 1)
		.put(channels, 3)
		.put(0, 4)
		.put(packet.length + 7, 13)
		.put(0x7ff, 11)
		.put(0, 2);
	return cat(header.bytes(), packet);
}

export const adtsFrames = (track) => track.packets.map((packet) => adtsFrame(packet, track));

/** AudioSpecificConfig of AAC-LC. */
export const audioSpecificConfig = ({ rate, channels }) =>
	new BitWriter().put(2, 5).put(AAC_RATES.indexOf(rate), 4).put(channels, 4).put(0, 3).bytes();
