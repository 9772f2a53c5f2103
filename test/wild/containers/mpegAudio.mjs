/** MPEG audio frames (ISO 11172-3, 2.4.1), and the tag LAME puts in the first. */
import { cat, edited, text, u16be, u32be, u8 } from '../bytes.mjs';
import { sum } from '../sources/track.mjs';

const KBPS = {
	3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const RATES = [44_100, 48_000, 32_000];

function frameAt(bytes, at) {
	const version = (bytes[at + 1] >> 3) & 3;
	const mpeg1 = version === 3;
	const rate = RATES[(bytes[at + 2] >> 2) & 3] / (mpeg1 ? 1 : version === 2 ? 2 : 4);
	const kbps = KBPS[mpeg1 ? 3 : 2][bytes[at + 2] >> 4];
	const length = Math.floor(((mpeg1 ? 144 : 72) * kbps * 1_000) / rate) + ((bytes[at + 2] >> 1) & 1);
	return { bytes: bytes.subarray(at, at + length), samples: mpeg1 ? 1_152 : 576 };
}

export function splitMpegAudio(bytes) {
	const frames = [];
	for (let at = 0; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
		const frame = frameAt(bytes, at);
		frames.push(frame);
		at += frame.bytes.length;
	}
	return frames;
}

/**
 * A first frame that holds no sound but says what follows: how many frames and bytes, and how much at both ends is the
 * encoder's own.
 */
export function infoFrame(track, { frames = track.packets.length, bytes, delay = 576, padding, kind = 'Info' } = {}) {
	const model = track.packets[0];
	const mpeg1 = ((model[1] >> 3) & 3) === 3;
	const sideInfo = mpeg1 ? (track.channels === 1 ? 17 : 32) : track.channels === 1 ? 9 : 17;
	const audioBytes = bytes ?? sum(track.packets.map(({ length }) => length)) + model.length;
	const spare = sum(track.samples) - 576 - Math.round(track.config.voiceSamples ?? 0);
	const end = padding ?? Math.max(0, Math.min(4_095, track.config.voiceSamples ? spare : 0));
	const lame = cat(
		text('LAME3.100'),
		u8(0x24, 190),
		u32be(0),
		u32be(0),
		u8(0, 0),
		u8(delay >> 4, ((delay & 15) << 4) | (end >> 8), end & 255),
		u8(0, 0),
		u16be(0),
		u32be(audioBytes),
		u16be(0),
		u16be(0),
	);
	const tag = cat(text(kind), u32be(15), u32be(frames), u32be(audioBytes), Buffer.alloc(100), u32be(50), lame);
	// The frame must be long enough for the tag, whatever the bitrate of the others.
	let header = model.subarray(0, 4);
	for (let index = header[2] >> 4; index <= 14; index++) {
		header = edited(header, (copy) => {
			copy[2] = (index << 4) | (copy[2] & 0x0d);
		});
		const room = frameAt(cat(header, Buffer.alloc(2_000)), 0).bytes.length;
		if (room >= 4 + sideInfo + tag.length)
			return cat(header, Buffer.alloc(sideInfo), tag, Buffer.alloc(room - 4 - sideInfo - tag.length));
	}
	throw new Error('No frame is long enough for the tag');
}
