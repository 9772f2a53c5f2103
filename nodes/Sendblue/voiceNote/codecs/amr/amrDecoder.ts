import type { PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import type { CodecStream } from '../packetSource';
import {
	AMR_NARROWBAND_MAGIC,
	AMR_NARROWBAND_RATE,
	AMR_WIDEBAND_MAGIC,
	AMR_WIDEBAND_RATE,
	amrFrames,
} from './amrFrames';

/**
 * Parts packets, which may hold any number of frames, into single ones: the library would keep half a frame at a
 * packet's end and read the next packet out of step, and it decodes all that it is given in one go.
 *
 * @param onDamage called where a packet holds what is no frame
 */
export function* singleAmrFrames(
	packets: Iterable<Uint8Array>,
	wideband: boolean,
	onDamage: () => void,
): Generator<Uint8Array> {
	for (const packet of packets) yield* amrFrames(packet, 0, wideband, { onCut: () => undefined, onDamage });
}

/** AMR as a stream to be decoded by opencore-amr, which is loaded on first use. A packet holds one whole frame. */
export function amrStream(wideband: boolean): CodecStream {
	return {
		codecName: 'AMR',
		sampleRate: wideband ? AMR_WIDEBAND_RATE : AMR_NARROWBAND_RATE,
		channels: 1,
		createDecoder: () => createAmrDecoder(wideband),
	};
}

async function createAmrDecoder(wideband: boolean): Promise<PacketDecoder> {
	const amr = await import('../../vendor/amr');
	const decoder = await amr.createAmrDecoder();
	// The library tells the two kinds apart by the start of a file.
	decoder.decode(new TextEncoder().encode(wideband ? AMR_WIDEBAND_MAGIC : AMR_NARROWBAND_MAGIC));
	return {
		sampleRate: wideband ? AMR_WIDEBAND_RATE : AMR_NARROWBAND_RATE,
		channels: 1,
		decode(packet): PcmBlock {
			const [samples = new Float32Array(0)] = decoder.decode(packet).channelData;
			return [samples];
		},
		free: () => decoder.free(),
	};
}
