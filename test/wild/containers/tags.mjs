/** What stands in front of or behind the sound in many formats. */
import { cat, text, u32be, u32le, u8 } from '../bytes.mjs';

export const syncSafe = (value) => u8((value >> 21) & 127, (value >> 14) & 127, (value >> 7) & 127, value & 127);

export const id3Frame = (id, body) => cat(text(id), u32be(body.length), u8(0, 0), body);

/** ID3v2.3; `said` are the four bytes of its size. */
export const id3 = (body, said = syncSafe(body.length)) => cat(text('ID3'), u8(3, 0, 0), said, body);

export const id3v1 = () => cat(text('TAG'), Buffer.alloc(125, 0x20));

/** APEv2 with header and footer. */
export function ape(value, key = 'Cover Art (Front)') {
	const item = cat(u32le(value.length), u32le(2), text(`${key}\0`), value);
	const frame = (flags) =>
		cat(text('APETAGEX'), u32le(2_000), u32le(item.length + 32), u32le(1), u32le(flags), Buffer.alloc(8));
	return cat(frame(0xa0000000), item, frame(0x80000000));
}

/** Bytes as a picture has them; no two bytes of ones, so that no frame of MPEG audio begins in them. */
export const picture = (length, random) => Buffer.from(random.bytes(length).map((byte) => byte % 251));
