/**
 * The one place where a file's claims are compared with its packets. It decides the valid range and the remarks about
 * it. Readers pass on facts and claims; they neither trim nor remark.
 */
import { createDownmix } from '../dsp/downmix';
import { Resampler } from '../dsp/resample';
import type { DecodeOptions, PcmBlock, PcmSource } from '../pcm/pcmSource';
import type { Codec } from '../codecs/registry';
import { decodedStream } from '../codecs/registry';
import type { OnDamage } from '../codecs/packetSource';
import { OPUS_CLOCK_HZ } from '../codecs/opus/opusPacket';
import type { OpusTrack } from '../codecs/opus/opusHead';
import type { Claims, Demuxed, Finding, Report, Track } from '../containers/track';
import { rethrow, VoiceNoteError } from '../errors';
import type { FramePart, FrameRange } from '../pcm/trimFrames';
import { pickFrames, trimFrames } from '../pcm/trimFrames';
import { Remarks } from './remarks';

/**
 * Joins sources in sequence, at the highest of their sample rates. If they differ in channels, mono becomes both sides
 * of stereo, and anything else is mixed to mono.
 */
export function chainedSource(sources: PcmSource[]): PcmSource {
	if (sources.length === 1) return sources[0];
	const sampleRate = Math.max(...sources.map((source) => source.sampleRate));
	const counts = sources.map((source) => source.channels);
	const most = Math.max(...counts);
	const channels = most <= 2 || counts.every((count) => count === most) ? most : 1;
	return {
		sampleRate,
		channels,
		layout: channels === most ? sources.find((source) => source.channels === most)?.layout : undefined,
		async *blocks() {
			for (const source of sources) {
				const blocks = withChannels(source, channels);
				yield* source.sampleRate === sampleRate ? blocks : resampled(blocks, source.sampleRate, sampleRate);
			}
		},
	};
}

/** Stereo with its second channel inverted. */
function withInvertedChannel(source: PcmSource): PcmSource {
	return {
		...source,
		async *blocks() {
			for await (const [left, right] of source.blocks()) yield [left, right.map((sample) => -sample)];
		},
	};
}

async function* withChannels(source: PcmSource, channels: number): AsyncGenerator<PcmBlock> {
	const mix = source.channels > channels ? createDownmix(source.layout ?? source.channels) : undefined;
	for await (const block of source.blocks()) {
		if (mix) yield [mix(block)];
		else yield Array.from({ length: channels }, (_, channel) => block[channel % block.length]);
	}
}

async function* resampled(blocks: AsyncIterable<PcmBlock>, from: number, to: number): AsyncGenerator<PcmBlock> {
	let resamplers: Resampler[] | undefined;
	for await (const block of blocks) {
		resamplers ??= block.map(() => new Resampler(from, to));
		const each = resamplers;
		yield block.map((samples, channel) => each[channel].push(samples));
	}
	if (resamplers) yield resamplers.map((resampler) => resampler.flush());
}

/** An opened file, as the conversion uses it. */
export interface AudioInput {
	/** Container and codec, for example `mp3`, `wav`, `ogg/opus`. */
	sourceFormat: string;
	/** The remarks about the audio; complete once it has been read. */
	remarks: Remarks;
	/** Number of channels, unless mono is asked for. */
	channels: number;
	/** The Opus packets, if the audio is Opus in a single stream. */
	opus?: OpusTrack;
	/** The minimum length of the audio in seconds, if certain before decoding. */
	certainSeconds?: number;
	/** Whether the Opus packets were encoded here, and are not those of the source. */
	wasEncoded?: boolean;
	/** Decodes the audio. */
	decode(options?: DecodeOptions): PcmSource;
}

/**
 * Decides the valid range of each track of a file. A later track that cannot be decoded is left out, with a remark.
 *
 * @throws {VoiceNoteError} `corrupt` or `unsupported` if the first track's codec private data is damaged or of a kind
 *   that is not read
 */
export function reconcile({ sourceFormat, tracks: allTracks, findings }: Demuxed): AudioInput {
	// Set up now, so that a file that cannot be decoded is refused when it is opened.
	const { tracks, channels, unread } = decodableTracks(allTracks);
	const remarks = new Remarks([...findings, ...unread]);
	const decode = (options?: DecodeOptions): PcmSource => {
		remarks.beginReading();
		const source = chainedSource(tracks.map((track) => validSource(track, remarks, options)));
		return options?.inverted && source.channels === 2 ? withInvertedChannel(source) : source;
	};
	// Each part of a chain has its own priming, which a voice note cannot express, so chains are re-encoded.
	const opus = tracks.length === 1 ? opusTrackOf(tracks[0], remarks) : undefined;
	return { sourceFormat, remarks, channels, opus, certainSeconds: certainSeconds(tracks), decode };
}

/** The first track and those of the others that can be decoded, their channels, and a finding for each that cannot. */
function decodableTracks(all: readonly Track[]): { tracks: Track[]; channels: number; unread: Finding[] } {
	const tracks: Track[] = [];
	const sources: PcmSource[] = [];
	const unread: Finding[] = [];
	for (const track of all) {
		try {
			sources.push(validSource(track, new Remarks([])));
			tracks.push(track);
		} catch (error) {
			if (tracks.length === 0 || !(error instanceof VoiceNoteError)) rethrow(error);
			else unread.push({ kind: 'unreadPart', reason: error.message, seconds: track.claims.heldSeconds });
		}
	}
	return { tracks, channels: chainedSource(sources).channels, unread };
}

/**
 * Seconds in the packets of all tracks minus what the claims leave out; tracks that must be decoded first count as 0.
 */
function certainSeconds(tracks: readonly Track[]): number {
	return tracks.reduce((sum, { claims: { heldSeconds = 0, skipSeconds, keepSeconds = Infinity, parts } }) => {
		return parts ? sum : sum + Math.max(0, Math.min(heldSeconds - skipSeconds, keepSeconds));
	}, 0);
}

/**
 * The Opus packets and their valid range; undefined for other codecs, if only decoding finds the end, and if the range
 * has several parts.
 */
function opusTrackOf({ codec, claims, packets }: Track, { report }: Remarks): OpusTrack | undefined {
	if (codec.name !== 'opus' || claims.dropAtEndSeconds || claims.parts) return undefined;
	const reportValid = withinParts(report, [validPartOf(codec, claims)]);
	return { ...codec.head, ...opusTimes(codec, claims), packets: () => packets(reportValid) };
}

/** Opus counts at 48 kHz, and its header has the exact pre-skip. */
function opusTimes({ head }: Extract<Codec, { name: 'opus' }>, claims: Claims) {
	const inSamples = (seconds: number): number => Math.round(seconds * OPUS_CLOCK_HZ);
	const keepSeconds = keptSeconds(claims);
	return {
		preSkip: Math.max(head.preSkip, inSamples(claims.skipSeconds)),
		validSamples: keepSeconds === undefined ? undefined : inSamples(keepSeconds),
	};
}

/** The valid range of a track, decoded. */
function validSource({ codec, claims, packets }: Track, { report }: Remarks, options?: DecodeOptions): PcmSource {
	let lostSeconds = 0;
	/** @param validParts the parts of the valid range in this pass over the stream */
	const open = (validParts: readonly StreamPart[]): PcmSource => {
		const reportValid = withinParts(report, validParts);
		const onDamage: OnDamage = (seconds, at) => {
			lostSeconds += seconds ?? 0;
			reportValid({ kind: 'damaged', seconds, at });
		};
		const onUpperBandMissing = (): void => report({ kind: 'upperBandMissing' });
		return decodedStream(
			{ codec, packets: () => packets(reportValid), peek: () => packets(), onDamage, onUpperBandMissing },
			options,
		);
	};
	const decoded = open([validPartOf(codec, claims)]);
	const range = codec.name === 'opus' ? opusRange(codec, claims, decoded) : rangeOf(claims, decoded);
	const { sampleRate, channels, layout } = decoded;
	// Missing audio in the middle is not an early end.
	const onEnd = (seconds: number): void => {
		const missing = claims.skipSeconds + (claims.keepSeconds ?? 0) - lostSeconds - seconds;
		if (missing * sampleRate >= 1) report({ kind: 'cutShort', seconds: missing });
	};
	const { parts } = claims;
	if (parts) {
		const inFrames = (seconds: number): number => Math.round(seconds * sampleRate);
		const wanted = parts.map(({ skipSeconds, keepSeconds }) => ({
			skip: inFrames(skipSeconds),
			keep: inFrames(keepSeconds),
		}));
		const openFor = (pass: readonly FramePart[]): AsyncIterable<PcmBlock> =>
			open(pass.map(({ skip, keep }) => ({ skipSeconds: skip / sampleRate, keepSeconds: keep / sampleRate }))).blocks();
		return { sampleRate, channels, layout, blocks: () => pickFrames(openFor, wanted) };
	}
	const blocks = (): AsyncIterable<PcmBlock> =>
		trimFrames(claims.isCount ? counted(decoded, onEnd) : decoded.blocks(), range);
	return { sampleRate, channels, layout, blocks };
}

/** A part of the valid range. */
type StreamPart = Pick<Claims, 'skipSeconds' | 'keepSeconds'>;

/** The valid range of a stream, if it is a single part. */
function validPartOf(codec: Codec, claims: Claims): StreamPart {
	const skipSeconds = codec.name === 'opus' ? opusTimes(codec, claims).preSkip / OPUS_CLOCK_HZ : claims.skipSeconds;
	return { skipSeconds, keepSeconds: keptSeconds(claims) };
}

/** Less than a sample of any rate. */
const ROUNDING_SECONDS = 1e-6;

/** Limits findings with a position to their share inside the valid range. */
function withinParts(report: Report, validParts: readonly StreamPart[]): Report {
	return (finding) => {
		if (!('at' in finding) || finding.at === undefined) return report(finding);
		const { kind, seconds, at } = finding;
		const end = at + (seconds ?? Infinity);
		const inside = validParts.reduce((sum, { skipSeconds, keepSeconds = Infinity }) => {
			return sum + Math.max(0, Math.min(end, skipSeconds + keepSeconds) - Math.max(at, skipSeconds));
		}, 0);
		if (inside > ROUNDING_SECONDS) report({ kind, seconds: seconds === undefined ? undefined : inside });
	};
}

function opusRange(codec: Extract<Codec, { name: 'opus' }>, claims: Claims, { sampleRate }: PcmSource): FrameRange {
	const { preSkip, validSamples } = opusTimes(codec, claims);
	const inFrames = (samples: number): number => Math.round((samples * sampleRate) / OPUS_CLOCK_HZ);
	return {
		skip: inFrames(preSkip),
		keep: validSamples === undefined ? undefined : inFrames(validSamples),
		dropAtEnd: claims.dropAtEndSeconds && Math.round(claims.dropAtEndSeconds * sampleRate),
	};
}

function rangeOf(claims: Claims, { sampleRate }: PcmSource): FrameRange {
	const inFrames = (seconds: number | undefined): number | undefined =>
		seconds === undefined ? undefined : Math.round(seconds * sampleRate);
	return {
		skip: inFrames(claims.skipSeconds) ?? 0,
		keep: inFrames(keptSeconds(claims)),
		dropAtEnd: inFrames(claims.dropAtEndSeconds),
	};
}

/** The length to keep: the claim, unless it contradicts the packets by more than the format allows. */
export function keptSeconds({ keepSeconds, heldSeconds, mayCutSeconds }: Claims): number | undefined {
	if (keepSeconds === undefined || heldSeconds === undefined || mayCutSeconds === undefined) return keepSeconds;
	return keepSeconds <= heldSeconds && keepSeconds > heldSeconds - mayCutSeconds ? keepSeconds : heldSeconds;
}

/** @param onEnd called with the seconds of audio received */
async function* counted(source: PcmSource, onEnd: (seconds: number) => void): AsyncGenerator<PcmBlock> {
	let frames = 0;
	for await (const block of source.blocks()) {
		frames += block[0].length;
		yield block;
	}
	onEnd(frames / source.sampleRate);
}
