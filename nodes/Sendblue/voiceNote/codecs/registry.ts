/** The codecs, by their names: one table that says how each is decoded. */
import type { DecodeOptions, PacketDecoder, PcmSource } from '../pcm/pcmSource';
import type { Speaker } from '../pcm/speakers';
import { aacStream } from './aac/aacDecoder';
import type { AacConfig } from './aac/audioSpecificConfig';
import { imaAdpcm, quickTimeIma } from './adpcm/imaAdpcm';
import type { MsAdpcmCoefficients } from './adpcm/msAdpcm';
import { msAdpcm } from './adpcm/msAdpcm';
import { AlacDecoder } from './alac/alacDecoder';
import { amrStream, singleAmrFrames } from './amr/amrDecoder';
import { flacFramesSource, flacStream } from './flac/flacDecoder';
import type { FlacStreamInfo } from './flac/streamInfo';
import type { MpegAudioHeader } from './mp3/mpegAudioHeader';
import { gsmBlocks } from './gsm/gsmDecoder';
import type { GsmPacking } from './gsm/gsmDecoder';
import { firstMpegHeader, mpegAudioSource } from './mp3/mpegAudioSource';
import type { OpusHead } from './opus/opusHead';
import { opusSource } from './opus/opusSource';
import { packetSource } from './packetSource';
import type { CodecStream } from './packetSource';
import { blockPacketDecoder, blockSource, checkStreamShape, pcmPacketDecoder } from './pcm/blockSource';
import type { SampleFormat } from './pcm/sampleFormat';
import { assertSampleFormat } from './pcm/sampleFormat';
import { vorbisStream } from './vorbis/vorbisDecoder';
import type { VorbisHeaders } from './vorbis/vorbisHeaders';

/** The two numbers every header of PCM states, and where its channels are to be heard. */
interface StreamShape {
	channels: number;
	/** Hz. */
	sampleRate: number;
	layout?: readonly Speaker[];
}

/** A codec with the set-up data that the container holds for it. */
export type Codec =
	/** `blocksIn`: how many raw_data_blocks a packet holds, where it may be more than one (ADTS). */
	| { name: 'aac'; config: AacConfig; blocksIn?(packet: Uint8Array): number }
	| { name: 'alac'; cookie: Uint8Array }
	| { name: 'amr'; wideband: boolean }
	/** `undelimited`: frames lie one behind the other in packets of any length, as in native files. */
	| { name: 'flac'; streamInfo: FlacStreamInfo; undelimited?: boolean }
	/** `packing`: how frames lie in blocks. */
	| ({ name: 'gsm'; packing: GsmPacking } & StreamShape)
	/** IMA ADPCM as QuickTime frames it. */
	| ({ name: 'ima4' } & StreamShape)
	/** IMA ADPCM as WAVE frames it. */
	| ({ name: 'imaAdpcm'; blockBytes: number } & StreamShape)
	| ({ name: 'msAdpcm'; blockBytes: number; coefficients: readonly MsAdpcmCoefficients[] } & StreamShape)
	/**
	 * MPEG audio of any layer. `first`: the header of the first frame, where it is known. `lagAtEnd`: the claimed times
	 * count in the samples by which the decoder lags.
	 */
	| { name: 'mp3'; first?: MpegAudioHeader; lagAtEnd?: boolean }
	| { name: 'opus'; head: OpusHead }
	| ({ name: 'pcm'; sampleFormat: SampleFormat } & StreamShape)
	| { name: 'vorbis'; headers: VorbisHeaders };

/** Packets of a codec, from the start each time. */
interface CodedPackets {
	codec: Codec;
	packets(): Iterable<Uint8Array>;
	/** The same packets, for a look ahead that nobody hears. */
	peek(): Iterable<Uint8Array>;
	/** Called where a packet cannot be decoded, with the seconds that are lost where they are known. */
	onDamage(seconds?: number): void;
	/** Called at the end where most of HE-AAC holds its lower band alone. */
	onUpperBandMissing?(): void;
}

/**
 * Sets the decoding of packets up: of all of the audio that they hold, nothing is trimmed. Nothing is decoded before the
 * blocks are asked for.
 *
 * @throws {VoiceNoteError} where the set-up data are damaged or of a kind that is not read
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
			const frames = (): Iterable<Uint8Array> => singleAmrFrames(packets(), codec.wideband, onDamage);
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
			return mpegAudioSource(packets, codec.first ?? firstMpegHeader(peek()), codec.lagAtEnd);
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
