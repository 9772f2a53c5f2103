/**
 * Random frames that use every tool of AAC-LC: all windows and their sequence, groups, all codebooks with
 * escapes, pulses, noise shaping, mid/side and intensity stereo. Valid, and the same for the same seed.
 */
import type { ScalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';
import type { ChannelSyntax, FrameWindows, PairSyntax, TnsWindowSyntax } from './frameWriter.cjs';
import type { Random } from '../random.cjs';

import { BitWriter } from '../bits.cts';
import { LARGEST_VALUE, writeDataStream, writeEnd, writeFill, writePair, writeSingle } from './frameWriter.cts';

/** The window sequences that may follow each one. */
const NEXT_SEQUENCES = [[0, 0, 1], [2], [2, 3], [0, 0, 1]];

/** The channel elements of a channelConfiguration. */
const ELEMENTS: Readonly<Record<number, Array<'single' | 'pair' | 'lfe'>>> = {
	1: ['single'],
	2: ['pair'],
	3: ['single', 'pair'],
	4: ['single', 'pair', 'single'],
	5: ['single', 'pair', 'pair'],
	6: ['single', 'pair', 'pair', 'lfe'],
	7: ['single', 'pair', 'pair', 'pair', 'lfe'],
};

/** Which tools the frames may use besides windows, groups and codebooks. */
export interface RandomFrameOptions {
	tns?: boolean;
	pulses?: boolean;
	joint?: boolean;
	/** Perceptual noise: its samples differ from decoder to decoder. */
	noise?: boolean;
	/** Aligned data elements: where a frame begins within a byte, decoders differ on what they align to. */
	alignedData?: boolean;
	/** Writes what is to follow a channel element, by its place in the frame. */
	behindElement?(writer: BitWriter, element: number): void;
}

const ALL_TOOLS: RandomFrameOptions = { tns: true, pulses: true, joint: true, alignedData: true };

/** raw_data_blocks of a stream. */
export function randomBlocks(
	random: Random,
	count: number,
	channelConfiguration: number,
	bands: ScalefactorBands,
	options: RandomFrameOptions = ALL_TOOLS,
): Uint8Array[] {
	const elements = ELEMENTS[channelConfiguration];
	const sequences = elements.map(() => [0, 0]);
	return Array.from({ length: count }, () => {
		const writer = new BitWriter();
		const tags = { single: 0, pair: 0, lfe: 0 };
		elements.forEach((kind, i) => {
			if (random.chance(0.1)) writeFill(writer, new Uint8Array(random.pick([0, 1, 14, 15, 40])));
			if (random.chance(0.1)) {
				const aligned = random.chance(0.5) && options.alignedData === true;
				writeDataStream(writer, new Uint8Array(random.integer(0, 300)), aligned);
			}
			const tag = tags[kind]++;
			const next = sequences[i].map((sequence) => random.pick(NEXT_SEQUENCES[sequence]));
			if (kind === 'pair') {
				const pair = randomPair(random, next, bands, options);
				sequences[i] = [pair.left.windows.sequence, pair.right.windows.sequence];
				writePair(writer, pair, tag);
			} else {
				const windows = randomWindows(random, kind === 'lfe' ? 0 : next[0], bands);
				sequences[i] = [windows.sequence, 0];
				writeSingle(writer, randomChannel(random, windows, false, options), tag, kind === 'lfe' ? 3 : 0);
			}
			options.behindElement?.(writer, i);
		});
		writeEnd(writer);
		return writer.toBytes();
	});
}

function randomPair(
	random: Random,
	[leftSequence, rightSequence]: number[],
	bands: ScalefactorBands,
	options: RandomFrameOptions,
): PairSyntax {
	// Both channels were in step if both may go on with the same sequence.
	const commonWindow = leftSequence === rightSequence && random.chance(0.8);
	const left = randomWindows(random, leftSequence, bands);
	const right = commonWindow ? left : randomWindows(random, rightSequence, bands);
	const bandCount = left.maxSfb * left.groupLengths.length;
	const flags = Array.from({ length: bandCount }, () => random.integer(0, 1));
	const joint = commonWindow && options.joint === true;
	return {
		commonWindow,
		mask: joint ? random.pick([undefined, flags, flags, 'all' as const]) : undefined,
		left: randomChannel(random, left, false, options),
		right: randomChannel(random, right, joint, options),
	};
}

function randomWindows(random: Random, sequence: number, bands: ScalefactorBands): FrameWindows {
	const windowBands = sequence === 2 ? bands.short : bands.long;
	const groupLengths = [1];
	for (let window = 1; window < 8 && sequence === 2; window++) {
		if (random.chance(0.5)) groupLengths.push(1);
		else groupLengths[groupLengths.length - 1]++;
	}
	const maxSfb = random.integer(0, 9) === 0 ? random.integer(0, 2) : random.integer(3, windowBands.count);
	return { sequence, shape: random.integer(0, 1), maxSfb, groupLengths, bands: windowBands };
}

function randomChannel(
	random: Random,
	windows: FrameWindows,
	intensity: boolean,
	options: RandomFrameOptions,
): ChannelSyntax {
	const { offsets } = windows.bands;
	const codebooks: number[] = [];
	const scalefactors: number[] = [];
	const quantized: number[][] = [];
	const globalGain = random.integer(90, 130);
	let scalefactor = globalGain;
	let position = 0;
	let noise = globalGain - 90;
	let codebook = 0;
	for (const groupLength of windows.groupLengths) {
		for (let sfb = 0; sfb < windows.maxSfb; sfb++) {
			if (sfb === 0 || random.chance(0.4)) codebook = randomCodebook(random, intensity, options.noise === true);
			codebooks.push(codebook);
			if (codebook >= 14) {
				position += random.integer(-6, 6);
				scalefactors.push(position);
			} else if (codebook === 13) {
				noise = Math.max(-20, Math.min(60, noise + random.integer(-6, 6)));
				scalefactors.push(noise);
			} else if (codebook === 0) {
				scalefactors.push(0);
			} else {
				scalefactor = Math.max(80, Math.min(140, scalefactor + random.integer(-8, 8)));
				scalefactors.push(scalefactor);
			}
			const count = codebook > 11 ? 0 : (offsets[sfb + 1] - offsets[sfb]) * groupLength;
			quantized.push(Array.from({ length: count }, () => randomCoefficient(random, codebook)));
		}
	}
	const short = windows.sequence === 2;
	return {
		windows,
		globalGain,
		codebooks,
		scalefactors,
		quantized,
		pulses: options.pulses && !short && random.chance(0.3) ? randomPulses(random, windows) : undefined,
		tns: options.tns && random.chance(0.4) ? randomTns(random, short) : undefined,
	};
}

function randomCodebook(random: Random, intensity: boolean, noise: boolean): number {
	if (intensity && random.chance(0.2)) return random.integer(14, 15);
	if (noise && random.chance(0.3)) return 13;
	return random.integer(0, 11);
}

function randomCoefficient(random: Random, codebook: number): number {
	const largest = LARGEST_VALUE[codebook];
	const sign = random.chance(0.5) ? -1 : 1;
	if (codebook === 11 && random.chance(0.02)) return sign * random.integer(16, random.pick([31, 300, 8191]));
	// Small values are the most frequent ones, as in music.
	const value = Math.floor(random.next() ** 2 * (largest + 1));
	return sign * (codebook === 11 ? Math.min(value, 15) : value) + 0;
}

/** Pulses within the bands that are sent; beyond them no scalefactor says how loud they are. */
function randomPulses(random: Random, { bands, maxSfb }: FrameWindows): ChannelSyntax['pulses'] {
	if (maxSfb === 0) return undefined;
	const startSfb = random.integer(0, maxSfb - 1);
	const room = bands.offsets[maxSfb] - bands.offsets[startSfb];
	const largestOffset = Math.min(31, Math.floor((room - 1) / 4));
	const count = random.integer(1, 4);
	return {
		startSfb,
		offsets: Array.from({ length: count }, () => random.integer(0, largestOffset)),
		amplitudes: Array.from({ length: count }, () => random.integer(0, 15)),
	};
}

function randomTns(random: Random, short: boolean): TnsWindowSyntax[] {
	return Array.from({ length: short ? 8 : 1 }, () => {
		const resolution = random.integer(0, 1);
		const filters = Array.from({ length: random.integer(0, short ? 1 : 3) }, () => {
			const order = random.integer(0, short ? 7 : 12);
			const compress = random.integer(0, 1);
			const bits = resolution + 3 - compress;
			// Few and weak reflections keep the filter tame.
			const reach = Math.max(1, 2 ** (bits - 1) / 4);
			const coefficient = () => (random.chance(0.4) ? random.integer(-reach, reach) : 0);
			return {
				length: random.integer(1, short ? 15 : 30),
				order,
				direction: random.integer(0, 1),
				compress,
				coefficients: Array.from({ length: order }, () => coefficient() & (2 ** bits - 1)),
			};
		});
		return { resolution, filters };
	});
}
