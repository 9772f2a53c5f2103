import { VoiceNoteError } from '../../errors';
import { adts } from '../adts/demuxAdts';
import { chooseTrack } from '../chooseTrack';
import { mp3 } from '../mp3/demuxMp3';
import type { Container, Demuxed } from '../track';
import { encryptedAudio, unsupportedCodec } from '../unsupportedCodec';
import { elementaryStream } from './elementaryStream';
import { readTransportStream } from './readTransportStream';
import type { TransportCodec } from './readTransportStream';
import { transportLayout } from './transportPackets';

const CONTAINER = 'MPEG transport stream';

/** The containers that read what a stream of each codec holds. */
const STREAM_CONTAINERS: Readonly<Partial<Record<TransportCodec, Container>>> = { adts, mp3 };
const CODEC_NAMES: Readonly<Partial<Record<TransportCodec, string>>> = { latm: 'aac-latm', dts: 'dtsc' };

/** MPEG transport streams with AAC or MPEG audio. */
export const transportStream: Container = {
	probe: (bytes) => transportLayout(bytes) !== undefined,
	async demux(bytes, request, slices): Promise<Demuxed> {
		const layout = transportLayout(bytes);
		if (!layout) throw new VoiceNoteError('notAudio', 'The file is not an MPEG transport stream');
		const streams = await readTransportStream(bytes, layout, slices);
		const audioTracks = streams.flatMap(({ pid, codec }) => (codec ? [{ pid, codec }] : []));
		const { pid, codec } = chooseTrack(
			{ audioTracks, trackCount: streams.length },
			`an ${CONTAINER}`,
			request.audioTrack,
		);
		const container = STREAM_CONTAINERS[codec];
		if (!container) throw unsupportedCodec(CONTAINER, CODEC_NAMES[codec] ?? codec);
		const stream = await elementaryStream(bytes, layout, pid, slices);
		if (stream.scrambled) throw encryptedAudio(CONTAINER);
		if (!container.probe(stream.bytes, request)) {
			throw new VoiceNoteError('corrupt', `The ${CONTAINER} holds no audio frame that is complete`, 'Export it again.');
		}
		const demuxed = await container.demux(stream.bytes, request, slices);
		return { ...demuxed, sourceFormat: `ts/${demuxed.sourceFormat}` };
	},
};
