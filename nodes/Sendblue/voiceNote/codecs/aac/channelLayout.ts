import { unsupportedAac } from './aacErrors';

/** A loudspeaker: C centre, L/R left and right, c in front centre, s surround, b back, vh above; LFE is bass. */
export type Speaker = 'C' | 'L' | 'R' | 'Lc' | 'Rc' | 'Ls' | 'Rs' | 'Lb' | 'Rb' | 'Cs' | 'Lvh' | 'Rvh' | 'LFE';

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
