import { VoiceNoteError } from '../../errors';
import { adts } from '../adts/demuxAdts';
import { chooseTrack } from '../chooseTrack';
import { mp3 } from '../mp3/demuxMp3';
import type { AudioRequest, Container, Demuxed } from '../track';
import { encryptedAudio, unsupportedCodec } from '../unsupportedCodec';
import { elementaryStream } from './elementaryStream';
import { readTransportStream } from './readTransportStream';
import type { ProgramPart, TransportCodec } from './readTransportStream';
import { transportLayout } from './transportPackets';

const CONTAINER = 'MPEG transport stream';

/** The containers that read what a stream of each codec holds. */
const STREAM_CONTAINERS: Readonly<Partial<Record<TransportCodec, Container>>> = { adts, mp3 };
const CODEC_NAMES: Readonly<Partial<Record<TransportCodec, string>>> = { latm: 'aac-latm', dts: 'dtsc' };

/** One audio stream, as far as the tables list it. */
interface AudioPart {
	pid: number;
	codec: TransportCodec;
	/** Where its packets begin and end, in bytes. */
	start: number;
	end: number;
}

/** MPEG transport streams with AAC or MPEG audio. */
export const transportStream: Container = {
	probe: (bytes) => transportLayout(bytes) !== undefined,
	async demux(bytes, request, slices): Promise<Demuxed> {
		const layout = transportLayout(bytes);
		if (!layout) throw new VoiceNoteError('notAudio', 'The file is not an MPEG transport stream');
		const parts = audioParts(await readTransportStream(bytes, layout, slices), request);
		const demuxed: Demuxed[] = [];
		for (const part of parts) {
			const container = STREAM_CONTAINERS[part.codec];
			if (!container) throw unsupportedCodec(CONTAINER, CODEC_NAMES[part.codec] ?? part.codec);
			const within = bytes.subarray(0, part.end);
			const place = { ...layout, start: Math.max(layout.start, part.start) };
			const stream = await elementaryStream(within, place, part.pid, slices);
			if (stream.scrambled) throw encryptedAudio(CONTAINER);
			if (container.probe(stream.bytes, request)) demuxed.push(await container.demux(stream.bytes, request, slices));
		}
		if (demuxed.length === 0) {
			throw new VoiceNoteError('corrupt', `The ${CONTAINER} holds no audio frame that is complete`, 'Export it again.');
		}
		return {
			sourceFormat: `ts/${demuxed[0].sourceFormat}`,
			tracks: demuxed.flatMap(({ tracks }) => tracks),
			findings: demuxed.flatMap(({ findings }) => findings),
		};
	},
};

/** The audio in each part of the program; where it goes on in the same stream it is one. */
function audioParts(program: ProgramPart[], request: AudioRequest): AudioPart[] {
	const parts: AudioPart[] = [];
	for (const { streams, start, end } of program) {
		const audioTracks = streams.flatMap(({ pid, codec }) => (codec ? [{ pid, codec }] : []));
		// A later part without audio is one of a film.
		if (audioTracks.length === 0 && parts.length > 0) continue;
		const { pid, codec } = chooseTrack(
			{ audioTracks, trackCount: streams.length },
			`an ${CONTAINER}`,
			request.audioTrack,
		);
		const last = parts.at(-1);
		if (last?.pid === pid && last.codec === codec) last.end = end;
		else parts.push({ pid, codec, start, end });
	}
	return parts;
}
