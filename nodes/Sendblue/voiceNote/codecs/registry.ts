import type { AudioInput, DecodeOptions, PacketDecoder, PcmSource } from '../pcm/pcmSource';
import { aacStream } from './aac/aacStream';
import { quickTimeIma } from './adpcm/quickTimeIma';
import { AlacDecoder } from './alac/alacDecoder';
import { amrStream, singleAmrFrames } from './amr/amrDecoder';
import { flacStream } from './flac/flacDecoder';
import { mpegAudioPacketSource } from './mp3/mpegAudioSource';
import type { OpusHead } from './opus/opusHead';
import { OPUS_CLOCK_HZ } from './opus/opusPacket';
import { opusSource } from './opus/opusSource';
import type { OpusTrack } from './opus/opusTrack';
import { packetSource } from './packetSource';
import type { CodecStream, PacketStream } from './packetSource';
import { blockPacketDecoder, pcmPacketDecoder } from './pcm/packedPcm';
import { vorbisStream } from './vorbis/vorbisDecoder';
import type { CodedTrack, TimeRange, TrackCodec } from '../containers/codedTrack';
import { parseMpegAudioHeader } from './mp3/frameHeader';
import { checkStreamShape } from '../containers/pcmContainer';
import { VoiceNoteError } from '../errors';
import type { FrameRange } from '../pcm/trimFrames';
import { noteDamage } from '../pipeline/reconcile';

/** Packets at the start of an MP3 track that are looked at for a frame. */
const MAX_SEARCHED_PACKETS = 1_000;

/**
 * What a track of a container offers to the conversion.
 *
 * @param container name for `sourceFormat`: `m4a`, `webm` …
 */
export function trackInput(container: string, track: CodedTrack, hints: string[]): AudioInput {
	const sourceFormat = `${container}/${track.codec.name}`;
	const { codec } = track;
	const onDamage = (): void => noteDamage(hints);
	if (codec.name !== 'opus') {
		return { sourceFormat, hints, decode: (options) => trackSource(codec, track, onDamage, options) };
	}
	const opus = opusTrackOf(track, codec.head);
	const movable = !track.heard.dropAtEndSeconds;
	return { sourceFormat, hints, opus: movable ? opus : undefined, decode: () => opusSource(opus, onDamage) };
}

function opusTrackOf({ heard, packets }: CodedTrack, head: OpusHead): OpusTrack {
	const inSamples = (seconds: number): number => Math.round(seconds * OPUS_CLOCK_HZ);
	return {
		...head,
		preSkip: Math.max(head.preSkip, inSamples(heard.skipSeconds)),
		validSamples: heard.keepSeconds === undefined ? undefined : inSamples(heard.keepSeconds),
		packets,
	};
}

function trackSource(
	codec: Exclude<TrackCodec, { name: 'opus' }>,
	{ heard, packets }: CodedTrack,
	onDamage: () => void,
	options: DecodeOptions = {},
): PcmSource {
	if (codec.name === 'mp3') return mp3Source(packets, heard);
	const whole = codec.name === 'amr' ? () => singleAmrFrames(packets(), codec.wideband) : packets;
	const stream: PacketStream = { ...codecStream(codec, packets, options), packets: whole, onDamage };
	return packetSource(stream, framesOf(heard, stream.sampleRate));
}

function framesOf({ skipSeconds, keepSeconds, dropAtEndSeconds }: TimeRange, sampleRate: number): FrameRange {
	const inFrames = (seconds: number | undefined): number | undefined =>
		seconds === undefined ? undefined : Math.round(seconds * sampleRate);
	return { skip: inFrames(skipSeconds) ?? 0, keep: inFrames(keepSeconds), dropAtEnd: inFrames(dropAtEndSeconds) };
}

function mp3Source(packets: CodedTrack['packets'], heard: TimeRange): PcmSource {
	let searched = 0;
	for (const packet of packets()) {
		if (++searched > MAX_SEARCHED_PACKETS) break;
		const header = parseMpegAudioHeader(packet, 0);
		if (header) return mpegAudioPacketSource(packets, header, framesOf(heard, header.sampleRate));
	}
	throw new VoiceNoteError('corrupt', 'The MP3 track holds no audio frame', 'Export the file again.');
}

function codecStream(
	codec: Exclude<TrackCodec, { name: 'mp3' | 'opus' }>,
	packets: CodedTrack['packets'],
	options: DecodeOptions,
): CodecStream {
	switch (codec.name) {
		case 'aac':
			return aacStream(codec.config, packets(), options);
		case 'alac': {
			const { sampleRate, channels, layout } = new AlacDecoder(codec.cookie);
			return { codecName: 'ALAC', sampleRate, channels, layout, createDecoder: () => new AlacDecoder(codec.cookie) };
		}
		case 'amr':
			return amrStream(codec.wideband);
		case 'flac':
			return flacStream(codec.streamInfo);
		case 'ima4':
			return plainStream('IMA ADPCM', codec, ({ channels, sampleRate }) =>
				blockPacketDecoder(quickTimeIma(channels), channels, sampleRate),
			);
		case 'pcm':
			return plainStream('PCM', codec, ({ channels, sampleRate }) =>
				pcmPacketDecoder(codec.sampleFormat, channels, sampleRate),
			);
		case 'vorbis':
			return vorbisStream(codec.headers);
	}
}

/** The two numbers every header of PCM states. */
interface StreamShape {
	channels: number;
	sampleRate: number;
}

function plainStream(
	codecName: string,
	shape: StreamShape,
	createDecoder: (shape: StreamShape) => PacketDecoder,
): CodecStream {
	checkStreamShape(codecName, shape.channels, shape.sampleRate);
	return { codecName, ...shape, createDecoder: () => createDecoder(shape) };
}
