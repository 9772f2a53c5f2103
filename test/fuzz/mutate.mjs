/** Damage to files, repeatable from a seed. */

/** A generator of numbers from 0 to below 1 (mulberry32). */
function random(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Values that lengths and counts are often wrong about. */
const TELLING_BYTES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];
/** Most of what a demuxer believes stands at the start of a file. */
const HEADER_BYTES = 512;

const MUTATIONS = [
	function flipBits(bytes, below) {
		const copy = Uint8Array.from(bytes);
		for (let count = 1 + below(8); count > 0; count--) copy[position(copy, below)] ^= 1 << below(8);
		return copy;
	},
	function setBytes(bytes, below) {
		const copy = Uint8Array.from(bytes);
		const start = position(copy, below);
		copy.fill(TELLING_BYTES[below(TELLING_BYTES.length)], start, start + 1 + below(8));
		return copy;
	},
	function scramble(bytes, below) {
		const copy = Uint8Array.from(bytes);
		const start = position(copy, below);
		for (let index = start; index < Math.min(copy.length, start + 1 + below(64)); index++) copy[index] = below(256);
		return copy;
	},
	(bytes, below) => bytes.subarray(0, below(bytes.length + 1)),
	function cutOut(bytes, below) {
		const start = position(bytes, below);
		const end = Math.min(bytes.length, start + 1 + below(256));
		return join(bytes.subarray(0, start), bytes.subarray(end));
	},
	function repeat(bytes, below) {
		const start = position(bytes, below);
		const end = Math.min(bytes.length, start + 1 + below(1_024));
		return join(bytes.subarray(0, end), bytes.subarray(start));
	},
	function splice(bytes, below, other) {
		return join(bytes.subarray(0, below(bytes.length)), other.subarray(below(other.length)));
	},
];

function position(bytes, below) {
	if (bytes.length === 0) return 0;
	return below(2) === 0 ? below(Math.min(bytes.length, HEADER_BYTES)) : below(bytes.length);
}

function join(...parts) {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let offset = 0;
	for (const part of parts) {
		whole.set(part, offset);
		offset += part.length;
	}
	return whole;
}

/** One to three mutations of a file, some with parts of another one. */
export function mutate(bytes, other, seed) {
	const next = random(seed);
	const below = (limit) => Math.floor(next() * limit);
	let mutated = bytes;
	for (let count = 1 + below(3); count > 0; count--) {
		mutated = MUTATIONS[below(MUTATIONS.length)](mutated, below, other);
	}
	return mutated;
}
