import { createDecoder } from 'libopus-wasm';
import { readCafFile } from '../caf.cts';

/** The packets of a CAF file. */
export const packetsOfCaf = (bytes: Uint8Array): Uint8Array[] => readCafFile(bytes).packets;

/** Decodes Opus packets with libopus, one array per channel. */
export async function decodePackets(
	packets: Uint8Array[],
	channels: 1 | 2 = 1,
	sampleRate: 24000 | 48000 = 24_000,
): Promise<Float32Array[]> {
	const decoder = await createDecoder({ sampleRate, channels });
	try {
		const blocks = packets.map((packet) => Float32Array.from(decoder.decodeFloat(packet)));
		const frames = blocks.reduce((sum, { length }) => sum + length / channels, 0);
		const planes = Array.from({ length: channels }, () => new Float32Array(frames));
		let position = 0;
		for (const block of blocks) {
			for (let i = 0; i < block.length; i++) planes[i % channels][position + Math.floor(i / channels)] = block[i];
			position += block.length / channels;
		}
		return planes;
	} finally {
		decoder.free();
	}
}

/** The valid range of a voice note: 24 kHz, mono, without the priming and remainder frames. */
export async function decodeVoiceNote(bytes: Uint8Array): Promise<Float32Array> {
	const { packets, primingFrames, validFrames } = readCafFile(bytes);
	const [samples] = await decodePackets(packets);
	return samples.subarray(primingFrames, primingFrames + validFrames);
}
