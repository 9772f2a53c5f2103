/** Streams of uncompressed samples, and of codecs whose blocks all have the same size (ADPCM, GSM). */
import type { PacketDecoder, PcmBlock, PcmSource } from '../../pcm/pcmSource';
import { createSampleReader, type SampleFormat } from './sampleFormat';
import { VoiceNoteError } from '../../errors';

/** A codec whose blocks all have the same size. */
export interface BlockCodec {
	/** Bytes of a whole block, for all channels. */
	readonly blockBytes: number;
	/** Sample frames in a block of `byteLength` bytes; the last block of a file may be cut off. */
	framesIn(byteLength: number): number;
	/**
	 * Creates a decoder for one pass over the stream. It takes the blocks in order, the last one possibly cut off, and
	 * returns `framesIn(block.length)` sample frames for each, in newly allocated memory.
	 */
	createDecoder(): (block: Uint8Array) => PcmBlock;
}

/** Sample frames in `byteLength` bytes of a block codec. */
export function framesInBlocks(codec: BlockCodec, byteLength: number): number {
	const whole = Math.floor(byteLength / codec.blockBytes);
	return whole * codec.framesIn(codec.blockBytes) + codec.framesIn(byteLength % codec.blockBytes);
}

/** Creates a function that decodes a run of blocks, the last one possibly cut off, into one block of samples. */
function joinedBlocks(codec: BlockCodec, channels: number): (bytes: Uint8Array) => PcmBlock {
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
 * Decodes packets of whole blocks.
 *
 * @param packets from the start; only the last one may end in the middle of a block
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

/**
 * A decoder for packets of interleaved samples, as MOV and Matroska have them. An incomplete frame at the end of a
 * packet is left out.
 *
 * @throws {VoiceNoteError} `unsupported` for a sample format that nobody writes
 */
export function pcmPacketDecoder(format: SampleFormat, channels: number, sampleRate: number): PacketDecoder {
	const read = createSampleReader(format, channels);
	const frameBytes = format.bytesPerSample * channels;
	return {
		sampleRate,
		channels,
		decode: (packet): PcmBlock => read(packet, 0, Math.floor(packet.length / frameBytes)),
		free: () => undefined,
	};
}

/** A decoder for packets of whole blocks. */
export function blockPacketDecoder(codec: BlockCodec, channels: number, sampleRate: number): PacketDecoder {
	return { sampleRate, channels, decode: joinedBlocks(codec, channels), free: () => undefined };
}

/** The lowest plausible sample rate, in Hz. */
const MIN_SAMPLE_RATE = 1000;
/** The highest plausible sample rate, in Hz: no converter offers more. */
const MAX_SAMPLE_RATE = 768_000;
/** The most channels; a header that claims more is damaged. */
const MAX_CHANNELS = 64;

/**
 * Checks the sample rate and the number of channels, which every header has.
 *
 * @param fileKind Name of the file format for the message, such as `WAV`.
 * @throws {VoiceNoteError} `corrupt` if no real file has such a sample rate or number of channels
 */
export function checkStreamShape(fileKind: string, channels: number, sampleRate: number): void {
	if (!(channels >= 1 && channels <= MAX_CHANNELS)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header claims ${channels} channels`,
			`Between 1 and ${MAX_CHANNELS} channels can be read. The file is probably damaged; export it again.`,
		);
	}
	if (!(sampleRate >= MIN_SAMPLE_RATE && sampleRate <= MAX_SAMPLE_RATE)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header claims a sample rate of ${sampleRate} Hz`,
			`Rates from ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} Hz can be read. ` +
				'The file is probably damaged; export it again.',
		);
	}
}
