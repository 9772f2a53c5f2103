/** PCM and ADPCM that a container holds in pieces (MOV, Matroska). */
import type { PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import { joinedBlocks, type BlockCodec } from './blockSource';
import { createSampleReader, type SampleFormat } from './sampleFormat';

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
