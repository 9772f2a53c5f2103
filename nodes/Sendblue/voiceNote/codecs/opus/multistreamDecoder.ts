import type { PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import { VORBIS_CHANNEL_ORDERS } from '../../pcm/speakers';
import type { CodecStream } from '../packetSource';
import { createDeinterleaver } from './deinterleave';
import { createOpusDecoder } from './opusDecoder';
import { splitStreams } from './opusPacket';
import type { OpusChannelMapping } from './opusTrack';

/** A channel of the mapping table that is silent. */
const SILENT_CHANNEL = 255;

/**
 * Opus with a channel mapping as a stream to be decoded: each of its streams by a decoder of its own.
 *
 * @param channels number of output channels
 */
export function multistreamStream(
	channels: number,
	mapping: OpusChannelMapping,
	outputGainDb: number,
	sampleRate: number,
): CodecStream {
	return {
		codecName: 'Opus',
		sampleRate,
		channels,
		layout: VORBIS_CHANNEL_ORDERS[channels],
		createDecoder: () => createMultistreamDecoder(mapping, outputGainDb, sampleRate),
	};
}

async function createMultistreamDecoder(
	{ streams, coupledStreams, table }: OpusChannelMapping,
	outputGainDb: number,
	sampleRate: number,
): Promise<PacketDecoder> {
	const gain = 10 ** (outputGainDb / 20);
	const decoders = await Promise.all(
		Array.from({ length: streams }, async (_, stream) => {
			const channels = stream < coupledStreams ? (2 as const) : (1 as const);
			const decoder = await createOpusDecoder({ sampleRate: sampleRate as 24_000, channels });
			return { decoder, deinterleave: createDeinterleaver(channels, gain) };
		}),
	);
	return {
		sampleRate,
		channels: table.length,
		decode(packet): PcmBlock {
			const parts = splitStreams(packet, streams);
			const decoded = decoders.flatMap(({ decoder, deinterleave }, stream) =>
				deinterleave(decoder.decode(parts[stream])),
			);
			const silence = new Float32Array(decoded[0].length);
			return Array.from(table, (index) => (index === SILENT_CHANNEL ? silence : decoded[index]));
		},
		free: () => decoders.forEach(({ decoder }) => decoder.free()),
	};
}
