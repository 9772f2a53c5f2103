import { corruptAac, unsupportedAac } from './aacErrors';
import type { BitReader } from './bitReader';
import type { LayoutElement, Speaker } from './channelLayout';
import { countChannels } from './channelLayout';

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

	const layout = [
		...placeFront(front),
		...placeBehind(side, ['Ls', 'Rs']),
		...placeBehind(back, side.some(({ pair }) => pair) ? ['Lb', 'Rb'] : ['Ls', 'Rs']),
		...lfeTags.map((tag): LayoutElement => ({ kind: 'lfe', tag, speakers: ['LFE'] })),
	];
	const channels = countChannels(layout);
	if (channels === 0) throw corruptAac('its channel layout is empty');
	if (channels > MAX_CHANNELS) throw unsupportedAac(`${channels} channels`);
	return layout;
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
