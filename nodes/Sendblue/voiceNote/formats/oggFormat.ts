import type { AudioInput, PcmSource } from '../audio';
import { opusSource } from '../codecs/opus/opusSource';
import { oggOpusTrack } from '../containers/ogg/oggOpus';
import { isOgg } from '../containers/ogg/oggPages';
import { indexOgg } from '../containers/ogg/oggStreams';
import type { OggCodec, OggIndex, OggStream } from '../containers/ogg/oggStreams';
import { VoiceNoteError } from '../errors';
import { chainedSource } from '../pcmChain';
import { TRUNCATED_HINT } from './audioFormat';
import type { AudioFormat } from './audioFormat';

const AUDIO_CODECS: readonly OggCodec[] = ['opus', 'vorbis', 'flac', 'speex'];

/** Ogg with Opus. */
export const oggFormat: AudioFormat = {
	recognises: isOgg,
	open(bytes): AudioInput {
		const index = indexOgg(bytes);
		const links = audioLinks(index);
		const hints = index.damaged ? [TRUNCATED_HINT] : [];
		if (links[0].codec === 'opus') return openOpus(bytes, links, hints);
		throw new VoiceNoteError(
			'unsupported',
			`The Ogg file holds ${links[0].codec} audio, which is not read`,
			'Export it as MP3, WAV or Ogg/Opus.',
		);
	},
};

/** The first audio stream and the streams of the same codec that are chained behind it. */
function audioLinks({ streams }: OggIndex): OggStream[] {
	const first = streams.find(({ codec }) => AUDIO_CODECS.includes(codec));
	if (!first) {
		const video = streams.some(({ codec }) => codec === 'theora');
		throw new VoiceNoteError(
			'notAudio',
			video ? 'This is an Ogg video without an audio track' : 'This Ogg file holds no audio that is known',
			'Choose a file with audio.',
		);
	}
	const links = [first];
	for (const stream of streams) {
		// Chained streams begin where the one before ends; multiplexed ones begin before that.
		if (stream.codec === first.codec && stream.start >= links[links.length - 1].end) links.push(stream);
	}
	return links;
}

function openOpus(bytes: Uint8Array, links: OggStream[], hints: string[]): AudioInput {
	const tracks = links.map((link) => oggOpusTrack(bytes, link));
	const sources = (): PcmSource => chainedSource(tracks.map(opusSource));
	// Each link of a chain primes its decoder anew, which one voice note cannot express: chains are re-encoded.
	return { sourceFormat: 'ogg/opus', hints, opus: tracks.length === 1 ? tracks[0] : undefined, decode: sources };
}
