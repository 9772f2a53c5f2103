/** What every container yields, whatever its codec: facts and claims. Nothing is trimmed or remarked on here. */
import type { Codec } from '../codecs/registry';
import type { RawPcmFormat } from '../types';
import type { WorkSlices } from '../workSlices';

/**
 * What a file says of a track's length and of what is to be heard of it, in seconds of the decoded audio; and what is
 * known without decoding of what its packets hold. Which of the two is believed is decided in `pipeline/reconcile.ts`.
 */
export interface Claims {
	/** Time to drop at the start: what primes the decoder, or was edited away. */
	skipSeconds: number;
	/** Time to keep after that; all where undefined. */
	keepSeconds?: number;
	/** Parts to hear one after the other, in this order, where there are several; `skipSeconds` is that of the first. */
	parts?: readonly { skipSeconds: number; keepSeconds: number }[];
	/** Time to drop at the end, wherever that is; none where undefined. */
	dropAtEndSeconds?: number;
	/** Time that the packets hold, where that is known before they are decoded. */
	heldSeconds?: number;
	/** How much before `heldSeconds` the format lets a writer end the audio: less than a last block of ADPCM, for example. */
	mayCutSeconds?: number;
	/** Whether `keepSeconds` counts the audio exactly, so that a shorter stream has lost its end. */
	isCount?: boolean;
}

/**
 * What a reader came upon that a listener might miss; `pipeline/remarks.ts` makes the sentences of it. `seconds`: how much
 * of the audio it is about, where that is known.
 */
export type Finding =
	/** The file ends before it says. */
	| { kind: 'cutShort'; seconds?: number }
	/** A stretch of the audio cannot be read. */
	| { kind: 'damaged'; seconds?: number }
	/** No checksum of the file is right, although nothing else is wrong. */
	| { kind: 'wrongChecksums' }
	/** Other files were put behind this one, of which only the first `converted` are read. */
	| { kind: 'joined'; converted: number; seconds?: number }
	/** There is another audio track, counted from 1, that is not converted. */
	| { kind: 'otherTrack'; track: number; seconds?: number }
	/** The audio track that comes first is silent: this one, counted from 1, is converted instead. */
	| { kind: 'silentTrack'; converted: number }
	/** An audio track in a codec that is not read was passed over. */
	| { kind: 'unreadTrack'; track: number; codec: string }
	/** A stretch in a codec that is not read, or without the beginning that says how it is coded. */
	| { kind: 'unreadPart'; codec?: string; seconds?: number }
	/** All of the audio is silent; found while it is converted. */
	| { kind: 'silent' }
	/** Most of a stream of HE-AAC holds its lower band alone. */
	| { kind: 'upperBandMissing' };

/** Takes what a reader comes upon; packets may be read more than once, and then it is told again. */
export type Report = (finding: Finding) => void;

/** A stretch of audio in one codec with one set-up. */
export interface Track {
	codec: Codec;
	claims: Claims;
	/** The packets from the start; may be asked for more than once. Samples of PCM come in pieces of any length. */
	packets(report?: Report): Iterable<Uint8Array>;
}

/** What a container found in a file. */
export interface Demuxed {
	/** Container and codec, for example `mp3`, `wav`, `ogg/opus`. */
	sourceFormat: string;
	/** The audio: one track, or several that are to be heard one after the other. */
	tracks: Track[];
	/** What was found on the way to the tracks. */
	findings: Finding[];
}

/** What the caller says of the audio beside its bytes. */
export interface AudioRequest {
	/** The claimed mime type; only raw PCM, which has no header, needs it. */
	mimeType?: string;
	/** What raw PCM is; used only for bytes that have no header. */
	rawFormat?: RawPcmFormat;
	/** Which of several audio tracks to take, counted from 1; the first by default. */
	audioTrack?: number;
}

/** A family of files that is recognised by its bytes and opened without decoding anything. */
export interface Container {
	/** Whether the bytes are of this family; only raw PCM goes by what the caller says. */
	probe(bytes: Uint8Array, request: AudioRequest): boolean;
	/**
	 * Finds the audio track. Where that means to look through all of the file, the work is done in slices.
	 *
	 * @throws {VoiceNoteError} where the file is damaged, holds no audio, or holds audio that is not read
	 */
	demux(bytes: Uint8Array, request: AudioRequest, slices: WorkSlices): Demuxed | Promise<Demuxed>;
}

/** What most containers hand on: one track, named after the container and the codec. */
export function singleTrack(container: string, track: Track, findings: Finding[] = []): Demuxed {
	return { sourceFormat: `${container}/${track.codec.name}`, tracks: [track], findings };
}
