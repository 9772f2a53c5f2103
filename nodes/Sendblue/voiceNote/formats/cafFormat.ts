import type { AudioInput } from '../audio';
import { opusSource } from '../codecs/opus/opusSource';
import { OpusClock } from '../codecs/opus/opusClock';
import { OPUS_CLOCK_HZ, VOICE_NOTE_FRAME_SAMPLES } from '../codecs/opus/opusPacket';
import type { OpusTrack } from '../codecs/opus/opusTrack';
import { FORMAT_OPUS } from '../containers/caf/cafFormat';
import type { CafFile, CafPacketTable } from '../containers/caf/cafFormat';
import { isCaf, readCaf } from '../containers/caf/readCaf';
import { VoiceNoteError } from '../errors';
import { TRUNCATED_HINT } from './audioFormat';
import type { AudioFormat } from './audioFormat';

/** Sample rates outside these limits (Hz) are no clock of a real file. */
const LOWEST_SAMPLE_RATE = 1_000;
const HIGHEST_SAMPLE_RATE = 768_000;

/** Apple's Core Audio Format. */
export const cafFormat: AudioFormat = {
	recognises: isCaf,
	open(bytes): AudioInput {
		const file = readCaf(bytes);
		const hints = file.truncated ? [TRUNCATED_HINT] : [];
		const { formatId } = file.description;
		if (formatId !== FORMAT_OPUS) {
			throw new VoiceNoteError(
				'unsupported',
				`The CAF file holds "${formatId.trim()}" audio, which is not read`,
				'Export it as MP3, M4A or WAV.',
			);
		}
		const opus = opusTrackOf(file);
		return { sourceFormat: 'caf/opus', hints, opus, decode: () => opusSource(opus) };
	},
};

function opusTrackOf({ description, packetTable, data }: CafFile): OpusTrack {
	const { sampleRate, channels } = description;
	if (!packetTable) throw damaged('it has no packet table');
	if (!(sampleRate >= LOWEST_SAMPLE_RATE && sampleRate <= HIGHEST_SAMPLE_RATE)) {
		throw damaged(`its sample rate is ${sampleRate} Hz`);
	}
	if (channels < 1 || channels > 2) {
		throw new VoiceNoteError('unsupported', `The CAF file holds Opus with ${channels} channels`, 'Mix it down to stereo.');
	}
	const toOpusClock = OPUS_CLOCK_HZ / sampleRate;
	const packets = () => packetsOf(packetTable, data);
	const { validFrames, primingFrames, remainderFrames } = packetTable;
	const accounted = (validFrames + primingFrames + remainderFrames) * toOpusClock;
	// FFmpeg counts 120 frames to a packet of 960: a table that leaves packets out of account does not say what is heard.
	const trusted = validFrames > 0 && accounted > samplesOf(packets()) - VOICE_NOTE_FRAME_SAMPLES;
	return {
		channels,
		preSkip: Math.max(0, primingFrames) * toOpusClock,
		outputGainDb: 0,
		validSamples: trusted ? validFrames * toOpusClock : undefined,
		packets,
	};
}

function* packetsOf({ packetSizes }: CafPacketTable, data: Uint8Array): Generator<Uint8Array> {
	let position = 0;
	for (const size of packetSizes) {
		// A packet cut off by the end of the file is left out.
		if (position + size > data.length) return;
		yield data.subarray(position, position + size);
		position += size;
	}
}

function samplesOf(packets: Iterable<Uint8Array>): number {
	const clock = new OpusClock();
	let samples = 0;
	for (const packet of packets) samples += clock.samplesOf(packet);
	return samples;
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The CAF file is damaged: ${reason}`, 'Export or record the audio again.');
}
