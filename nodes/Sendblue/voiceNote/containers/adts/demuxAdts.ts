import type { AudioInput, DecodeOptions, PcmSource } from '../../pcm/pcmSource';
import { aacStream } from '../../codecs/aac/aacStream';
import { adtsFrames, isAdts } from './adtsFrames';
import { packetSource } from '../../codecs/packetSource';
import { skipId3 } from '../id3';
import { VoiceNoteError } from '../../errors';
import { noteDamage, noteOnce, noteTruncation } from '../../pipeline/reconcile';
import type { AudioFormat } from '../../pipeline/reconcile';

/** Bytes that are passed over in front of the first frame: recordings of a radio stream begin anywhere. */
const MAX_JUNK_BYTES = 16_384;

const CHANGE_HINT =
	'The audio changes its sample rate or channels on the way; only what comes before that was converted.';

/** AAC in ADTS frames (`.aac`). */
export const adtsFormat: AudioFormat = {
	recognises: (bytes) => firstFrame(bytes) !== undefined,
	open(bytes): AudioInput {
		const stream = bytes.subarray(firstFrame(bytes) ?? 0);
		const hints: string[] = [];
		return { sourceFormat: 'aac', hints, decode: (options) => adtsSource(stream, hints, options) };
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

/** Decodes the frames; a stream that changes its configuration on the way is decoded up to there. */
function adtsSource(stream: Uint8Array, hints: string[], options: DecodeOptions = {}): PcmSource {
	const first = adtsFrames(stream).next();
	if (first.done) throw new VoiceNoteError('corrupt', 'The AAC file holds no audio frame', 'Export it again.');
	const { config } = first.value;
	const blocksOf = new WeakMap<Uint8Array, number>();
	const framesAlike = function* (onCut?: () => void, onChange?: () => void): Generator<Uint8Array> {
		for (const { config: current, data, blocks } of adtsFrames(stream, onCut)) {
			if (current.sampleRate !== config.sampleRate || current.channels !== config.channels) return onChange?.();
			blocksOf.set(data, blocks);
			yield data;
		}
	};
	return packetSource({
		...aacStream(config, framesAlike(), options, (packet) => blocksOf.get(packet) ?? 1),
		onDamage: () => noteDamage(hints),
		packets: () =>
			framesAlike(
				() => noteTruncation(hints),
				() => noteOnce(hints, CHANGE_HINT),
			),
	});
}
