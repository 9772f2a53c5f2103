import { BitReader } from '../../bits/bitReader';
import { VoiceNoteError } from '../../errors';
import type { Speaker } from '../../pcm/speakers';

/**
 * The error for AAC that breaks the rules of its format.
 *
 * @param what What is wrong, as a clause: `a scalefactor is out of range`.
 */
export function corruptAac(what: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The AAC audio is damaged: ${what}.`);
}

/**
 * The error for a valid form of AAC that is not supported.
 *
 * @param what The form: `the Main profile`.
 */
export function unsupportedAac(what: string): VoiceNoteError {
	return new VoiceNoteError(
		'unsupported',
		`The audio is AAC in a form that cannot be read: ${what}.`,
		'Convert the file to AAC-LC, MP3 or WAV first.',
	);
}

/** The error of a bit reader at the end of a frame. */
export function frameEndsEarly(): VoiceNoteError {
	return corruptAac('a frame ends too early');
}

/** A syntactic element with one channel, or two in a `pair`. */
export type ElementKind = 'single' | 'pair' | 'lfe';

/** A channel element that every frame has. */
export interface LayoutElement {
	kind: ElementKind;
	/** element_instance_tag, which identifies it among elements of its kind; absent if their order does. */
	tag?: number;
	/** The speaker of each of its channels. */
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

/** The elements of each channelConfiguration (ISO/IEC 14496-3, Table 1.19). */
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
 * @throws {VoiceNoteError} `unsupported` if the number is reserved
 */
export function standardLayout(channelConfiguration: number): LayoutElement[] {
	const layout = STANDARD_LAYOUTS[channelConfiguration];
	if (!layout) throw unsupportedAac(`channel configuration ${channelConfiguration}`);
	return layout;
}

/** The number of channels in a layout. */
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
 * Reads program_config_element() after its tag (ISO/IEC 14496-3, Table 4.2): a channel layout spelled out.
 *
 * @returns the channel elements in their order: front, side, back, LFE
 * @throws {VoiceNoteError} `corrupt` if it has no channels; `unsupported` if it has more than 8
 */
export function readProgramConfig(reader: BitReader): LayoutElement[] {
	const layout = skipProgramConfig(reader);
	const channels = countChannels(layout);
	if (channels === 0) throw corruptAac('its channel layout is empty');
	if (channels > MAX_CHANNELS) throw unsupportedAac(`${channels} channels`);
	return layout;
}

/** Like `readProgramConfig`, but any layout passes: for frames of a stream whose layout is already known. */
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

/** Front elements come from the center outward; two single channels without a pair are left and right. */
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

/** What a decoder needs to know about an AAC stream. */
export interface AacConfig {
	/** Audio object type of the core; always 2, AAC-LC. */
	objectType: number;
	/** Sample rate of the core in Hz. */
	sampleRate: number;
	/** channelConfiguration; 0 if the layout was spelled out. */
	channelConfiguration: number;
	/** Number of channels. */
	channels: number;
	/** Channel elements in the order of their channels in the output. */
	layout: LayoutElement[];
	/** Samples per channel in a frame. */
	frameLength: 1024 | 960;
	/** Whether the stream announces spectral band replication (HE-AAC). */
	sbrPresent: boolean;
	/** Whether the stream says explicitly that it has none; then nothing is decoded as SBR. Otherwise absent. */
	sbrDenied?: boolean;
	/** Whether the stream announces parametric stereo (HE-AAC v2); the core is then mono. */
	psPresent: boolean;
}

/** Hz by samplingFrequencyIndex (ISO/IEC 14496-3, Table 1.18). */
export const SAMPLING_FREQUENCIES: readonly number[] = [
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];
/** samplingFrequencyIndex of a rate that is spelled out, in 24 bits. */
const EXPLICIT_FREQUENCY = 15;
/** In Hz. */
const MAX_SAMPLE_RATE = 192000;

/** channelConfiguration of one channel. */
const MONO_CONFIGURATION = 1;

/** Audio object types (ISO/IEC 14496-3, Table 1.17). */
const AOT_AAC_LC = 2;
const AOT_SBR = 5;
const AOT_PS = 29;
const AOT_ESCAPE = 31;

const UNSUPPORTED_OBJECT_TYPES: Readonly<Record<number, string>> = {
	1: 'the Main profile',
	3: 'the SSR profile',
	4: 'the LTP profile',
	6: 'AAC Scalable',
	7: 'TwinVQ',
	17: 'error resilient AAC-LC',
	19: 'error resilient AAC-LTP',
	20: 'error resilient AAC Scalable',
	22: 'BSAC',
	23: 'AAC-LD (low delay)',
	39: 'AAC-ELD (enhanced low delay)',
	42: 'xHE-AAC (USAC)',
};

/** Sync words of extensions after the configuration that announce SBR and PS; older decoders skip them. */
const SYNC_EXTENSION_SBR = 0x2b7;
const SYNC_EXTENSION_PS = 0x548;

/**
 * Reads an AudioSpecificConfig (ISO/IEC 14496-3, Table 1.15), as MP4, Matroska and CAF carry it.
 *
 * @throws {VoiceNoteError} `corrupt`, or `unsupported` for anything whose core is not AAC-LC.
 */
export function parseAudioSpecificConfig(bytes: Uint8Array): AacConfig {
	const reader = new BitReader(frameEndsEarly);
	reader.load(bytes);
	let objectType = readObjectType(reader);
	const sampleRate = readSamplingFrequency(reader);
	const channelConfiguration = reader.read(4);
	const psAnnounced = objectType === AOT_PS;
	const sbrAnnounced = psAnnounced || objectType === AOT_SBR;
	if (sbrAnnounced) {
		readSamplingFrequency(reader); // extensionSamplingFrequency
		objectType = readObjectType(reader);
	}
	assertLowComplexity(objectType);

	// GASpecificConfig
	const frameLength = reader.readFlag() ? 960 : 1024;
	// dependsOnCoreCoder, coreCoderDelay and extensionFlag: irrelevant here, and missing in some files.
	const ignoredBits = reader.readFlag() ? 14 + 1 : 1;
	reader.skip(Math.min(ignoredBits, reader.bitsLeft));
	const layout = channelConfiguration === 0 ? readLayout(reader) : standardLayout(channelConfiguration);
	const extension: SyncExtension = sbrAnnounced ? { sbr: true, ps: psAnnounced } : readSyncExtension(reader);
	return {
		objectType,
		sampleRate,
		channelConfiguration,
		channels: countChannels(layout),
		layout,
		frameLength,
		sbrPresent: extension.sbr,
		...(extension.denied && { sbrDenied: true }),
		psPresent: extension.ps,
	};
}

/**
 * The configuration for decoding a stereo stream to mono, the mean of both channels; any other configuration stays as
 * it is.
 */
export function mixedToMono(config: AacConfig): AacConfig {
	const isStereo = config.layout.length === 1 && config.channels === 2;
	return isStereo ? { ...config, channels: 1, layout: standardLayout(MONO_CONFIGURATION) } : config;
}

/**
 * Makes sure that an audio object type is AAC-LC.
 *
 * @throws {VoiceNoteError} `unsupported`, with the name of the actual type
 */
export function assertLowComplexity(objectType: number): void {
	if (objectType === AOT_AAC_LC) return;
	throw unsupportedAac(UNSUPPORTED_OBJECT_TYPES[objectType] ?? `audio object type ${objectType}`);
}

function readObjectType(reader: BitReader): number {
	const objectType = reader.read(5);
	return objectType === AOT_ESCAPE ? 32 + reader.read(6) : objectType;
}

function readSamplingFrequency(reader: BitReader): number {
	const index = reader.read(4);
	const sampleRate = index === EXPLICIT_FREQUENCY ? reader.read(24) : SAMPLING_FREQUENCIES[index];
	if (!sampleRate || sampleRate > MAX_SAMPLE_RATE) throw corruptAac('its sample rate is impossible');
	return sampleRate;
}

function readLayout(reader: BitReader): LayoutElement[] {
	reader.skip(4); // element_instance_tag
	return readProgramConfig(reader);
}

interface SyncExtension {
	sbr: boolean;
	ps: boolean;
	/** Whether it says explicitly that there is no SBR. */
	denied?: boolean;
}

function readSyncExtension(reader: BitReader): SyncExtension {
	const none = { sbr: false, ps: false };
	if (reader.bitsLeft < 17 || reader.read(11) !== SYNC_EXTENSION_SBR) return none;
	if (readObjectType(reader) !== AOT_SBR) return none;
	if (!reader.readFlag()) return { ...none, denied: true };
	if (reader.bitsLeft < 4) return { sbr: true, ps: false };
	const indexIsExplicit = reader.read(4) === EXPLICIT_FREQUENCY; // extensionSamplingFrequency
	if (indexIsExplicit) reader.skip(24);
	const ps = reader.bitsLeft >= 12 && reader.read(11) === SYNC_EXTENSION_PS && reader.readFlag();
	return { sbr: true, ps };
}
