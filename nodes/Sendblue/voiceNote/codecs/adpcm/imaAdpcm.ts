/** IMA ADPCM as WAVE frames it (format tag 0x11, "DVI ADPCM"). */
import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import type { BlockCodec } from '../pcm/blockSource';
import { ImaPredictor, MAX_STEP_INDEX } from './imaPredictor';

/** Block header per channel: first sample (int16), step index, a reserved byte. */
const HEADER_BYTES = 4;
/** After the headers the channels take turns with 4 bytes each. */
const TURN_BYTES = 4;
const FRAMES_PER_TURN = 8;
const FULL_SCALE = 32768;

function decodeBlock(block: Uint8Array, channels: number, frames: number): PcmBlock {
	const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
	return Array.from({ length: channels }, (_, channel) => {
		const samples = new Float32Array(frames);
		if (frames === 0) return samples;

		const predictor = new ImaPredictor();
		predictor.sample = view.getInt16(channel * HEADER_BYTES, true);
		predictor.stepIndex = view.getUint8(channel * HEADER_BYTES + 2);
		if (predictor.stepIndex > MAX_STEP_INDEX) {
			throw new VoiceNoteError('corrupt', 'A block of IMA ADPCM audio starts with an impossible step index');
		}

		samples[0] = predictor.sample / FULL_SCALE;
		const turnDistance = TURN_BYTES * channels;
		let turn = HEADER_BYTES * channels + channel * TURN_BYTES;
		for (let i = 1; i < frames; i += FRAMES_PER_TURN, turn += turnDistance) {
			for (let byte = 0; byte < TURN_BYTES; byte++) {
				const codes = block[turn + byte];
				samples[i + 2 * byte] = predictor.next(codes & 0x0f) / FULL_SCALE;
				samples[i + 2 * byte + 1] = predictor.next(codes >> 4) / FULL_SCALE;
			}
		}
		return samples;
	});
}

/**
 * IMA ADPCM in WAVE blocks.
 *
 * @param blockBytes The header's block alignment, in bytes.
 * @throws {VoiceNoteError} `corrupt` where a block cannot even hold its headers.
 */
export function imaAdpcm(blockBytes: number, channels: number): BlockCodec {
	if (blockBytes < HEADER_BYTES * channels) {
		throw new VoiceNoteError('corrupt', `The header states IMA ADPCM blocks of ${blockBytes} bytes, which is too few`);
	}
	const framesIn = (byteLength: number): number => {
		const turns = Math.floor((byteLength - HEADER_BYTES * channels) / (TURN_BYTES * channels));
		return turns < 0 ? 0 : 1 + turns * FRAMES_PER_TURN;
	};
	return {
		blockBytes,
		framesIn,
		createDecoder: () => (block) => decodeBlock(block, channels, framesIn(block.length)),
	};
}
