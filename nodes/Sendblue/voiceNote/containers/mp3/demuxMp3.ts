import type { AudioInput } from '../../pcm/pcmSource';
import { mpegAudioSource } from '../../codecs/mp3/mpegAudioSource';
import { skipId3 } from '../id3';
import { parseMpegAudioHeader } from '../../codecs/mp3/frameHeader';
import { findMpegAudio } from './mpegAudioFrames';
import { VoiceNoteError } from '../../errors';
import { noteDamage, noteOnce, noteTruncation } from '../../pipeline/reconcile';
import type { AudioFormat } from '../../pipeline/reconcile';

/** Bytes of junk that are passed over in front of the first frame: broken tags, a cut at the front. */
const MAX_JUNK_BYTES = 65_536;

const CHANGE_HINT =
	'The audio changes its sample rate on the way; only the parts with the sample rate of the first were converted.';

/** MP3, and its older layers. */
export const mpegAudioFormat: AudioFormat = {
	recognises: (bytes) => firstFrame(bytes) !== undefined,
	open(bytes, _request, slices): AudioInput {
		const start = firstFrame(bytes);
		const header = start === undefined ? undefined : parseMpegAudioHeader(bytes, start);
		if (start === undefined || !header) throw new VoiceNoteError('corrupt', 'The MP3 file holds no audio frame');
		const hints: string[] = [];
		const remarks = {
			onCut: () => noteTruncation(hints),
			onDamage: () => noteDamage(hints),
			onOther: () => noteOnce(hints, CHANGE_HINT),
		};
		return {
			sourceFormat: `mp${header.layer}`,
			hints,
			decode: () => mpegAudioSource(bytes, start, header, remarks, slices),
		};
	},
};

function firstFrame(bytes: Uint8Array): number | undefined {
	const start = skipId3(bytes);
	return findMpegAudio(bytes, start, MAX_JUNK_BYTES);
}
