/** Codecs of fixed-size blocks (ADPCM). */
import type { PcmBlock, PcmSource } from '../../pcm/pcmSource';

/** A codec whose stream is a row of blocks of one size (ADPCM). */
export interface BlockCodec {
	/** Bytes of a whole block, all channels. */
	readonly blockBytes: number;
	/** Frames a block of `byteLength` bytes decodes to; the last one of a file may be cut. */
	framesIn(byteLength: number): number;
	/**
	 * Makes a decoder for one run over the stream. It is given the blocks in order, the last one perhaps cut,
	 * and returns `framesIn(block.length)` frames for each, in memory that it does not use again.
	 */
	createDecoder(): (block: Uint8Array) => PcmBlock;
}

/** Frames that `byteLength` bytes of a block codec decode to. */
export function framesInBlocks(codec: BlockCodec, byteLength: number): number {
	const whole = Math.floor(byteLength / codec.blockBytes);
	return whole * codec.framesIn(codec.blockBytes) + codec.framesIn(byteLength % codec.blockBytes);
}

/** Decodes whole blocks that lie one behind the other, the last one perhaps cut, into one block of samples. */
export function joinedBlocks(codec: BlockCodec, channels: number): (bytes: Uint8Array) => PcmBlock {
	const decode = codec.createDecoder();
	return (bytes) => {
		const joined = Array.from({ length: channels }, () => new Float32Array(framesInBlocks(codec, bytes.length)));
		let frames = 0;
		for (let position = 0; position < bytes.length; position += codec.blockBytes) {
			const block = decode(bytes.subarray(position, position + codec.blockBytes));
			block.forEach((samples, channel) => joined[channel].set(samples, frames));
			frames += block[0].length;
		}
		return joined;
	};
}

/**
 * A stream of packets that each hold whole blocks, as a PCM source.
 *
 * @param packets from the start; only the last one may end within a block
 */
export function blockSource(
	packets: () => Iterable<Uint8Array>,
	codec: BlockCodec,
	{ channels, sampleRate, layout }: Omit<PcmSource, 'blocks'>,
): PcmSource {
	async function* blocks(): AsyncGenerator<PcmBlock> {
		const decode = joinedBlocks(codec, channels);
		for (const packet of packets()) yield decode(packet);
	}
	return { sampleRate, channels, layout, blocks };
}
