import type { AudioInput, PcmBlock } from '../../pcm/pcmSource';
import { flacStream } from '../../codecs/flac/flacDecoder';
import { flacBlocks, isFlacAt, readFlac } from './readFlac';
import type { FlacFile } from './readFlac';
import { skipId3 } from '../id3';
import { VoiceNoteError } from '../../errors';
import { trimFrames } from '../../pcm/trimFrames';
import { noteTruncation } from '../../pipeline/reconcile';
import type { AudioFormat } from '../../pipeline/reconcile';

/** Native FLAC, also behind a tag that does not belong there. */
export const flacFormat: AudioFormat = {
	recognises: (bytes) => isFlacAt(bytes, skipId3(bytes)),
	open(bytes): AudioInput {
		const file = readFlac(bytes, skipId3(bytes));
		const { sampleRate, channels, layout } = flacStream(file.info);
		const hints: string[] = [];
		const blocks = (): AsyncGenerator<PcmBlock> =>
			trimFrames(allBlocks(bytes, file, hints), { skip: 0, keep: file.info.totalFrames });
		return { sourceFormat: 'flac', hints, decode: () => ({ sampleRate, channels, layout, blocks }) };
	},
};

function* allBlocks(bytes: Uint8Array, file: FlacFile, hints: string[]): Generator<PcmBlock> {
	let frames = 0;
	let gaps = 0;
	for (const block of flacBlocks(bytes, file, () => gaps++)) {
		frames += block[0].length;
		yield block;
	}
	if (frames === 0 && gaps > 0) throw damaged();
	const { totalFrames = 0 } = file.info;
	if (frames < totalFrames) noteTruncation(hints);
}

function damaged(): VoiceNoteError {
	return new VoiceNoteError('corrupt', 'The FLAC audio is damaged: no frame can be decoded', 'Export it again.');
}
