/** Uncompressed and nearly uncompressed sound: how a block of 16-bit integers is written. */
import { cat, u16le, u8 } from '../bytes.mjs';

/** Every channel gets the same. */
function interleaved(bytesPerSample, write) {
	return (block, channels) => {
		const bytes = Buffer.alloc(block.length * channels * bytesPerSample);
		let at = 0;
		for (const sample of block)
			for (let channel = 0; channel < channels; channel++, at += bytesPerSample) write(bytes, sample, at);
		return bytes;
	};
}

/** ITU-T G.711, the logarithm in eight bits. */
function muLaw(sample) {
	const sign = sample < 0 ? 0x80 : 0;
	const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
	const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
	return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 255;
}

function aLaw(sample) {
	const sign = sample < 0 ? 0 : 0x80;
	const magnitude = Math.min(32_767, Math.abs(sample)) >> 3;
	const exponent = magnitude < 32 ? 0 : Math.floor(Math.log2(magnitude)) - 4;
	const code = exponent === 0 ? magnitude >> 1 : (exponent << 4) | ((magnitude >> exponent) & 15);
	return (sign | code) ^ 0x55;
}

/** The steps of the IMA's recommended practice. */
const STEPS = [
	7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
	130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060,
	1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484,
	7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
const INDEX_STEPS = [-1, -1, -1, -1, 2, 4, 6, 8];

/** One block of IMA ADPCM as WAV has it: the first sample and the step in its header, then four bits a sample. */
function imaBlock(block, samples) {
	let predictor = block[0];
	let index = 30;
	const nibbles = [];
	for (let at = 1; at < samples; at++) {
		const step = STEPS[index];
		let difference = (block[at] ?? 0) - predictor;
		const sign = difference < 0 ? 8 : 0;
		difference = Math.abs(difference);
		let code = 0;
		let change = step >> 3;
		for (let bit = 4, part = step; bit >= 1; bit >>= 1, part >>= 1)
			if (difference >= part) {
				code |= bit;
				difference -= part;
				change += part;
			}
		predictor = Math.max(-32_768, Math.min(32_767, predictor + (sign ? -change : change)));
		index = Math.max(0, Math.min(88, index + INDEX_STEPS[code]));
		nibbles.push(sign | code);
	}
	const data = [];
	for (let at = 0; at < nibbles.length; at += 2) data.push(nibbles[at] | (nibbles[at + 1] << 4));
	return cat(u16le(block[0]), u8(30, 0), Buffer.from(data));
}

export const PCM = {
	s16le: {
		name: 's16le',
		bits: 16,
		waveTag: 1,
		encode: interleaved(2, (bytes, sample, at) => bytes.writeInt16LE(sample, at)),
	},
	s16be: { name: 's16be', bits: 16, encode: interleaved(2, (bytes, sample, at) => bytes.writeInt16BE(sample, at)) },
	s24le: {
		name: 's24le',
		bits: 24,
		waveTag: 1,
		encode: interleaved(3, (bytes, sample, at) => bytes.writeIntLE(sample * 256, at, 3)),
	},
	u8: {
		name: 'u8',
		bits: 8,
		waveTag: 1,
		encode: interleaved(1, (bytes, sample, at) => bytes.writeUInt8((sample >> 8) + 128, at)),
	},
	f32le: {
		name: 'f32le',
		bits: 32,
		waveTag: 3,
		encode: interleaved(4, (bytes, sample, at) => bytes.writeFloatLE(sample / 32_768, at)),
	},
	mulaw: {
		name: 'mulaw',
		bits: 8,
		waveTag: 7,
		encode: interleaved(1, (bytes, sample, at) => bytes.writeUInt8(muLaw(sample), at)),
	},
	alaw: {
		name: 'alaw',
		bits: 8,
		waveTag: 6,
		encode: interleaved(1, (bytes, sample, at) => bytes.writeUInt8(aLaw(sample), at)),
	},
	ima: { name: 'ima', bits: 4, waveTag: 17, block: 505, encode: (block) => imaBlock(block, 505) },
};
