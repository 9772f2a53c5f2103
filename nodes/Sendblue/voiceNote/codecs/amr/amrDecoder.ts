import type { PacketDecoder, PcmBlock } from '../../audio';
import { AMR_NARROWBAND_MAGIC, AMR_WIDEBAND_MAGIC } from '../../containers/amr/readAmr';
import type { PacketStream } from '../packetSource';
import { AMR_NARROWBAND_RATE, AMR_WIDEBAND_RATE, amrFrames } from './amrFrames';

/** AMR as a stream to be decoded by opencore-amr, which is loaded on first use. A packet holds one frame or more. */
export function amrStream(wideband: boolean): Omit<PacketStream, 'packets'> {
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
			// Only whole frames: the library would keep the rest and read the next packet out of step.
			const complete = [...amrFrames(packet, 0, wideband)].reduce((total, frame) => total + frame.length, 0);
			const [samples = new Float32Array(0)] = decoder.decode(packet.subarray(0, complete)).channelData;
			return [samples];
		},
		free: () => decoder.free(),
	};
}
