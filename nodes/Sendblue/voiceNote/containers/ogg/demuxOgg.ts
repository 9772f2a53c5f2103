import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { chooseTrack } from '../chooseTrack';
import type { Container, Demuxed, Finding, Track } from '../track';
import { unsupportedCodec } from '../unsupportedCodec';
import { oggFlacTrack } from './oggFlac';
import { oggOpusTrack } from './oggOpus';
import { isOgg } from './oggPages';
import { indexOgg } from './oggStreams';
import type { OggCodec, OggIndex, OggStream } from './oggStreams';
import { oggVorbisTrack } from './oggVorbis';

const AUDIO_CODECS: readonly OggCodec[] = ['opus', 'vorbis', 'flac', 'speex'];

/** Finds the parts of a stream in each codec. */
const MAPPINGS: Readonly<
	Partial<Record<OggCodec, (bytes: Uint8Array, stream: OggStream, slices: WorkSlices) => Track | Promise<Track>>>
> = { opus: oggOpusTrack, vorbis: oggVorbisTrack, flac: oggFlacTrack };

/** Ogg with Opus, Vorbis or FLAC. */
export const ogg: Container = {
	probe: isOgg,
	async demux(bytes, { audioTrack }, slices): Promise<Demuxed> {
		const index = await indexOgg(bytes, slices);
		const links = audioLinks(index, audioTrack);
		const { codec } = links[0];
		const trackOf = MAPPINGS[codec];
		if (!trackOf) throw unsupportedCodec('Ogg file', codec);
		const tracks: Track[] = [];
		for (const link of links) tracks.push(await trackOf(bytes, link, slices));
		return { sourceFormat: `ogg/${codec}`, tracks, findings: findingsOf(index) };
	},
};

function findingsOf({ damaged, goesOnBehindDamage, ended }: OggIndex): Finding[] {
	const findings: Finding[] = [];
	if (goesOnBehindDamage) findings.push({ kind: 'damaged' });
	if (!ended || (damaged && !goesOnBehindDamage)) findings.push({ kind: 'cutShort' });
	return findings;
}

/** The chosen audio stream and the streams of the same codec that are chained behind it. */
function audioLinks({ streams }: OggIndex, audioTrack: number | undefined): OggStream[] {
	const audio = streams.filter(({ codec }) => AUDIO_CODECS.includes(codec));
	if (audio.length === 0 && !streams.some(({ codec }) => codec === 'theora')) {
		throw new VoiceNoteError('notAudio', 'This Ogg file holds no audio that is known', 'Choose a file with audio.');
	}
	// Chained streams begin where the one before ends; multiplexed ones begin before that.
	const together = audio.filter(({ start }) => start < audio[0].end);
	const first = chooseTrack({ audioTracks: together, trackCount: streams.length }, 'an Ogg file', audioTrack);
	const links = [first];
	for (const stream of audio) {
		if (stream.codec === first.codec && stream.start >= links[links.length - 1].end) links.push(stream);
	}
	return links;
}
