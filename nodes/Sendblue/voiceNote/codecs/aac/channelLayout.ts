import type { BitReader } from '../../bits/bitReader';
import type { Speaker } from '../../pcm/speakers';
import { corruptAac, unsupportedAac } from './aacErrors';

/** A syntactic element that carries one channel, or in `pair` two. */
export type ElementKind = 'single' | 'pair' | 'lfe';

/** One channel element of every frame. */
export interface LayoutElement {
	kind: ElementKind;
	/** element_instance_tag that tells it from others of its kind; absent where their order does. */
	tag?: number;
	/** One speaker for each of its channels. */
	speakers: Speaker[];
}

const C: LayoutElement = { kind: 'single', speakers: ['C'] };
const L_R: LayoutElement = { kind: 'pair', speakers: ['L', 'R'] };
const LC_RC: LayoutElement = { kind: 'pair', speakers: ['Lc', 'Rc'] };
const LS_RS: LayoutElement = { kind: 'pair', speakers: ['Ls', 'Rs'] };
const LB_RB: LayoutElement = { kind: 'pair', speakers: ['Lb', 'Rb'] };
const LVH_RVH: LayoutElement = { kind: 'pair', speakers: ['Lvh', 'Rvh'] };
const CS: LayoutElement = { kind: 'single', speakers: ['Cs'] };
const LFE: LayoutElement = { kind: 'lfe', speakers: ['LFE'] };

/** ISO/IEC 14496-3, Table 1.19: the elements of each channelConfiguration. */
const STANDARD_LAYOUTS: Readonly<Record<number, LayoutElement[]>> = {
	1: [C],
	2: [L_R],
	3: [C, L_R],
	4: [C, L_R, CS],
	5: [C, L_R, LS_RS],
	6: [C, L_R, LS_RS, LFE],
	7: [C, LC_RC, L_R, LS_RS, LFE],
	11: [C, L_R, LS_RS, CS, LFE],
	12: [C, L_R, LS_RS, LB_RB, LFE],
	14: [C, L_R, LS_RS, LFE, LVH_RVH],
};

/**
 * The channel elements of a channelConfiguration other than 0.
 *
 * @throws {VoiceNoteError} `unsupported` where the number is reserved.
 */
export function standardLayout(channelConfiguration: number): LayoutElement[] {
	const layout = STANDARD_LAYOUTS[channelConfiguration];
	if (!layout) throw unsupportedAac(`channel configuration ${channelConfiguration}`);
	return layout;
}

/** Number of channels in a layout. */
export function countChannels(layout: LayoutElement[]): number {
	return layout.reduce((count, { speakers }) => count + speakers.length, 0);
}

/** The most channels a stream may have. */
const MAX_CHANNELS = 8;

interface PlacedElement {
	pair: boolean;
	tag: number;
}

/**
 * Reads program_config_element() behind its tag (ISO/IEC 14496-3, Table 4.2): a channel layout spelt out.
 *
 * @returns The channel elements in their order: front, side, back, LFE.
 * @throws {VoiceNoteError} `corrupt` where it has no channels; `unsupported` where it has more than 8.
 */
export function readProgramConfig(reader: BitReader): LayoutElement[] {
	const layout = skipProgramConfig(reader);
	const channels = countChannels(layout);
	if (channels === 0) throw corruptAac('its channel layout is empty');
	if (channels > MAX_CHANNELS) throw unsupportedAac(`${channels} channels`);
	return layout;
}

/** Reads the same where it is not followed, as inside the frames of a stream whose layout is known. */
export function skipProgramConfig(reader: BitReader): LayoutElement[] {
	reader.skip(2 + 4); // object_type, sampling_frequency_index
	const frontCount = reader.read(4);
	const sideCount = reader.read(4);
	const backCount = reader.read(4);
	const lfeCount = reader.read(2);
	const associatedDataCount = reader.read(3);
	const couplingCount = reader.read(4);
	if (reader.readFlag()) reader.skip(4); // mono_mixdown_element_number
	if (reader.readFlag()) reader.skip(4); // stereo_mixdown_element_number
	if (reader.readFlag()) reader.skip(3); // matrix_mixdown_idx, pseudo_surround_enable
	const front = readElements(reader, frontCount);
	const side = readElements(reader, sideCount);
	const back = readElements(reader, backCount);
	const lfeTags = Array.from({ length: lfeCount }, () => reader.read(4));
	reader.skip(associatedDataCount * 4 + couplingCount * 5);
	reader.alignToByte();
	reader.skip(reader.read(8) * 8); // comment_field

	return [
		...placeFront(front),
		...placeBehind(side, ['Ls', 'Rs']),
		...placeBehind(back, side.some(({ pair }) => pair) ? ['Lb', 'Rb'] : ['Ls', 'Rs']),
		...lfeTags.map((tag): LayoutElement => ({ kind: 'lfe', tag, speakers: ['LFE'] })),
	];
}

function readElements(reader: BitReader, count: number): PlacedElement[] {
	return Array.from({ length: count }, () => ({ pair: reader.readFlag(), tag: reader.read(4) }));
}

/** Front elements come from the centre outwards; two single channels without a pair are left and right. */
function placeFront(elements: PlacedElement[]): LayoutElement[] {
	const outermost = elements.map(({ pair }) => pair).lastIndexOf(true);
	const twoSingles = elements.length === 2 && outermost === -1;
	return elements.map(({ pair, tag }, i): LayoutElement => {
		if (pair) return { kind: 'pair', tag, speakers: i === outermost ? ['L', 'R'] : ['Lc', 'Rc'] };
		if (twoSingles) return { kind: 'single', tag, speakers: [i === 0 ? 'L' : 'R'] };
		return { kind: 'single', tag, speakers: ['C'] };
	});
}

function placeBehind(elements: PlacedElement[], pairSpeakers: Speaker[]): LayoutElement[] {
	return elements.map(
		({ pair, tag }): LayoutElement =>
			pair ? { kind: 'pair', tag, speakers: pairSpeakers } : { kind: 'single', tag, speakers: ['Cs'] },
	);
}
