import type { AudioInput } from '../audio';
import { OpusClock } from '../codecs/opus/opusClock';
import { parseOpusHead } from '../codecs/opus/opusHead';
import { OPUS_CLOCK_HZ } from '../codecs/opus/opusPacket';
import { opusSource } from '../codecs/opus/opusSource';
import type { OpusTrack } from '../codecs/opus/opusTrack';
import { matroskaPackets } from '../containers/matroska/matroskaPackets';
import { isMatroska, readMatroska } from '../containers/matroska/readMatroska';
import type { MatroskaFile, MatroskaTrack } from '../containers/matroska/readMatroska';
import { VoiceNoteError } from '../errors';
import { TRUNCATED_HINT } from './audioFormat';
import type { AudioFormat } from './audioFormat';

const NANOSECONDS_PER_SECOND = 1_000_000_000;

/** WebM and Matroska, as browsers record and as video comes. */
export const matroskaFormat: AudioFormat = {
	recognises: isMatroska,
	open(bytes): AudioInput {
		const file = readMatroska(bytes);
		const track = audioTrackOf(file);
		if (track.codecId === 'A_OPUS') return openOpus(bytes, file, track);
		throw new VoiceNoteError(
			'unsupported',
			`The ${nameOf(file)} file holds "${track.codecId.replace(/^A_/, '')}" audio, which is not read`,
			'Export it as MP3, M4A or WAV.',
		);
	},
};

function nameOf({ docType }: MatroskaFile): string {
	return docType === 'webm' ? 'WebM' : 'Matroska';
}

function audioTrackOf(file: MatroskaFile): MatroskaTrack {
	const [track] = file.audioTracks;
	if (!track) {
		const what = file.trackCount > 0 ? 'with a video track only' : 'without tracks';
		throw new VoiceNoteError('notAudio', `This is a ${nameOf(file)} file ${what}`, 'Choose a file with audio.');
	}
	if (track.encrypted) {
		throw new VoiceNoteError('unsupported', `The ${nameOf(file)} file is encrypted`, 'Export it without protection.');
	}
	return track;
}

function openOpus(bytes: Uint8Array, file: MatroskaFile, track: MatroskaTrack): AudioInput {
	const head = track.codecPrivate && parseOpusHead(track.codecPrivate);
	if (!head) throw new VoiceNoteError('corrupt', `The ${nameOf(file)} file lacks its Opus header`);
	const packets = () => matroskaPackets(bytes, file.segment, track);
	const clock = new OpusClock();
	let samples = 0;
	let discarded = 0;
	let truncated = file.segment.truncated;
	for (const packet of packets()) {
		samples += clock.samplesOf(packet.bytes);
		discarded += Math.max(0, packet.discardPadding);
		truncated = truncated || packet.truncated;
	}
	const discardedSamples = Math.round((discarded / NANOSECONDS_PER_SECOND) * OPUS_CLOCK_HZ);
	const opus: OpusTrack = {
		...head,
		validSamples: Math.max(0, samples - head.preSkip - discardedSamples),
		*packets() {
			for (const packet of packets()) yield packet.bytes;
		},
	};
	return {
		sourceFormat: file.docType === 'webm' ? 'webm/opus' : 'matroska/opus',
		hints: truncated ? [TRUNCATED_HINT] : [],
		opus,
		decode: () => opusSource(opus),
	};
}
