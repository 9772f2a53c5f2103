import type { MpegAudioHeader } from '../../codecs/mp3/frameHeader';
import { parseMpegAudioHeader } from '../../codecs/mp3/frameHeader';
import { MPEG_DECODER_DELAY } from '../../codecs/mp3/mpegAudioSource';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { skipId3 } from '../id3';
import type { Claims, Container, Demuxed, Report, Track } from '../track';
import type { LameInfo } from './lameInfo';
import { parseLameInfo } from './lameInfo';
import { findMpegAudio, mpegAudioFrames } from './mpegAudioFrames';

/** Bytes of junk that are passed over in front of the first frame: broken tags, a cut at the front. */
const MAX_JUNK_BYTES = 65_536;

/** Some writers count the information frame too, or a last frame that they do not write. */
const COUNTING_TOLERANCE = 2;

/** MP3, and its older layers. */
export const mp3: Container = {
	probe: (bytes) => firstFrame(bytes) !== undefined,
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const start = firstFrame(bytes);
		const header = start === undefined ? undefined : parseMpegAudioHeader(bytes, start);
		if (start === undefined || !header) throw new VoiceNoteError('corrupt', 'The MP3 file holds no audio frame');
		return {
			sourceFormat: `mp${header.layer}`,
			tracks: [await mpegAudioTrack(bytes, start, header, slices)],
			findings: [],
		};
	},
};

function firstFrame(bytes: Uint8Array): number | undefined {
	return findMpegAudio(bytes, skipId3(bytes), MAX_JUNK_BYTES);
}

/** @param start offset of the first frame in bytes */
async function mpegAudioTrack(
	bytes: Uint8Array,
	start: number,
	header: MpegAudioHeader,
	slices: WorkSlices,
): Promise<Track> {
	const first = mpegAudioFrames(bytes, start).next();
	const info = first.done ? undefined : parseLameInfo(first.value);
	const audioStart = info ? start + header.frameBytes : start;
	const goesOn = info?.frames !== undefined && (await holdsMoreFrames(bytes, audioStart, info.frames, slices));
	return {
		codec: { name: 'mp3', first: header, lagAtEnd: info?.gapless !== undefined },
		claims: claimsOf(header, info, goesOn),
		packets: (report) => audioFrames(bytes, audioStart, info?.frames, report),
	};
}

/** The frames that carry audio: where files were put one behind the other, each brings its information frame. */
function* audioFrames(
	bytes: Uint8Array,
	start: number,
	counted: number | undefined,
	report: Report = () => undefined,
): Generator<Uint8Array> {
	let count = 0;
	let isDamaged = false;
	const onDamage = (): void => {
		isDamaged = true;
		report({ kind: 'damaged' });
	};
	for (const frame of mpegAudioFrames(bytes, start, { onOther: () => report({ kind: 'otherRates' }), onDamage })) {
		if (parseLameInfo(frame)) continue;
		if (frame.bytes.length > 0) count++;
		yield frame.bytes;
	}
	const isShort = counted !== undefined && count + COUNTING_TOLERANCE < counted;
	if (isShort && !isDamaged) report({ kind: 'cutShort' });
}

/** Which sample frames are audio, by the LAME tag; all of them where there is none. */
function claimsOf({ frameSamples, sampleRate }: MpegAudioHeader, info: LameInfo | undefined, goesOn: boolean): Claims {
	if (!info?.gapless) return { skipSeconds: 0 };
	const { delay, padding } = info.gapless;
	const samples = info.frames && !goesOn ? info.frames * frameSamples - delay - padding : 0;
	return {
		skipSeconds: (delay + MPEG_DECODER_DELAY) / sampleRate,
		keepSeconds: samples > 0 ? samples / sampleRate : undefined,
	};
}

/** Whether more frames follow than the information counts, as where files were put one behind the other. */
async function holdsMoreFrames(bytes: Uint8Array, start: number, frames: number, slices: WorkSlices): Promise<boolean> {
	let count = 0;
	for (const frame of mpegAudioFrames(bytes, start)) {
		if (frame.bytes.length > 0 && ++count > frames) return true;
		if (slices.due) await slices.rest();
	}
	return false;
}
