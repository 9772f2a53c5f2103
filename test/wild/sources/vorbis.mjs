/** How many samples a Vorbis packet adds (Vorbis I, 4.3.8): a quarter of its block and of the one before. */
export function vorbisPacketSamples(identification, setup, packets) {
	const blocks = [1 << (identification[28] & 15), 1 << (identification[28] >> 4)];
	const { modes, longBlock } = readModes(setup);
	const modeBits = Math.ceil(Math.log2(modes));
	let before;
	return packets.map((packet) => {
		const mode = (packet[0] >> 1) & ((1 << modeBits) - 1);
		const block = blocks[longBlock[mode]];
		const samples = before === undefined ? 0 : before / 4 + block / 4;
		before = block;
		return samples;
	});
}

/**
 * The modes at the end of the set-up header, read backwards from the framing bit: each has a flag, two fields of 16 bits
 * that are zero, and a mapping; in front of them stands their number less one, in 6 bits.
 */
function readModes(setup) {
	const bit = (position) => (setup[position >> 3] >> (position & 7)) & 1;
	const number = (position, count) => {
		let value = 0;
		for (let index = 0; index < count; index++) value |= bit(position + index) << index;
		return value;
	};
	let end = setup.length * 8 - 1;
	while (!bit(end)) end--;
	const flags = [];
	let position = end;
	let best;
	while (
		position >= 41 + 6 &&
		number(position - 40, 16) === 0 &&
		number(position - 24, 16) === 0 &&
		flags.length < 64
	) {
		position -= 41;
		flags.unshift(bit(position));
		if (number(position - 6, 6) === flags.length - 1) best = { modes: flags.length, longBlock: [...flags] };
	}
	if (!best) throw new Error('The set-up header has no modes');
	return best;
}
