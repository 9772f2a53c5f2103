/**
 * A clean track: what every encoder here yields and every muxer takes.
 *
 * @typedef {object} Track
 * @property {string} codec
 * @property {string} voice     which voice of signal.mjs it holds
 * @property {number} rate      Hz
 * @property {number} channels
 * @property {Buffer[]} packets
 * @property {number[]} samples of each packet, at `rate`
 * @property {number} delay     samples at `rate` before the voice begins, as the encoder adds them
 * @property {object} config    what the codec's decoder needs beside the packets
 */

/** A part of what a file holds: a stretch of a voice, and how many seconds of packets carry it. */
export function partOf(track, from = 0, to = track.packets.length) {
	const before = sum(track.samples.slice(0, from));
	const held = sum(track.samples.slice(from, to));
	const seconds = sum(track.samples) / track.rate;
	return {
		voice: track.voice,
		from: clamp((before - track.delay) / track.rate, 0, seconds),
		to: clamp((before + held - track.delay) / track.rate, 0, seconds),
		held: held / track.rate,
	};
}

/** The same track with the packets `from` up to, but not, `to`. */
export function slice(track, from, to) {
	return { ...track, packets: track.packets.slice(from, to), samples: track.samples.slice(from, to) };
}

export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
