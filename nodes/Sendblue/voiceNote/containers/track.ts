/** The facts and claims that every container yields, whatever the codec. Nothing is trimmed or remarked on here. */
import type { Codec } from '../codecs/registry';
import type { RawPcmFormat } from '../types';
import type { WorkSlices } from '../workSlices';

/**
 * What a file claims about the length and the valid range of a track, in seconds of the decoded audio, and what is
 * known about its packets without decoding them. `pipeline/reconcile.ts` decides which of the two is believed.
 */
export interface Claims {
	/** Seconds to drop at the start: priming, or an edit. */
	skipSeconds: number;
	/** Seconds to keep after that; all if undefined. */
	keepSeconds?: number;
	/** Parts to play in this order, if there are several; `skipSeconds` is that of the first. */
	parts?: readonly { skipSeconds: number; keepSeconds: number }[];
	/** Seconds to drop at the end, whose position may be unknown; none if undefined. */
	dropAtEndSeconds?: number;
	/** Seconds in the packets, if known before they are decoded. */
	heldSeconds?: number;
	/**
	 * How long before `heldSeconds` the format allows the audio to end: within the last block of ADPCM, for example.
	 */
	mayCutSeconds?: number;
	/** Whether `keepSeconds` counts the audio exactly, so that a shorter stream has lost its end. */
	isCount?: boolean;
}

/**
 * Something a listener might notice; `pipeline/remarks.ts` turns it into a sentence. `seconds`: how much of the audio
 * it is about, if known. `at`: its position in the decoded audio in seconds, if known; then only the part inside the
 * valid range is reported.
 */
export type Finding =
	/** The file ends earlier than it claims. */
	| { kind: 'cutShort'; seconds?: number; at?: number }
	/** Part of the audio cannot be read. */
	| { kind: 'damaged'; seconds?: number; at?: number }
	/** All checksums of the file are wrong, but nothing else. */
	| { kind: 'wrongChecksums' }
	/** Several files were joined; only the first `converted` of them are read. */
	| { kind: 'joined'; converted: number; seconds?: number }
	/** There is another audio track, counted from 1, that is not converted. */
	| { kind: 'otherTrack'; track: number; seconds?: number }
	/** The first audio track (or supported one) is silent; number `converted`, counted from 1, is converted instead. */
	| { kind: 'silentTrack'; converted: number; isFirstRead?: boolean }
	/** An audio track in an unsupported codec was skipped; so was the next one if `isNextSilent`. */
	| { kind: 'unreadTrack'; track: number; codec: string; isNextSilent?: boolean }
	/**
	 * Part of the audio is in an unsupported codec, lacks the headers of its codec or, for the `reason` of an error, cannot
	 * be decoded.
	 */
	| { kind: 'unreadPart'; codec?: string; reason?: string; seconds?: number }
	/** All of the audio is silent; found while it is converted. */
	| { kind: 'silent' }
	/** Most of an HE-AAC stream has only its lower band. */
	| { kind: 'upperBandMissing' };

/** Receives the findings of a reader. If packets are read more than once, findings are reported again. */
export type Report = (finding: Finding) => void;

/** Audio in one codec with one codec private data. */
export interface Track {
	codec: Codec;
	claims: Claims;
	/** The packets, from the start at each call. PCM comes in packets of any length. */
	packets(report?: Report): Iterable<Uint8Array>;
}

/** What a container found in a file. */
export interface Demuxed {
	/** Container and codec, for example `mp3`, `wav`, `ogg/opus`. */
	sourceFormat: string;
	/** The audio: one track, or several to play in sequence. */
	tracks: Track[];
	/** Findings on the way to the tracks. */
	findings: Finding[];
	/** Where the file ends, in bytes, if its reader knows: what is behind it is no part of it. */
	end?: number;
}

/** What the caller knows about the audio, apart from its bytes. */
export interface AudioRequest {
	/** The claimed mime type; only raw PCM, which has no header, needs it. */
	mimeType?: string;
	/** How to read raw PCM; used only for bytes that have no header. */
	rawFormat?: RawPcmFormat;
	/** Which of several audio tracks to take, counted from 1; the first by default. */
	audioTrack?: number;
}

/** A container: its files are probed by their bytes and opened without decoding anything. */
export interface Container {
	/** Whether the bytes are in this container; only raw PCM depends on what the caller says. */
	probe(bytes: Uint8Array, request: AudioRequest): boolean;
	/**
	 * Finds the audio tracks. If the whole file must be searched, that is done in time slices.
	 *
	 * @throws {VoiceNoteError} if the file is damaged, or has no audio or only unsupported audio
	 */
	demux(bytes: Uint8Array, request: AudioRequest, slices: WorkSlices): Demuxed | Promise<Demuxed>;
}

/** What most containers return: one track, named after the container and the codec. */
export function singleTrack(container: string, track: Track, findings: Finding[] = []): Demuxed {
	return { sourceFormat: `${container}/${track.codec.name}`, tracks: [track], findings };
}
