/** Tracks of uncompressed audio and of ADPCM, as WAV, AIFF, AU and raw PCM hold them. */
import type { BlockCodec } from '../codecs/pcm/blockSource';
import { framesInBlocks } from '../codecs/pcm/blockSource';
import type { Codec } from '../codecs/registry';
import { piecesOf } from './pieces';
import type { Track } from './track';

/**
 * A track of interleaved samples; half a frame at the end is left out.
 *
 * @param audio the samples, nothing before or behind them
 */
export function pcmTrack(codec: Extract<Codec, { name: 'pcm' }>, audio: Uint8Array): Track {
	const frameBytes = codec.sampleFormat.bytesPerSample * codec.channels;
	const frames = Math.floor(audio.length / frameBytes);
	return {
		codec,
		claims: { skipSeconds: 0, heldSeconds: frames / codec.sampleRate },
		packets: () => piecesOf(audio.subarray(0, frames * frameBytes), frameBytes),
	};
}

/**
 * A track of blocks of one size. Codecs of whole blocks pad the last one, so a stated length may end within it.
 *
 * @param audio the blocks, nothing before or behind them
 * @param blocks how large they are, and what they hold
 * @param statedFrames the length in sample frames that the header states, if it does
 */
export function blockTrack(
	codec: Extract<Codec, { name: 'ima4' | 'imaAdpcm' | 'msAdpcm' }>,
	audio: Uint8Array,
	blocks: BlockCodec,
	statedFrames: number | undefined,
): Track {
	const inSeconds = (frames: number): number => frames / codec.sampleRate;
	return {
		codec,
		claims: {
			skipSeconds: 0,
			keepSeconds: statedFrames === undefined ? undefined : inSeconds(statedFrames),
			heldSeconds: inSeconds(framesInBlocks(blocks, audio.length)),
			mayCutSeconds: inSeconds(blocks.framesIn(blocks.blockBytes)),
		},
		packets: () => piecesOf(audio, blocks.blockBytes),
	};
}
