/**
 * IMA ADPCM ("Recommended Practices for Enhancing Digital Audio Compatibility in Multimedia Systems", Interactive
 * Multimedia Association, 1992): each sample is coded in 4 bits as its distance from the last one, in steps whose size
 * follows the signal. WAVE and QuickTime put the same codes into different blocks.
 */
import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import type { BlockCodec } from '../pcm/blockSource';

/** The 89 step sizes. */
const STEP_SIZES = Int32Array.from([
	7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
	130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060,
	1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484,
	7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
]);

/**
 * How far a code moves the step index, by its three magnitude bits: small differences shrink the step, large ones widen
 * it.
 */
const INDEX_CHANGES = Int32Array.from([-1, -1, -1, -1, 2, 4, 6, 8]);

const SIGN_BIT = 8;

/** The largest step index. */
const MAX_STEP_INDEX = STEP_SIZES.length - 1;

/** Follows the signal of one channel code by code, on the 16-bit scale. */
class ImaPredictor {
	/** The last sample, −32768 … 32767. */
	sample = 0;
	/** Index of the step size, 0 … `MAX_STEP_INDEX`. */
	stepIndex = 0;

	/**
	 * Takes one 4-bit code and returns the next sample, −32768 … 32767.
	 *
	 * The difference is a sum of truncated parts of the step, as in the recommendation. A single product, rounded once,
	 * would drift from the encoder's value by a few units.
	 */
	next(code: number): number {
		const step = STEP_SIZES[this.stepIndex];
		let difference = step >> 3;
		if ((code & 4) !== 0) difference += step;
		if ((code & 2) !== 0) difference += step >> 1;
		if ((code & 1) !== 0) difference += step >> 2;

		const sample = (code & SIGN_BIT) !== 0 ? this.sample - difference : this.sample + difference;
		this.sample = Math.max(-32768, Math.min(32767, sample));
		this.stepIndex = Math.max(0, Math.min(MAX_STEP_INDEX, this.stepIndex + INDEX_CHANGES[code & 7]));
		return this.sample;
	}
}

/** A block of WAVE (format tag 0x11) has a header per channel: first sample (int16), step index, a reserved byte. */
const WAVE_HEADER_BYTES = 4;
/** After the headers the channels take turns: 4 bytes of one, 8 codes, then 4 bytes of the next. */
const TURN_BYTES = 4;
const FRAMES_PER_TURN = 8;
const FULL_SCALE = 32768;

function decodeBlock(block: Uint8Array, channels: number, frames: number): PcmBlock {
	const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
	return Array.from({ length: channels }, (_, channel) => {
		const samples = new Float32Array(frames);
		if (frames === 0) return samples;

		const predictor = new ImaPredictor();
		predictor.sample = view.getInt16(channel * WAVE_HEADER_BYTES, true);
		predictor.stepIndex = view.getUint8(channel * WAVE_HEADER_BYTES + 2);
		if (predictor.stepIndex > MAX_STEP_INDEX) {
			throw new VoiceNoteError('corrupt', 'A block of IMA ADPCM audio starts with an impossible step index');
		}

		samples[0] = predictor.sample / FULL_SCALE;
		const turnDistance = TURN_BYTES * channels;
		let turn = WAVE_HEADER_BYTES * channels + channel * TURN_BYTES;
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
 * IMA ADPCM in blocks of WAVE.
 *
 * @param blockBytes The block alignment of the file's header, in bytes.
 * @throws {VoiceNoteError} `corrupt` if a block is too small for its headers
 */
export function imaAdpcm(blockBytes: number, channels: number): BlockCodec {
	if (blockBytes < WAVE_HEADER_BYTES * channels) {
		throw new VoiceNoteError(
			'corrupt',
			`The header claims IMA ADPCM blocks of ${blockBytes} bytes, which are too small`,
		);
	}
	const framesIn = (byteLength: number): number => {
		const turns = Math.floor((byteLength - WAVE_HEADER_BYTES * channels) / (TURN_BYTES * channels));
		return turns < 0 ? 0 : 1 + turns * FRAMES_PER_TURN;
	};
	return {
		blockBytes,
		framesIn,
		createDecoder: () => (block) => decodeBlock(block, channels, framesIn(block.length)),
	};
}

/**
 * Bytes of one channel's packet in QuickTime (`ima4`, also in AIFF-C and CAF): a header of 2 bytes, 64 codes of 4 bits.
 */
export const IMA4_PACKET_BYTES = 34;
/** Samples in one channel's packet. */
export const IMA4_PACKET_FRAMES = 64;

const IMA4_HEADER_BYTES = 2;
/** The lower 7 bits of the header are the step index, the upper 9 those of the last sample. */
const STEP_INDEX_MASK = 0x7f;

/**
 * Sets the predictor from the header of a packet. The header has only the upper 9 bits of the last sample. If the
 * predictor's own value is close to that, it is the more precise one and stays.
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
		const codes = packet[IMA4_HEADER_BYTES + i / 2];
		samples[i] = predictor.next(codes & 0x0f) / FULL_SCALE;
		samples[i + 1] = predictor.next(codes >> 4) / FULL_SCALE;
	}
	return samples;
}

/** IMA ADPCM of QuickTime (Apple, "QuickTime File Format", IMA 4:1); a block is one packet of each channel. */
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
