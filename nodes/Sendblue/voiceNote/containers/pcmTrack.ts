/** Tracks of uncompressed audio and of ADPCM, as WAV, AIFF, AU and raw PCM hold them. */
import type { BlockCodec } from '../codecs/pcm/blockSource';
import { framesInBlocks } from '../codecs/pcm/blockSource';
import type { Codec } from '../codecs/registry';
import { piecesOf } from './packetBuffer';
import type { Finding, Track } from './track';

/**
 * A track of interleaved samples; an incomplete frame at the end of a piece is left out.
 *
 * @param audio the samples, nothing before or after them, in one piece or several
 */
export function pcmTrack(codec: Extract<Codec, { name: 'pcm' }>, ...audio: Uint8Array[]): Track {
	const frameBytes = codec.sampleFormat.bytesPerSample * codec.channels;
	const whole = audio.map((piece) => piece.subarray(0, piece.length - (piece.length % frameBytes)));
	const bytes = whole.reduce((sum, piece) => sum + piece.length, 0);
	return {
		codec,
		claims: { skipSeconds: 0, heldSeconds: bytes / frameBytes / codec.sampleRate },
		*packets() {
			for (const piece of whole) yield* piecesOf(piece, frameBytes);
		},
	};
}

/**
 * The finding if the header announces more audio than is there.
 *
 * @param presentBytes bytes of audio that are there
 * @param missingBytes the number of bytes announced beyond that
 */
export function cutShort({ claims: { heldSeconds = 0 } }: Track, presentBytes: number, missingBytes = 0): Finding {
	const isKnown = heldSeconds > 0 && presentBytes > 0 && missingBytes > 0;
	return { kind: 'cutShort', seconds: isKnown ? (heldSeconds * missingBytes) / presentBytes : undefined };
}

/**
 * A track of blocks of one size. Codecs of whole blocks pad the last one, so a stated length may end within it.
 *
 * @param pieces the blocks, nothing before or after them; only the last piece may end within one
 * @param blocks their size and codec
 * @param statedFrames the length in sample frames that the header states, if it does
 */
export function blockTrack(
	codec: Extract<Codec, { name: 'gsm' | 'ima4' | 'imaAdpcm' | 'msAdpcm' }>,
	pieces: readonly Uint8Array[],
	blocks: BlockCodec,
	statedFrames: number | undefined,
): Track {
	const { blockBytes } = blocks;
	const last = pieces.length - 1;
	const audio = pieces.map((piece, index) =>
		index === last ? piece : piece.subarray(0, piece.length - (piece.length % blockBytes)),
	);
	const bytes = audio.reduce((sum, piece) => sum + piece.length, 0);
	const inSeconds = (frames: number): number => frames / codec.sampleRate;
	return {
		codec,
		claims: {
			skipSeconds: 0,
			keepSeconds: statedFrames === undefined ? undefined : inSeconds(statedFrames),
			heldSeconds: inSeconds(framesInBlocks(blocks, bytes)),
			mayCutSeconds: inSeconds(blocks.framesIn(blockBytes)),
		},
		*packets() {
			for (const piece of audio) yield* piecesOf(piece, blockBytes);
		},
	};
}
