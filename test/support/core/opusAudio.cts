import { createEncoder, type OpusEncoderHandle } from 'libopus-wasm';

/** libopus' numbers for the encoder's applications. */
const APPLICATION = { voip: 2048, audio: 2049 } as const;

/** How test audio is encoded. */
export interface OpusAudioOptions {
	sampleRate?: 8000 | 12000 | 16000 | 24000 | 48000;
	frameMs?: number;
	bitrate?: number;
	application?: keyof typeof APPLICATION;
	dtx?: boolean;
}

/** Encoded test audio. */
export interface OpusAudio {
	packets: Uint8Array[];
	/** Samples at 48 kHz by which the decoded audio lags. */
	preSkip: number;
	/** Samples at 48 kHz in one packet. */
	packetSamples: number;
	/** Granule position at which the audio ends. */
	endGranule: number;
}

/** Encodes audio (one array per channel) as Opus packets; the end is filled up with silence. */
export async function opusAudio(channels: Float32Array[], options: OpusAudioOptions = {}): Promise<OpusAudio> {
	const { sampleRate = 24_000, frameMs = 20, bitrate = 24_000, application = 'voip', dtx = false } = options;
	const frameSize = (sampleRate * frameMs) / 1_000;
	const count = channels.length as 1 | 2;
	const encoder: OpusEncoderHandle = await createEncoder({
		sampleRate,
		channels: count,
		frameSize,
		application: APPLICATION[application] as 2048,
		bitrate,
		dtx,
		complexity: 5,
	});
	try {
		const lookahead = encoder.getLookahead();
		const packets: Uint8Array[] = [];
		const frames = channels[0].length;
		for (let start = 0; start < frames + lookahead; start += frameSize) {
			const pcm = new Float32Array(frameSize * count);
			for (let i = 0; i < frameSize && start + i < frames; i++) {
				channels.forEach((channel, c) => (pcm[i * count + c] = channel[start + i]));
			}
			packets.push(Uint8Array.from(encoder.encodeFloat(pcm)));
		}
		const ratio = 48_000 / sampleRate;
		return {
			packets,
			preSkip: lookahead * ratio,
			packetSamples: frameSize * ratio,
			endGranule: (frames + lookahead) * ratio,
		};
	} finally {
		encoder.free();
	}
}
