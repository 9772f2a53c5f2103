import type { AudioInput } from '../audio';
import { opusSource } from '../codecs/opus/opusSource';
import { OPUS_CLOCK_HZ } from '../codecs/opus/opusPacket';
import type { OpusTrack } from '../codecs/opus/opusTrack';
import { FORMAT_OPUS } from '../containers/caf/cafFormat';
import type { CafFile } from '../containers/caf/cafFormat';
import { isCaf, readCaf } from '../containers/caf/readCaf';
import { VoiceNoteError } from '../errors';
import { TRUNCATED_HINT } from './audioFormat';
import type { AudioFormat } from './audioFormat';

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
	if (!(sampleRate > 0)) throw damaged('its sample rate is zero');
	if (channels < 1 || channels > 2) {
		throw new VoiceNoteError('unsupported', `The CAF file holds Opus with ${channels} channels`, 'Mix it down to stereo.');
	}
	const toOpusClock = OPUS_CLOCK_HZ / sampleRate;
	return {
		channels,
		preSkip: Math.max(0, packetTable.primingFrames) * toOpusClock,
		outputGainDb: 0,
		validSamples: packetTable.validFrames > 0 ? packetTable.validFrames * toOpusClock : undefined,
		*packets() {
			let position = 0;
			for (const size of packetTable.packetSizes) {
				// A packet cut off by the end of the file is left out.
				if (position + size > data.length) return;
				yield data.subarray(position, position + size);
				position += size;
			}
		},
	};
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The CAF file is damaged: ${reason}`, 'Export or record the audio again.');
}
