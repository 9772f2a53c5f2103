import { parseMpegAudioHeader } from '../../codecs/mp3/mpegAudioHeader';
import { MPEG_DECODER_DELAY } from '../../codecs/mp3/mpegAudioSource';
import { VoiceNoteError } from '../../errors';
import { skipTags, skipZeros } from '../leadingTags';
import type { Claims, Container, Demuxed, Report, Track } from '../track';
import { isFreeFormat } from './freeFormat';
import type { LameInfo } from './lameInfo';
import { parseLameInfo } from './lameInfo';
import type { MpegAudioRun } from './mpegAudioFrames';
import { findMpegAudio, mpegAudioFrames, mpegAudioRuns } from './mpegAudioFrames';

/** Bytes of junk that are passed over in front of the first frame: broken tags, a cut at the front. */
const MAX_JUNK_BYTES = 65_536;

/** Some writers count the information frame too, or a last frame that they do not write. */
const COUNTING_TOLERANCE = 2;

/** In front of the frames that it counts. */
const INFORMATION_FRAMES = 1;

/** MP3, and its older layers. */
export const mp3: Container = {
	probe: (bytes) => firstFrame(bytes) !== undefined || isFreeFormat(bytes, audioStart(bytes), MAX_JUNK_BYTES),
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const start = firstFrame(bytes);
		if (start === undefined) throw noFrame(bytes);
		const runs = await mpegAudioRuns(bytes, start, slices);
		if (runs.length === 0) throw noFrame(bytes);
		return {
			sourceFormat: `mp${runs[0].header.layer}`,
			tracks: runs.map((run) => mpegAudioTrack(bytes, run)),
			findings: [],
		};
	},
};

function audioStart(bytes: Uint8Array): number {
	return skipZeros(bytes, skipTags(bytes));
}

function firstFrame(bytes: Uint8Array): number | undefined {
	return findMpegAudio(bytes, audioStart(bytes), MAX_JUNK_BYTES);
}

function noFrame(bytes: Uint8Array): VoiceNoteError {
	if (!isFreeFormat(bytes, audioStart(bytes), MAX_JUNK_BYTES)) {
		return new VoiceNoteError(
			'notAudio',
			'The MP3 file holds no audio frame that is whole',
			'Check that the earlier step really produced audio, and all of it.',
		);
	}
	return new VoiceNoteError(
		'unsupported',
		'This is MP3 in free format, whose frames do not say how long they are; it is not read',
		'Export it with one of the usual bitrates, such as 64 or 128 kb/s.',
	);
}

function mpegAudioTrack(bytes: Uint8Array, run: MpegAudioRun): Track {
	const info = informationOf(bytes, run);
	return {
		codec: { name: 'mp3', first: run.header, lagAtEnd: info?.gapless !== undefined },
		claims: claimsOf(run, info),
		packets: (report) => audioFrames(bytes, run, info?.frames, report),
	};
}

/** What the first frame says, where it carries no audio. */
function informationOf(bytes: Uint8Array, { start }: MpegAudioRun): LameInfo | undefined {
	const header = parseMpegAudioHeader(bytes, start);
	return header && parseLameInfo({ header, bytes: bytes.subarray(start, start + header.frameBytes) });
}

/** The frames that carry audio: where files were put one behind the other, each brings its information frame. */
function* audioFrames(
	bytes: Uint8Array,
	run: MpegAudioRun,
	counted: number | undefined,
	report: Report = () => undefined,
): Generator<Uint8Array> {
	let count = 0;
	let isDamaged = false;
	const onDamage = (): void => {
		isDamaged = true;
		report({ kind: 'damaged' });
	};
	for (const frame of mpegAudioFrames(bytes, run, onDamage)) {
		if (parseLameInfo(frame)) continue;
		if (frame.bytes.length > 0) count++;
		yield frame.bytes;
	}
	const missing = (counted ?? 0) - count;
	if (missing <= COUNTING_TOLERANCE || isDamaged) return;
	report({ kind: 'cutShort', seconds: (missing * run.header.frameSamples) / run.header.sampleRate });
}

/** Which sample frames are audio, by the LAME tag; all of them where there is none. */
function claimsOf({ header, frames }: MpegAudioRun, info: LameInfo | undefined): Claims {
	if (!info?.gapless) return { skipSeconds: 0 };
	const { frameSamples, sampleRate } = header;
	const { delay, padding } = info.gapless;
	// More frames than it counts follow where files were put one behind the other.
	const goesOn = info.frames !== undefined && frames - INFORMATION_FRAMES > info.frames;
	const samples = info.frames && !goesOn ? info.frames * frameSamples - delay - padding : 0;
	return {
		skipSeconds: (delay + MPEG_DECODER_DELAY) / sampleRate,
		keepSeconds: samples > 0 ? samples / sampleRate : undefined,
	};
}
