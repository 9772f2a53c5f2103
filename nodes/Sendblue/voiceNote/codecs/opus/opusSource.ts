import { VoiceNoteError } from '../../errors';
import type { PacketDecoder, PcmBlock, PcmSource } from '../../pcm/pcmSource';
import { PcmMemory } from '../../pcm/pcmSource';
import { VORBIS_CHANNEL_ORDERS } from '../../pcm/speakers';
import { VOICE_NOTE_SAMPLE_RATE } from '../../voiceNoteFormat';
import type { CodecStream, OnDamage } from '../packetSource';
import { DamagedRun, MAX_CONCEALED_PACKETS, packetSource, PacketTally } from '../packetSource';
import { createOpusDecoder, type OpusDecoder } from './opusCodec';
import type { OpusChannelMapping, OpusTrack } from './opusHead';
import { OPUS_CLOCK_HZ, opusPacketSamples, splitStreams, VOICE_NOTE_FRAME_SAMPLES } from './opusPacket';

/** libopus decodes to the rate of a voice note, so nothing has to be resampled. */
const DECODING_RATE = VOICE_NOTE_SAMPLE_RATE;
const CLOCK_RATIO = OPUS_CLOCK_HZ / DECODING_RATE;

/** Every stream needs a decoder. The loudspeaker layouts of Opus (mapping family 1) have at most 8 channels. */
const MAX_STREAMS = 8;

/**
 * Decodes all packets of an Opus track at 24 kHz, applies the output gain, and conceals lost packets.
 *
 * @param onDamage called for packets in a row that could not be decoded
 */
export function opusSource(track: OpusTrack, onDamage: OnDamage): PcmSource {
	if (track.mapping && (track.mapping.streams > 1 || track.channels > 2)) {
		return multistreamSource(track, track.mapping, onDamage);
	}
	const channels = track.channels === 1 ? 1 : 2;
	return {
		sampleRate: DECODING_RATE,
		channels,
		blocks: () => decodedBlocks(track, channels, onDamage),
	};
}

function multistreamSource(track: OpusTrack, mapping: OpusChannelMapping, onDamage: OnDamage): PcmSource {
	if (mapping.streams > MAX_STREAMS) {
		throw new VoiceNoteError(
			'unsupported',
			`The Opus audio has ${mapping.streams} streams, and at most ${MAX_STREAMS} can be read`,
			'Mix it down to stereo first.',
		);
	}
	const stream = multistreamStream(track.channels, mapping, track.outputGainDb);
	return packetSource({ ...stream, packets: track.packets, onDamage });
}

async function* decodedBlocks(track: OpusTrack, channels: 1 | 2, onDamage: OnDamage): AsyncGenerator<PcmBlock> {
	const decoder = await createOpusDecoder({ sampleRate: DECODING_RATE, channels });
	const deinterleave = createDeinterleaver(channels, 10 ** (track.outputGainDb / 20));
	let concealSamples = VOICE_NOTE_FRAME_SAMPLES;
	let missing = 0;
	let position = 0;
	const tally = new PacketTally('Opus');
	const damage = new DamagedRun(DECODING_RATE, onDamage);
	try {
		for await (const packet of track.packets()) {
			const samples = tryDecode(decoder, packet);
			if (samples) {
				missing = 0;
				damage.end(concealSamples / CLOCK_RATIO);
				concealSamples = opusPacketSamples(packet);
				position += concealSamples / CLOCK_RATIO;
				tally.countDecoded();
				yield deinterleave(samples);
				continue;
			}
			missing++;
			const isConcealed = missing <= MAX_CONCEALED_PACKETS;
			if (packet.length > 0 || !isConcealed) {
				damage.add(position);
				tally.countDamaged();
			}
			// Concealed, so that what follows keeps its time.
			const concealed = isConcealed ? decoder.conceal(concealSamples / CLOCK_RATIO) : new Float32Array(0);
			position += concealed.length / channels;
			yield deinterleave(concealed);
		}
		tally.assertWorthwhile();
	} finally {
		damage.end(concealSamples / CLOCK_RATIO);
		decoder.free();
	}
}

/** The audio of a packet; undefined if the packet is lost or libopus refuses it. */
function tryDecode(decoder: OpusDecoder, packet: Uint8Array): Float32Array | undefined {
	if (packet.length === 0) return undefined;
	try {
		return decoder.decode(packet);
	} catch {
		return undefined;
	}
}

/** An output channel that no stream codes. */
const SILENT_CHANNEL = 255;

/**
 * Opus with a channel mapping: every stream gets a decoder of its own.
 *
 * @param channels number of output channels
 */
function multistreamStream(channels: number, mapping: OpusChannelMapping, outputGainDb: number): CodecStream {
	return {
		codecName: 'Opus',
		sampleRate: DECODING_RATE,
		channels,
		layout: VORBIS_CHANNEL_ORDERS[channels],
		createDecoder: () => createMultistreamDecoder(mapping, outputGainDb),
	};
}

async function createMultistreamDecoder(
	{ streams, coupledStreams, table }: OpusChannelMapping,
	outputGainDb: number,
): Promise<PacketDecoder> {
	const gain = 10 ** (outputGainDb / 20);
	const decoders = await Promise.all(
		Array.from({ length: streams }, async (_, stream) => {
			const channels = stream < coupledStreams ? (2 as const) : (1 as const);
			const decoder = await createOpusDecoder({ sampleRate: DECODING_RATE, channels });
			return { decoder, deinterleave: createDeinterleaver(channels, gain) };
		}),
	);
	return {
		sampleRate: DECODING_RATE,
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

/**
 * Creates a function that splits interleaved samples by channel and applies a gain. Its result is a borrowed buffer;
 * for mono without gain, the input itself.
 *
 * @param gain factor, 1 for none
 */
function createDeinterleaver(channels: number, gain: number): (samples: Float32Array) => PcmBlock {
	const memory = new PcmMemory(channels);
	return (samples) => {
		if (channels === 1 && gain === 1) return [samples];
		const frames = samples.length / channels;
		const block = memory.take(frames);
		block.forEach((plane, channel) => {
			for (let frame = 0; frame < frames; frame++) plane[frame] = samples[frame * channels + channel] * gain;
		});
		return block;
	};
}
