import type { AudioInput } from '../../pcm/pcmSource';
import { elementaryStream } from './elementaryStream';
import { readTransportStream } from './readTransportStream';
import type { TransportCodec } from './readTransportStream';
import { transportLayout } from './transportPackets';
import { VoiceNoteError } from '../../errors';
import { adtsFormat } from '../adts/demuxAdts';
import type { AudioFormat } from '../../pipeline/reconcile';
import { chooseTrack } from '../chooseTrack';
import { mpegAudioFormat } from '../mp3/demuxMp3';
import { encryptedAudio, unsupportedCodec } from '../unsupportedCodec';

const CONTAINER = 'MPEG transport stream';

/** The formats that read what a stream of each codec holds. */
const STREAM_FORMATS: Readonly<Partial<Record<TransportCodec, AudioFormat>>> = {
	adts: adtsFormat,
	mp3: mpegAudioFormat,
};
const CODEC_NAMES: Readonly<Partial<Record<TransportCodec, string>>> = { latm: 'aac-latm', dts: 'dtsc' };

/** MPEG transport streams with AAC or MPEG audio. */
export const transportStreamFormat: AudioFormat = {
	recognises: (bytes) => transportLayout(bytes) !== undefined,
	async open(bytes, request, slices): Promise<AudioInput> {
		const layout = transportLayout(bytes);
		if (!layout) throw new VoiceNoteError('notAudio', 'The file is not an MPEG transport stream');
		const streams = await readTransportStream(bytes, layout, slices);
		const audioTracks = streams.flatMap(({ pid, codec }) => (codec ? [{ pid, codec }] : []));
		const { pid, codec } = chooseTrack(
			{ audioTracks, trackCount: streams.length },
			`an ${CONTAINER}`,
			request.audioTrack,
		);
		const format = STREAM_FORMATS[codec];
		if (!format) throw unsupportedCodec(CONTAINER, CODEC_NAMES[codec] ?? codec);
		const stream = await elementaryStream(bytes, layout, pid, slices);
		if (stream.scrambled) throw encryptedAudio(CONTAINER);
		if (!format.recognises(stream.bytes)) {
			throw new VoiceNoteError('corrupt', `The ${CONTAINER} holds no audio frame that is complete`, 'Export it again.');
		}
		const input = await format.open(stream.bytes, request, slices);
		return { ...input, sourceFormat: `ts/${input.sourceFormat}` };
	},
};
