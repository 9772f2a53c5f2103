import type { AudioInput } from '../audio';
import { isWav, openWav } from '../containers/wav/readWav';
import { TRUNCATED_HINT } from './audioFormat';
import type { AudioFormat } from './audioFormat';
import { mpegAudioFormat } from './mpegAudioFormat';

/** WAV and its relatives RF64 and BW64. */
export const wavFormat: AudioFormat = {
	recognises: isWav,
	open(bytes, request, slices): AudioInput | Promise<AudioInput> {
		const wav = openWav(bytes);
		if ('wrapped' in wav) return mpegAudioFormat.open(wav.payload, request, slices);
		return {
			sourceFormat: wav.sourceFormat,
			hints: wav.truncated ? [TRUNCATED_HINT] : [],
			decode: () => wav.source,
		};
	},
};
