/** Codecs of fixed-size blocks (ADPCM). */
/** PCM and ADPCM that a container holds in pieces (MOV, Matroska). */
/** The two numbers every header states, within what they can be. */
import type { PacketDecoder, PcmBlock, PcmSource } from '../../pcm/pcmSource';
import { createSampleReader, type SampleFormat } from './sampleFormat';
import { VoiceNoteError } from '../../errors';

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

/**
 * A decoder for pieces of interleaved samples; half a frame at the end of a piece is left out.
 *
 * @throws {VoiceNoteError} `unsupported` for a sample format nobody writes.
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

/** A decoder for pieces that each hold whole blocks of a block codec (ADPCM). */
export function blockPacketDecoder(codec: BlockCodec, channels: number, sampleRate: number): PacketDecoder {
	return { sampleRate, channels, decode: joinedBlocks(codec, channels), free: () => undefined };
}

/** Lowest sampling rate taken for true, in Hz. */
const MIN_SAMPLE_RATE = 1000;
/** Highest sampling rate taken for true, in Hz (768 kHz is the highest any converter offers). */
const MAX_SAMPLE_RATE = 768_000;
/** Most channels read; what claims more is a damaged header. */
const MAX_CHANNELS = 64;

/**
 * Checks the two numbers every header states.
 *
 * @param fileKind Name of the file format for the message, e.g. `WAV`.
 * @throws {VoiceNoteError} `corrupt` where no real file has such a rate or number of channels.
 */
export function checkStreamShape(fileKind: string, channels: number, sampleRate: number): void {
	if (!(channels >= 1 && channels <= MAX_CHANNELS)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header states ${channels} channels`,
			`Between 1 and ${MAX_CHANNELS} channels can be read. The file is probably damaged; export it again.`,
		);
	}
	if (!(sampleRate >= MIN_SAMPLE_RATE && sampleRate <= MAX_SAMPLE_RATE)) {
		throw new VoiceNoteError(
			'corrupt',
			`The ${fileKind} header states a sampling rate of ${sampleRate} Hz`,
			`Rates from ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} Hz can be read. ` +
				'The file is probably damaged; export it again.',
		);
	}
}
