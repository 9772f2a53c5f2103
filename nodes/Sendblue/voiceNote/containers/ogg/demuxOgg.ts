import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { chooseTrack, codecTitle, unsupportedCodec } from '../chooseTrack';
import type { Container, Demuxed, Finding } from '../track';
import { oggFlacTrack, oggOpusTrack, oggVorbisTrack } from './oggMappings';
import { isOgg } from './oggPages';
import { indexOgg } from './oggStreams';
import type { OggCodec, OggIndex, OggStream, OggTrack } from './oggStreams';

const AUDIO_CODECS: readonly OggCodec[] = ['opus', 'vorbis', 'flac', 'speex'];

/** The function that makes a track of a stream, by codec. */
const MAPPINGS: Readonly<
	Partial<Record<OggCodec, (bytes: Uint8Array, stream: OggStream, slices: WorkSlices) => Promise<OggTrack>>>
> = { opus: oggOpusTrack, vorbis: oggVorbisTrack, flac: oggFlacTrack };

/** Ogg with Opus, Vorbis or FLAC. */
export const ogg: Container = {
	probe: isOgg,
	async demux(bytes, { audioTrack }, slices): Promise<Demuxed> {
		const index = await indexOgg(bytes, slices);
		const [chain, ...laterChains] = audioChains(index);
		const first = chooseTrack({ audioTracks: chain, trackCount: index.streams.length }, 'an Ogg file', audioTrack);
		const trackOf = MAPPINGS[first.codec];
		if (!trackOf) throw unsupportedCodec('Ogg file', first.codec);
		const tracks = [await trackOf(bytes, first, slices)];
		const findings: Finding[] = tracks.flatMap((track) => track.findings);
		if (audioTrack === undefined) findings.push(...(await otherStreams(bytes, chain, slices)));
		for (const later of laterChains) {
			const stream = later[Math.min(chain.indexOf(first), later.length - 1)];
			const track = await trackIfReadable(bytes, stream, slices);
			if (track) tracks.push(track);
			findings.push(...(track?.findings ?? [{ kind: 'unreadPart' as const, codec: codecTitle(stream.codec) }]));
		}
		findings.push(...findingsOf(index, findings));
		return { sourceFormat: `ogg/${first.codec}`, tracks, findings, end: index.end };
	},
};

/** @param known what the streams revealed, such as the length of the missing rest */
function findingsOf({ headless, cut, wrongChecksums }: OggIndex, known: readonly Finding[]): Finding[] {
	const findings: Finding[] = [];
	if (headless.length > 0) findings.push({ kind: 'unreadPart' });
	if (cut && !known.some(({ kind }) => kind === 'cutShort')) findings.push({ kind: 'cutShort' });
	if (wrongChecksums) findings.push({ kind: 'wrongChecksums' });
	return findings;
}

/** The audio streams that play simultaneously, chain by chain. */
function audioChains({ streams, headless }: OggIndex): OggStream[][] {
	const audio = streams.filter(({ codec }) => AUDIO_CODECS.includes(codec));
	if (audio.length === 0 && streams.length === 0 && headless.length > 0) throw withoutBeginning();
	if (audio.length === 0 && !streams.some(({ codec }) => codec === 'theora')) {
		throw new VoiceNoteError('notAudio', 'This Ogg file holds no audio in a known codec', 'Choose a file with audio.');
	}
	const chains: OggStream[][] = [];
	for (const stream of audio) {
		const chain = chains.at(-1);
		// Chained streams begin where the previous one ends; multiplexed ones begin before that.
		if (chain && stream.start < chain[0].end) chain.push(stream);
		else chains.push([stream]);
	}
	return chains.length > 0 ? chains : [[]];
}

/** The findings about streams besides the first. Players mix them, for example one for each person who speaks. */
async function otherStreams(bytes: Uint8Array, chain: OggStream[], slices: WorkSlices): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const [index, stream] of chain.entries()) {
		if (index === 0) continue;
		const track = await trackIfReadable(bytes, stream, slices);
		findings.push({ kind: 'otherTrack', track: index + 1, seconds: track?.claims.heldSeconds });
	}
	return findings;
}

/** A stream besides the converted one: if it is damaged or unsupported, the other is still converted. */
async function trackIfReadable(
	bytes: Uint8Array,
	stream: OggStream,
	slices: WorkSlices,
): Promise<OggTrack | undefined> {
	const trackOf = MAPPINGS[stream.codec];
	try {
		return trackOf && (await trackOf(bytes, stream, slices));
	} catch (error) {
		if (error instanceof VoiceNoteError && error.code !== 'cancelled') return undefined;
		return await Promise.reject(error);
	}
}

function withoutBeginning(): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		'This is a later piece of an Ogg recording: its beginning, which describes what it holds, is missing',
		'Convert the whole recording, or put the first piece before this one.',
	);
}
