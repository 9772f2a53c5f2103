/** Formats that are a header and the sound: FLAC, WAV, AIFF, AU, AMR, CAF. */
import { cat, f64be, text, u16be, u16le, u32be, u32le, u64be, u8 } from '../bytes.mjs';
import { AMR_MAGIC } from '../sources/encoders.mjs';
import { sum } from '../sources/track.mjs';
import { audioSpecificConfig } from './adts.mjs';

// FLAC (RFC 9639)

const flacBlock = (type, body, last) => cat(u8(type | (last ? 0x80 : 0)), u32be(body.length).subarray(1), body);

/** `total` replaces the number of samples in STREAMINFO; `pictures` are blocks in front of the frames. */
export function flac(track, { total, pictures = [] } = {}) {
	const info = Buffer.from(track.config.streamInfo);
	if (total !== undefined) {
		const high = info[13] & 0xf0;
		info.writeBigUInt64BE(((info.readBigUInt64BE(10) >> 36n) << 36n) | BigInt(total), 10);
		info[13] = high | (info[13] & 0x0f);
	}
	const blocks = pictures.map((picture) => flacBlock(6, picture, false));
	return cat(text('fLaC'), flacBlock(0, info, false), blocks, flacBlock(1, Buffer.alloc(64), true), track.packets);
}

// RIFF and WAVE

export const chunk = (id, body, { size = body.length, pad = true } = {}) =>
	cat(text(id), u32le(size), body, pad && body.length % 2 ? u8(0) : []);

export function formatChunk({ rate, channels, config: { format } }) {
	const ima = format.name === 'ima';
	const align = ima ? 256 : (channels * format.bits) / 8;
	const bytesPerSecond = ima ? Math.round((rate * 256) / 505) : rate * align;
	return chunk(
		'fmt ',
		cat(
			u16le(format.waveTag),
			u16le(channels),
			u32le(rate),
			u32le(bytesPerSecond),
			u16le(align),
			u16le(format.bits),
			ima ? [u16le(2), u16le(505)] : [],
		),
	);
}

/** GSM 6.10 as Microsoft packs it: two frames in 65 bytes. */
export const gsmFormatChunk = () =>
	chunk('fmt ', cat(u16le(0x31), u16le(1), u32le(8_000), u32le(1_625), u16le(65), u16le(0), u16le(2), u16le(320)));

/** @param {object} how chunks before and behind the data, what the sizes say, `id` of the form */
export function wave(format, data, { before = [], behind = [], dataSize, riffSize, id = 'RIFF', pad } = {}) {
	const body = cat(text('WAVE'), format, before, chunk('data', data, { size: dataSize ?? data.length, pad }), behind);
	return cat(text(id), u32le(riffSize ?? body.length), body);
}

export const wav = (track, how) => wave(formatChunk(track), cat(track.packets), how);

// AIFF

function extended(value) {
	const exponent = Math.floor(Math.log2(value));
	return cat(u16be(16_383 + exponent), u64be(BigInt(value) << BigInt(63 - exponent)));
}

export const iffChunk = (id, body, { size = body.length, pad = true } = {}) =>
	cat(text(id), u32be(size), body, pad && body.length % 2 ? u8(0) : []);

export function aiff(
	track,
	{ frames = sum(track.samples), dataSize, formSize, before = [], behind = [], pad, compression } = {},
) {
	const { bits } = track.config.format;
	const common = cat(
		u16be(track.channels),
		u32be(frames),
		u16be(bits),
		extended(track.rate),
		compression ? [text(compression), u8(0, 0)] : [],
	);
	const data = cat(u32be(0), u32be(0), track.packets);
	const sound = iffChunk('SSND', data, { size: dataSize ?? data.length, pad });
	const version = compression ? iffChunk('FVER', u32be(0xa2805140)) : [];
	const body = cat(text(compression ? 'AIFC' : 'AIFF'), version, iffChunk('COMM', common), before, sound, behind);
	return cat(text('FORM'), u32be(formSize ?? body.length), body);
}

// AU

const AU_ENCODINGS = { mulaw: 1, s16be: 3, alaw: 27 };

export function au(track, { size, offset = 24, note = Buffer.alloc(0) } = {}) {
	const data = cat(track.packets);
	const header = cat(
		text('.snd'),
		u32be(offset + note.length),
		u32be(size ?? data.length),
		u32be(AU_ENCODINGS[track.config.format.name]),
		u32be(track.rate),
		u32be(track.channels),
	);
	return cat(header, note, data);
}

// AMR (RFC 4867, 5)

export const amr = (track, magic = AMR_MAGIC[track.codec]) => cat(text(magic), track.packets);

// CAF

export const cafChunk = (id, body, size = body.length) => cat(text(id), u64be(size), body);

function cafCodec(track) {
	const frames = track.samples[0];
	const { format } = track.config;
	if (track.codec === 'opus') return { id: 'opus', flags: 0, bytes: 0, frames, bits: 0 };
	if (track.codec === 'alac')
		return { id: 'alac', flags: 1, bytes: 0, frames: 4_096, bits: 0, cookie: track.config.cookie };
	if (track.codec === 'aac') return { id: 'aac ', flags: 0, bytes: 0, frames: 1_024, bits: 0, cookie: esds(track) };
	const ids = { s16le: ['lpcm', 2], s16be: ['lpcm', 0], f32le: ['lpcm', 3], mulaw: ['ulaw', 0], alaw: ['alaw', 0] };
	return {
		id: ids[format.name][0],
		flags: ids[format.name][1],
		bytes: (track.channels * format.bits) / 8,
		frames: 1,
		bits: format.bits,
	};
}

/** The elementary stream descriptor (ISO 14496-1) that AAC has in CAF and MP4. */
export function esds({ rate, channels }, config = audioSpecificConfig({ rate, channels })) {
	const descriptor = (tag, body) => cat(u8(tag, 0x80, 0x80, 0x80, body.length), body);
	const decoder = cat(u8(0x40, 0x15), Buffer.alloc(3), u32be(64_000), u32be(64_000), descriptor(5, config));
	return descriptor(3, cat(u16be(0), u8(0), descriptor(4, decoder), descriptor(6, u8(2))));
}

/** A size of a packet as CAF writes it: seven bits a byte. */
function variable(value) {
	const bytes = [value & 127];
	for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 127) | 128);
	return u8(...bytes);
}

export function cafParts(track) {
	const { id, flags, bytes, frames, bits, cookie } = cafCodec(track);
	return {
		description: cat(
			f64be(track.rate),
			text(id),
			u32be(flags),
			u32be(bytes),
			u32be(frames),
			u32be(track.channels),
			u32be(bits),
		),
		cookie,
		packetTable: bytes === 0,
	};
}

/** `valid`, `priming` and `remainder` of the packet table are in samples. */
export function caf(
	track,
	{
		valid,
		priming = track.delay,
		remainder,
		packets = track.packets.length,
		dataSize,
		front = [],
		behind = [],
		tableFirst = true,
	} = {},
) {
	const { description, cookie, packetTable } = cafParts(track);
	const all = sum(track.samples);
	const table = packetTable
		? cafChunk(
				'pakt',
				cat(
					u64be(packets),
					u64be(valid ?? all - priming - (remainder ?? 0)),
					u32be(priming),
					u32be(remainder ?? 0),
					track.packets.map(({ length }) => variable(length)),
				),
			)
		: [];
	const data = cat(u32be(0), track.packets);
	const dataChunk = cafChunk('data', data, dataSize ?? data.length);
	return cat(
		text('caff'),
		u16be(1),
		u16be(0),
		cafChunk('desc', description),
		cookie ? cafChunk('kuki', cookie) : [],
		front,
		tableFirst ? [table, dataChunk] : [dataChunk, table],
		behind,
	);
}
