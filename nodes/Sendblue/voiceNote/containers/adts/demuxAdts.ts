import { VoiceNoteError } from '../../errors';
import { skipTags } from '../leadingTags';
import type { Container, Demuxed, Report, Track } from '../track';
import { adtsFrames, adtsRuns, isAdts, isAlike } from './adtsFrames';
import type { AdtsRun } from './adtsFrames';

/** Bytes that are passed over in front of the first frame: recordings of a radio stream begin anywhere. */
const MAX_JUNK_BYTES = 16_384;

/** AAC in ADTS frames (`.aac`). */
export const adts: Container = {
	probe: (bytes) => firstFrame(bytes) !== undefined,
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const stream = bytes.subarray(firstFrame(bytes) ?? 0);
		const runs = await adtsRuns(stream, slices);
		if (runs.length === 0) throw new VoiceNoteError('corrupt', 'The AAC file holds no audio frame', 'Export it again.');
		// The last goes on to the end of the file, which may lie within a frame.
		const tracks = runs.map((run, index) =>
			adtsTrack(stream, index === runs.length - 1 ? { ...run, end: stream.length } : run),
		);
		return { sourceFormat: 'aac', tracks, findings: [] };
	},
};

function firstFrame(bytes: Uint8Array): number | undefined {
	const start = skipTags(bytes);
	const end = Math.min(bytes.length, start + MAX_JUNK_BYTES);
	for (let offset = bytes.indexOf(0xff, start); offset >= 0 && offset < end; offset = bytes.indexOf(0xff, offset + 1)) {
		if (isAdts(bytes.subarray(offset))) return offset;
	}
	return undefined;
}

function adtsTrack(stream: Uint8Array, { config, start, end }: AdtsRun): Track {
	const frames = stream.subarray(start, end);
	const blockCounts = new WeakMap<Uint8Array, number>();
	return {
		codec: { name: 'aac', config, blocksIn: (packet) => blockCounts.get(packet) ?? 1 },
		claims: { skipSeconds: 0 },
		*packets(report?: Report) {
			for (const { config: current, data, blocks } of adtsFrames(frames, () => report?.({ kind: 'cutShort' }))) {
				if (!isAlike(config, current)) continue;
				blockCounts.set(data, blocks);
				yield data;
			}
		},
	};
}
