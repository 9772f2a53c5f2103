import type { AudioInput, PcmSource } from '../../pcm/pcmSource';
import { flacStream } from '../../codecs/flac/flacDecoder';
import { opusSource } from '../../codecs/opus/opusSource';
import { packetSource } from '../../codecs/packetSource';
import { vorbisStream } from '../../codecs/vorbis/vorbisDecoder';
import { oggFlacTrack } from './oggFlac';
import { oggOpusTrack } from './oggOpus';
import { isOgg } from './oggPages';
import { indexOgg } from './oggStreams';
import type { OggCodec, OggIndex, OggStream } from './oggStreams';
import { oggVorbisTrack } from './oggVorbis';
import { VoiceNoteError } from '../../errors';
import { chainedSource } from '../../pcm/chainedSource';
import type { WorkSlices } from '../../workSlices';
import { noteDamage, noteTruncation } from '../../pipeline/reconcile';
import type { AudioFormat } from '../../pipeline/reconcile';
import { chooseTrack } from '../chooseTrack';
import { unsupportedCodec } from '../unsupportedCodec';

const AUDIO_CODECS: readonly OggCodec[] = ['opus', 'vorbis', 'flac', 'speex'];

/** Ogg with Opus, Vorbis or FLAC. */
export const oggFormat: AudioFormat = {
	recognises: isOgg,
	async open(bytes, { audioTrack }, slices): Promise<AudioInput> {
		const index = await indexOgg(bytes, slices);
		const links = audioLinks(index, audioTrack);
		const hints: string[] = [];
		if (index.goesOnBehindDamage) noteDamage(hints);
		if (!index.ended || (index.damaged && !index.goesOnBehindDamage)) noteTruncation(hints);
		const { codec } = links[0];
		switch (codec) {
			case 'opus':
				return await openOpus(bytes, links, hints, slices);
			case 'vorbis':
				return chain('ogg/vorbis', hints, links, (link) => vorbisSource(bytes, link, hints, slices));
			case 'flac':
				return chain('ogg/flac', hints, links, (link) => flacSource(bytes, link, hints));
			default:
				throw unsupportedCodec('Ogg file', codec);
		}
	},
};

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

async function openOpus(
	bytes: Uint8Array,
	links: OggStream[],
	hints: string[],
	slices: WorkSlices,
): Promise<AudioInput> {
	const tracks = await inTurn(links, (link) => oggOpusTrack(bytes, link, slices));
	const sources = (): PcmSource => chainedSource(tracks.map((track) => opusSource(track, () => noteDamage(hints))));
	// Each link of a chain primes its decoder anew, which one voice note cannot express: chains are re-encoded.
	return { sourceFormat: 'ogg/opus', hints, opus: tracks.length === 1 ? tracks[0] : undefined, decode: sources };
}

function chain(
	sourceFormat: string,
	hints: string[],
	links: OggStream[],
	sourceOf: (link: OggStream) => PcmSource | Promise<PcmSource>,
): AudioInput {
	return { sourceFormat, hints, decode: async () => chainedSource(await inTurn(links, sourceOf)) };
}

/** One after the other, as each does its work in the same slices. */
async function inTurn<T>(links: OggStream[], step: (link: OggStream) => T | Promise<T>): Promise<T[]> {
	const results: T[] = [];
	for (const link of links) results.push(await step(link));
	return results;
}

async function vorbisSource(
	bytes: Uint8Array,
	link: OggStream,
	hints: string[],
	slices: WorkSlices,
): Promise<PcmSource> {
	const onDamage = (): void => noteDamage(hints);
	const { headers, totalFrames, packets } = await oggVorbisTrack(bytes, link, slices);
	return packetSource({ ...vorbisStream(headers), packets, onDamage }, { skip: 0, keep: totalFrames });
}

function flacSource(bytes: Uint8Array, link: OggStream, hints: string[]): PcmSource {
	const onDamage = (): void => noteDamage(hints);
	const { streamInfo, packets } = oggFlacTrack(bytes, link);
	return packetSource({ ...flacStream(streamInfo), packets, onDamage }, { skip: 0, keep: streamInfo.totalFrames });
}
