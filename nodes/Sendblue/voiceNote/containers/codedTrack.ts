import type { AacConfig } from '../codecs/aac/audioSpecificConfig';
import type { FlacStreamInfo } from '../codecs/flac/streamInfo';
import type { OpusHead } from '../codecs/opus/opusHead';
import type { SampleFormat } from '../codecs/pcm/sampleFormat';
import type { VorbisHeaders } from '../codecs/vorbis/vorbisHeaders';

/** A codec with the set-up data that the container holds for it. */
export type TrackCodec =
	| { name: 'aac'; config: AacConfig }
	| { name: 'alac'; cookie: Uint8Array }
	| { name: 'amr'; wideband: boolean }
	| { name: 'flac'; streamInfo: FlacStreamInfo }
	| { name: 'ima4'; channels: number; sampleRate: number }
	/** MPEG audio of any layer. */
	| { name: 'mp3' }
	| { name: 'opus'; head: OpusHead }
	| { name: 'pcm'; sampleFormat: SampleFormat; channels: number; sampleRate: number }
	| { name: 'vorbis'; headers: VorbisHeaders };

/** The part of a track that is to be heard, in seconds of the decoded audio. */
export interface TimeRange {
	/** Time to drop at the start: what primes the decoder, or was edited away. */
	skipSeconds: number;
	/** Time to keep after that; all where undefined. */
	keepSeconds?: number;
	/** Time to drop at the end; none where undefined. */
	dropAtEndSeconds?: number;
}

/** An audio track, the way a container that knows many codecs hands it on. */
export interface CodedTrack {
	codec: TrackCodec;
	heard: TimeRange;
	/** The packets from the start; may be asked for more than once. Samples of PCM come in pieces of any length. */
	packets(): Iterable<Uint8Array>;
}
