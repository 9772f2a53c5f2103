import { VoiceNoteError } from '../../errors';
import { skipId3 } from '../id3';
import type { Container, Demuxed, Report, Track } from '../track';
import { adtsFrames, isAdts } from './adtsFrames';
import type { AdtsFrame } from './adtsFrames';

/** Bytes that are passed over in front of the first frame: recordings of a radio stream begin anywhere. */
const MAX_JUNK_BYTES = 16_384;

/** AAC in ADTS frames (`.aac`). */
export const adts: Container = {
	probe: (bytes) => firstFrame(bytes) !== undefined,
	demux(bytes): Demuxed {
		const stream = bytes.subarray(firstFrame(bytes) ?? 0);
		return { sourceFormat: 'aac', tracks: [adtsTrack(stream)], findings: [] };
	},
};

function firstFrame(bytes: Uint8Array): number | undefined {
	const start = skipId3(bytes);
	const end = Math.min(bytes.length, start + MAX_JUNK_BYTES);
	for (let offset = bytes.indexOf(0xff, start); offset >= 0 && offset < end; offset = bytes.indexOf(0xff, offset + 1)) {
		if (isAdts(bytes.subarray(offset))) return offset;
	}
	return undefined;
}

/** A stream that changes its configuration on the way is read up to there. */
function adtsTrack(stream: Uint8Array): Track {
	const first = adtsFrames(stream).next();
	if (first.done) throw new VoiceNoteError('corrupt', 'The AAC file holds no audio frame', 'Export it again.');
	const { config } = first.value;
	const blockCounts = new WeakMap<Uint8Array, number>();
	return {
		codec: { name: 'aac', config, blocksIn: (packet) => blockCounts.get(packet) ?? 1 },
		claims: { skipSeconds: 0 },
		*packets(report?: Report) {
			const frames: Iterable<AdtsFrame> = adtsFrames(stream, () => report?.({ kind: 'cutShort' }));
			for (const { config: current, data, blocks } of frames) {
				if (current.sampleRate !== config.sampleRate || current.channels !== config.channels) {
					report?.({ kind: 'changedFormat' });
					return;
				}
				blockCounts.set(data, blocks);
				yield data;
			}
		},
	};
}
