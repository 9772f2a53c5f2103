/**
 * IMA ADPCM as QuickTime frames it (`ima4`; AIFC, CAF, MOV): packets of 64 samples in 34 bytes, one packet per
 * channel in turn (Apple, "QuickTime File Format", IMA 4:1).
 */
import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import type { BlockCodec } from '../pcm/blockSource';
import { ImaPredictor, MAX_STEP_INDEX } from './imaPredictor';

/** Bytes of one channel's packet: a 2-byte header and 64 codes of 4 bits. */
export const IMA4_PACKET_BYTES = 34;
/** Samples in one channel's packet. */
export const IMA4_PACKET_FRAMES = 64;

const HEADER_BYTES = 2;
/** The header's lower 7 bits are the step index, the upper 9 the predictor's upper bits. */
const STEP_INDEX_MASK = 0x7f;
const FULL_SCALE = 32768;

/**
 * Sets the predictor from the packet's header. The header has only the upper 9 bits of the sample; where the
 * running value agrees with them as far as they go it is the better one, and kept.
 */
function resume(predictor: ImaPredictor, header: number): void {
	const stepIndex = header & STEP_INDEX_MASK;
	const sample = ((header << 16) >> 16) & ~STEP_INDEX_MASK;
	if (stepIndex > MAX_STEP_INDEX) {
		throw new VoiceNoteError('corrupt', 'A packet of IMA ADPCM audio starts with an impossible step index');
	}
	const agrees = stepIndex === predictor.stepIndex && Math.abs(sample - predictor.sample) <= STEP_INDEX_MASK;
	if (agrees) return;
	predictor.stepIndex = stepIndex;
	predictor.sample = sample;
}

function decodePacket(packet: Uint8Array, predictor: ImaPredictor): Float32Array {
	resume(predictor, (packet[0] << 8) | packet[1]);
	const samples = new Float32Array(IMA4_PACKET_FRAMES);
	for (let i = 0; i < IMA4_PACKET_FRAMES; i += 2) {
		const codes = packet[HEADER_BYTES + i / 2];
		samples[i] = predictor.next(codes & 0x0f) / FULL_SCALE;
		samples[i + 1] = predictor.next(codes >> 4) / FULL_SCALE;
	}
	return samples;
}

/** QuickTime's IMA ADPCM; a block is one packet of each channel. */
export function quickTimeIma(channels: number): BlockCodec {
	const blockBytes = IMA4_PACKET_BYTES * channels;
	const framesIn = (byteLength: number): number => (byteLength < blockBytes ? 0 : IMA4_PACKET_FRAMES);

	const createDecoder = () => {
		const predictors = Array.from({ length: channels }, () => new ImaPredictor());
		return (block: Uint8Array): PcmBlock =>
			predictors.map((predictor, channel) => {
				if (framesIn(block.length) === 0) return new Float32Array(0);
				const start = channel * IMA4_PACKET_BYTES;
				return decodePacket(block.subarray(start, start + IMA4_PACKET_BYTES), predictor);
			});
	};
	return { blockBytes, framesIn, createDecoder };
}
