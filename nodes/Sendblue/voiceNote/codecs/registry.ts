/** The codecs by name: how each is decoded, and how long its packets last. */
import type { DecodeOptions, PacketDecoder, PcmSource } from '../pcm/pcmSource';
import type { Speaker } from '../pcm/speakers';
import { aacStream } from './aac/aacDecoder';
import type { AacConfig } from './aac/audioSpecificConfig';
import { IMA4_PACKET_BYTES, IMA4_PACKET_FRAMES, imaAdpcm, quickTimeIma } from './adpcm/imaAdpcm';
import { msAdpcm, type MsAdpcmCoefficients } from './adpcm/msAdpcm';
import { AlacDecoder } from './alac/alacDecoder';
import { parseMagicCookie } from './alac/magicCookie';
import { AMR_FRAMES_PER_SECOND, amrFrames, amrStream, singleAmrFrames } from './amr/amrDecoder';
import { flacFramesSource, flacStream } from './flac/flacDecoder';
import { type FlacStreamInfo, parseFrameHeader } from './flac/flacHeaders';
import { gsmBlocks, type GsmPacking } from './gsm/gsmDecoder';
import { firstMpegHeader, type MpegAudioHeader, mpegAudioSource, parseMpegAudioHeader } from './mp3/mpegAudio';
import type { OpusHead } from './opus/opusHead';
import { OPUS_CLOCK_HZ, OpusClock } from './opus/opusPacket';
import { opusSource } from './opus/opusSource';
import { type CodecStream, type OnDamage, packetSource } from './packetSource';
import { blockPacketDecoder, blockSource, checkStreamShape, pcmPacketDecoder } from './pcm/blockSource';
import { assertSampleFormat, type SampleFormat } from './pcm/sampleFormat';
import { VorbisClock, type VorbisHeaders, vorbisStream } from './vorbis/vorbisDecoder';

/** The fields that every header of uncompressed samples has. */
interface StreamShape {
	channels: number;
	/** Hz. */
	sampleRate: number;
	layout?: readonly Speaker[];
}

/** A codec with the codec private data that the container has for it. */
export type Codec =
	/** `blocksIn`: how many raw_data_blocks a packet holds, if it may be more than one (ADTS). */
	| { name: 'aac'; config: AacConfig; blocksIn?(packet: Uint8Array): number }
	| { name: 'alac'; cookie: Uint8Array }
	| { name: 'amr'; wideband: boolean }
	/** `undelimited`: packets are runs of frames of any length, as in native files. */
	| { name: 'flac'; streamInfo: FlacStreamInfo; undelimited?: boolean }
	/** `packing`: how frames are packed into blocks. */
	| ({ name: 'gsm'; packing: GsmPacking } & StreamShape)
	/** IMA ADPCM in blocks of QuickTime. */
	| ({ name: 'ima4' } & StreamShape)
	/** IMA ADPCM in blocks of WAVE. */
	| ({ name: 'imaAdpcm'; blockBytes: number } & StreamShape)
	| ({ name: 'msAdpcm'; blockBytes: number; coefficients: readonly MsAdpcmCoefficients[] } & StreamShape)
	/**
	 * MPEG audio of any layer. `first`: the header of the first frame, if known. `delayAtEnd`: the claimed times include
	 * the decoder delay.
	 */
	| { name: 'mp3'; first?: MpegAudioHeader; delayAtEnd?: boolean }
	| { name: 'opus'; head: OpusHead }
	| ({ name: 'pcm'; sampleFormat: SampleFormat } & StreamShape)
	| { name: 'vorbis'; headers: VorbisHeaders };

/** Packets of a codec, from the start each time. */
interface CodedPackets {
	codec: Codec;
	packets(): Iterable<Uint8Array>;
	/** The same packets, for examination before anything is decoded. */
	peek(): Iterable<Uint8Array>;
	/** Called for audio that cannot be decoded. */
	onDamage: OnDamage;
	/** Called at the end if most of an HE-AAC stream lacks its upper band. */
	onUpperBandMissing?(): void;
}

/**
 * Sets up the decoding of packets: of all the audio they hold, untrimmed. Nothing is decoded before a block is asked
 * for.
 *
 * @throws {VoiceNoteError} `corrupt` or `unsupported` if the codec private data is damaged or of a kind that cannot be
 *   read
 */
export function decodedStream(
	{ codec, packets, peek, onDamage, onUpperBandMissing }: CodedPackets,
	options: DecodeOptions = {},
): PcmSource {
	const decoded = (stream: CodecStream) => packetSource({ ...stream, packets, onDamage });
	switch (codec.name) {
		case 'aac':
			return packetSource({
				...aacStream(codec.config, peek(), options, codec.blocksIn),
				packets,
				onDamage,
				onUpperBandMissing,
			});
		case 'alac': {
			const { sampleRate, channels, layout } = new AlacDecoder(codec.cookie);
			const createDecoder = (): PacketDecoder => new AlacDecoder(codec.cookie);
			return decoded({ codecName: 'ALAC', sampleRate, channels, layout, createDecoder });
		}
		case 'amr': {
			const frames = (): Iterable<Uint8Array> => singleAmrFrames(packets(), codec.wideband, () => onDamage());
			return packetSource({ ...amrStream(codec.wideband), packets: frames, onDamage });
		}
		case 'flac':
			return codec.undelimited
				? flacFramesSource(codec.streamInfo, packets, onDamage)
				: decoded(flacStream(codec.streamInfo));
		case 'gsm':
			return blockSource(packets, gsmBlocks(codec.packing), codec);
		case 'ima4':
			return decoded(
				plainStream('IMA ADPCM', codec, () =>
					blockPacketDecoder(quickTimeIma(codec.channels), codec.channels, codec.sampleRate),
				),
			);
		case 'imaAdpcm':
			return blockSource(packets, imaAdpcm(codec.blockBytes, codec.channels), codec);
		case 'msAdpcm':
			return blockSource(packets, msAdpcm(codec.blockBytes, codec.channels, codec.coefficients), codec);
		case 'mp3':
			return mpegAudioSource(packets, codec.first ?? firstMpegHeader(peek()), codec.delayAtEnd);
		case 'opus':
			return opusSource({ ...codec.head, packets }, onDamage);
		case 'pcm':
			assertSampleFormat(codec.sampleFormat);
			return decoded(
				plainStream('PCM', codec, () => pcmPacketDecoder(codec.sampleFormat, codec.channels, codec.sampleRate)),
			);
		case 'vorbis':
			return decoded(vorbisStream(codec.headers));
	}
}

function plainStream(codecName: string, shape: StreamShape, createDecoder: () => PacketDecoder): CodecStream {
	const { channels, sampleRate, layout } = shape;
	checkStreamShape(codecName, channels, sampleRate);
	return { codecName, channels, sampleRate, layout, createDecoder };
}

/**
 * Measures by their headers how long packets last, without decoding them, whatever the container claims.
 *
 * @returns a function that takes the packets in their order and returns the seconds of each; 0 if the codec's packets
 * do not show it
 */
export function packetSeconds(codec: Codec): (packet: Uint8Array) => number {
	switch (codec.name) {
		case 'aac':
			return () => codec.config.frameLength / codec.config.sampleRate;
		case 'alac': {
			const { frameLength, sampleRate } = parseMagicCookie(codec.cookie);
			return () => frameLength / sampleRate;
		}
		case 'amr':
			return (packet) => {
				let frames = 0;
				for (const frame of amrFrames(packet, 0, codec.wideband)) frames += frame.length > 0 ? 1 : 0;
				return frames / AMR_FRAMES_PER_SECOND;
			};
		case 'flac':
			return (packet) =>
				(parseFrameHeader(packet, 0, codec.streamInfo)?.blockFrames ?? 0) / codec.streamInfo.sampleRate;
		case 'ima4':
			return (packet) =>
				(Math.floor(packet.length / (IMA4_PACKET_BYTES * codec.channels)) * IMA4_PACKET_FRAMES) / codec.sampleRate;
		case 'mp3':
			return (packet) => {
				const header = parseMpegAudioHeader(packet, 0);
				return header ? header.frameSamples / header.sampleRate : 0;
			};
		case 'opus': {
			const clock = new OpusClock();
			return (packet) => clock.samplesOf(packet) / OPUS_CLOCK_HZ;
		}
		case 'pcm':
			return (packet) => packet.length / (codec.sampleFormat.bytesPerSample * codec.channels) / codec.sampleRate;
		case 'vorbis': {
			const clock = new VorbisClock(codec.headers);
			return (packet) => clock.samplesOf(packet) / codec.headers.sampleRate;
		}
		case 'gsm':
		case 'imaAdpcm':
		case 'msAdpcm':
			// All blocks have the same size, by which the readers of the containers count them.
			return () => 0;
	}
}
