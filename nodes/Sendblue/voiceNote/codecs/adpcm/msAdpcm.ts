/** Microsoft ADPCM (WAVE format tag 0x02; Microsoft, "Multimedia Data Standards Update", 1994): 4 bits per sample. */
import type { PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import type { BlockCodec } from '../pcm/blockSource';

/**
 * Bytes per channel in the header of a block. It has four fields, each for all channels in turn: number of the
 * predictor (1 byte), delta, second sample, first sample (int16 each).
 */
const HEADER_BYTES = 7;
/** Samples per channel in the header. */
const HEADER_FRAMES = 2;
const FULL_SCALE = 32768;

/** The coefficients are fixed-point numbers: this is 1. */
const COEFFICIENT_BASE = 256;
const MIN_DELTA = 16;
/** A larger delta would overflow 32 bits when the next code adapts it; only damaged files get that far. */
const MAX_DELTA = Math.floor(0x7fffffff / 768);

/** The factor (÷ 256) by which a code changes the delta. */
const ADAPTATION = Int32Array.from([230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230]);

/** Weights of the last sample and of the one before it, ÷ 256. */
export type MsAdpcmCoefficients = readonly [number, number];

/** The seven standard predictors; a file's header may list others. */
export const MS_ADPCM_COEFFICIENTS: readonly MsAdpcmCoefficients[] = [
	[256, 0],
	[512, -256],
	[0, 0],
	[192, 64],
	[240, 0],
	[460, -208],
	[392, -232],
];

/** One channel's state within a block. */
class MsAdpcmChannel {
	private readonly weights: MsAdpcmCoefficients;

	private delta: number;

	/** The last sample. */
	private last: number;

	/** The one before it. */
	private previous: number;

	constructor(view: DataView, channels: number, channel: number, coefficients: readonly MsAdpcmCoefficients[]) {
		const predictor = view.getUint8(channel);
		if (predictor >= coefficients.length) {
			throw new VoiceNoteError('corrupt', `A block of MS ADPCM audio uses the unknown predictor ${predictor}`);
		}
		this.weights = coefficients[predictor];
		this.delta = view.getInt16(channels + 2 * channel, true);
		this.last = view.getInt16(3 * channels + 2 * channel, true);
		this.previous = view.getInt16(5 * channels + 2 * channel, true);
	}

	/** The samples of the header in chronological order. */
	headerSamples(): [number, number] {
		return [this.previous, this.last];
	}

	/** Takes one 4-bit code and returns the next sample, −32768 … 32767. */
	next(code: number): number {
		const weighted = this.last * this.weights[0] + this.previous * this.weights[1];
		const signedCode = (code << 28) >> 28;
		const sample = Math.trunc(weighted / COEFFICIENT_BASE) + signedCode * this.delta;
		this.previous = this.last;
		this.last = Math.max(-32768, Math.min(32767, sample));
		const adapted = (ADAPTATION[code] * this.delta) >> 8;
		this.delta = Math.max(MIN_DELTA, Math.min(MAX_DELTA, adapted));
		return this.last;
	}
}

function decodeBlock(
	block: Uint8Array,
	frames: number,
	channels: number,
	coefficients: readonly MsAdpcmCoefficients[],
): PcmBlock {
	const output = Array.from({ length: channels }, () => new Float32Array(frames));
	if (frames === 0) return output;

	const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
	const states = output.map((samples, channel) => {
		const state = new MsAdpcmChannel(view, channels, channel, coefficients);
		state.headerSamples().forEach((sample, i) => (samples[i] = sample / FULL_SCALE));
		return state;
	});

	// The channels take turns code by code, the upper half of a byte first.
	const codes = (frames - HEADER_FRAMES) * channels;
	for (let i = 0; i < codes; i++) {
		const byte = block[HEADER_BYTES * channels + (i >> 1)];
		const code = (i & 1) === 0 ? byte >> 4 : byte & 0x0f;
		const channel = i % channels;
		output[channel][HEADER_FRAMES + (i - channel) / channels] = states[channel].next(code) / FULL_SCALE;
	}
	return output;
}

/**
 * Microsoft ADPCM.
 *
 * @param blockBytes The block alignment of the file's header, in bytes.
 * @param coefficients The predictors of the file's header, or the standard seven.
 * @throws {VoiceNoteError} `corrupt` if a block is too small for its headers
 */
export function msAdpcm(
	blockBytes: number,
	channels: number,
	coefficients: readonly MsAdpcmCoefficients[] = MS_ADPCM_COEFFICIENTS,
): BlockCodec {
	if (blockBytes < HEADER_BYTES * channels) {
		throw new VoiceNoteError(
			'corrupt',
			`The header claims MS ADPCM blocks of ${blockBytes} bytes, which are too small`,
		);
	}
	const framesIn = (byteLength: number): number => {
		const codeBytes = byteLength - HEADER_BYTES * channels;
		return codeBytes < 0 ? 0 : HEADER_FRAMES + Math.floor((2 * codeBytes) / channels);
	};
	return {
		blockBytes,
		framesIn,
		createDecoder: () => (block) => decodeBlock(block, framesIn(block.length), channels, coefficients),
	};
}
