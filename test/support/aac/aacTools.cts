/** The encoders and decoders our decoder is held against. */
import type { PcmBlock } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';

import { run } from '../pcm/tools.cts';

/**
 * For each channel of a channelConfiguration, in the standard's order, its place in ffmpeg's output.
 */
const FFMPEG_ORDER: Readonly<Record<number, number[]>> = {
	1: [0],
	2: [0, 1],
	3: [2, 0, 1],
	4: [2, 0, 1, 3],
	5: [2, 0, 1, 3, 4],
	6: [2, 0, 1, 4, 5, 3],
	7: [2, 6, 7, 0, 1, 4, 5, 3],
};

/** What ffmpeg decodes an AAC file to, in the standard's order of channels. */
export function ffmpegDecodeAac(path: string, channelConfiguration: number): PcmBlock {
	const order = FFMPEG_ORDER[channelConfiguration];
	const output = run('ffmpeg', [
		'-v',
		'error',
		'-strict',
		'strict',
		'-i',
		path,
		'-c:a',
		'pcm_f32le',
		'-f',
		'f32le',
		'-',
	]);
	const samples = new Float32Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length));
	const length = samples.length / order.length;
	return order.map((place) => Float32Array.from({ length }, (_, i) => samples[i * order.length + place]));
}

/** Makes an ADTS file with ffmpeg's encoder of one second out of an `aevalsrc` expression for each channel. */
export function ffmpegEncodeAac(path: string, expressions: string[], sampleRate: number, options: string[]): void {
	const source = `aevalsrc=${expressions.join('|')}:s=${sampleRate}:d=1`;
	run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-c:a', 'aac', ...options, path]);
}
