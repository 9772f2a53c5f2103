/**
 * raw_data_block() (ISO/IEC 14496-3, Table 4.3): one AAC frame, a list of syntactic elements that each hold one
 * channel, a pair of channels, or something other than audio.
 */
import { BitReader } from '../../bits/bitReader';
import {
	type AacConfig,
	corruptAac,
	type ElementKind,
	frameEndsEarly,
	type LayoutElement,
	skipProgramConfig,
} from './audioSpecificConfig';
import type { ChannelStream } from './channelStream';
import { createChannelStream, readChannelStream } from './channelStream';
import { readFill } from './fillElement';
import type { OverlapState } from './filterBank';
import { createOverlap } from './filterBank';
import { readScalefactorDifference, ZERO_CODEBOOK } from './huffman';
import type { ScalefactorBands } from './icsInfo';
import { copyIcsInfo, MAX_BANDS, readIcsInfo, scalefactorBands } from './icsInfo';
import { applyJointStereo, applyTns, dequantize, NoiseSubstitution, readStereoMask } from './spectrum';

/** id_syn_ele: the kinds of elements (Table 4.85). */
const ID_SINGLE_CHANNEL = 0;
const ID_CHANNEL_PAIR = 1;
const ID_COUPLING_CHANNEL = 2;
const ID_LFE_CHANNEL = 3;
const ID_DATA_STREAM = 4;
const ID_PROGRAM_CONFIG = 5;
const ID_FILL = 6;
const ID_END = 7;
const ID_BITS = 3;

/** Bits of element_instance_tag, which identifies an element among those of its kind. */
const TAG_BITS = 4;

/**
 * A spectrum with more energy than this is not audio: a full-scale tone has 2^50. The limit also keeps every sample
 * finite, so that a damaged frame cannot spoil those that follow.
 */
const MAX_SPECTRUM_ENERGY = 2 ** 70;

const SINGLE: LayoutElement = { kind: 'single', speakers: ['C'] };
const PAIR: LayoutElement = { kind: 'pair', speakers: ['L', 'R'] };

/** One channel element of the layout, and what the current frame has for it. */
export interface ChannelElement {
	kind: ElementKind;
	tag: number | undefined;
	/** One stream and one overlap per channel. */
	streams: ChannelStream[];
	overlaps: OverlapState[];
	/** Whether the current frame has it. */
	present: boolean;
	/** Its spectral band replication in the current frame. */
	sbrPayload?: Uint8Array;
}

/** Reads the frames of a stream, up to the spectrum of each channel. */
export class RawDataBlockReader {
	/** The elements of the layout, in the order of their channels. */
	readonly elements: ChannelElement[];
	private readonly frameLength: number;
	private readonly bands: ScalefactorBands;
	/**
	 * For a layout of a single channel or of a pair: the other of the two, since some streams announce the wrong one. A
	 * pair is then mixed, and a single channel comes out on both sides.
	 */
	private readonly standIn: ChannelElement | undefined;
	/** Takes elements that are not in the layout. */
	private readonly spare: ChannelElement;
	/** ms_used of the pair that is being read. */
	private readonly stereoMask = new Uint8Array(MAX_BANDS);
	private readonly noise = new NoiseSubstitution();
	private readonly reader = new BitReader(frameEndsEarly);
	/** The element read last, to which a fill element belongs. */
	private lastElement: ChannelElement | undefined;

	/** @param mayHoldSbr whether data that looks like spectral band replication is decoded as such */
	constructor(
		config: AacConfig,
		private readonly mayHoldSbr: boolean,
	) {
		this.frameLength = config.frameLength;
		this.bands = scalefactorBands(config.sampleRate, config.frameLength);
		this.elements = config.layout.map((element) => this.createElement(element));
		this.standIn = this.createStandIn();
		this.spare = this.createElement(PAIR);
	}

	/** Starts reading a packet of one block or several. */
	load(packet: Uint8Array): void {
		this.reader.load(packet);
	}

	/**
	 * Reads the next block.
	 *
	 * @throws {VoiceNoteError} `corrupt`
	 */
	read(): void {
		const { reader, elements, standIn } = this;
		for (const element of standIn ? [...elements, standIn] : elements) {
			element.present = false;
			element.sbrPayload = undefined;
		}
		this.lastElement = undefined;
		// The last byte can hold nothing but the end mark, which some encoders leave out.
		while (reader.bitsLeft >= 8) {
			const id = reader.read(ID_BITS);
			if (id === ID_END) break;
			this.readElement(id);
		}
		reader.alignToByte();
		const sources = this.sources();
		if (!sources.some(({ present }) => present)) throw corruptAac('a frame holds no audio');
		for (const { streams, present } of sources) {
			for (const { spectrum } of streams) {
				if (present) assertPlausible(spectrum);
				else spectrum.fill(0);
			}
		}
	}

	/** The elements with the audio of the current frame: those of the layout, or their stand-in if only that came. */
	sources(): ChannelElement[] {
		const { elements, standIn } = this;
		return standIn?.present && !elements[0].present ? [standIn] : elements;
	}

	private createElement({ kind, tag, speakers }: LayoutElement): ChannelElement {
		return {
			kind,
			tag,
			streams: speakers.map(() => createChannelStream(this.bands, this.frameLength)),
			overlaps: speakers.map(() => createOverlap(this.frameLength)),
			present: false,
		};
	}

	private createStandIn(): ChannelElement | undefined {
		if (this.elements.length !== 1) return undefined;
		const [{ kind }] = this.elements;
		return kind === 'lfe' ? undefined : this.createElement(kind === 'pair' ? SINGLE : PAIR);
	}

	private readElement(id: number): void {
		switch (id) {
			case ID_SINGLE_CHANNEL:
				this.readSingleChannel('single');
				break;
			case ID_LFE_CHANNEL:
				this.readSingleChannel('lfe');
				break;
			case ID_CHANNEL_PAIR:
				this.readChannelPair();
				break;
			case ID_COUPLING_CHANNEL:
				this.reader.skip(TAG_BITS);
				skipCouplingElement(this.reader, this.spare.streams[0], this.bands);
				break;
			case ID_DATA_STREAM:
				skipDataStream(this.reader);
				break;
			case ID_PROGRAM_CONFIG:
				this.reader.skip(TAG_BITS);
				skipProgramConfig(this.reader);
				break;
			case ID_FILL:
				this.readFill();
				break;
		}
	}

	/** If several payloads follow an element, the first counts. */
	private readFill(): void {
		const payload = readFill(this.reader);
		if (this.mayHoldSbr && this.lastElement) this.lastElement.sbrPayload ??= payload;
	}

	/** The element of the layout with this tag, or the next of its kind if the layout has no tags. */
	private findElement(kind: ElementKind, tag: number): ChannelElement {
		const found = this.elements.find(
			(element) => element.kind === kind && !element.present && (element.tag === undefined || element.tag === tag),
		);
		if (found) return found;
		const { standIn } = this;
		return standIn?.kind === kind && !standIn.present ? standIn : this.spare;
	}

	private readSingleChannel(kind: ElementKind): void {
		const element = this.findElement(kind, this.reader.read(TAG_BITS));
		const [stream] = element.streams;
		readChannelStream(this.reader, stream, this.bands, false);
		dequantize(stream);
		this.noise.fill(stream);
		applyTns(stream.tns, stream.info, stream.spectrum);
		element.present = true;
		this.lastElement = kind === 'lfe' ? undefined : element;
	}

	/** channel_pair_element() (Table 4.5). */
	private readChannelPair(): void {
		const { reader, stereoMask, bands, noise } = this;
		const element = this.findElement('pair', reader.read(TAG_BITS));
		const [left, right] = element.streams;
		const commonWindow = reader.readFlag();
		if (commonWindow) {
			readIcsInfo(reader, left.info, bands);
			readStereoMask(reader, left.info, stereoMask);
			copyIcsInfo(left.info, right.info);
		} else {
			stereoMask.fill(0);
		}
		readChannelStream(reader, left, bands, commonWindow);
		readChannelStream(reader, right, bands, commonWindow);
		dequantize(left);
		dequantize(right);
		noise.fill(left);
		noise.fillRight(left, right, stereoMask);
		applyJointStereo(left, right, stereoMask);
		applyTns(left.tns, left.info, left.spectrum);
		applyTns(right.tns, right.info, right.spectrum);
		element.present = true;
		this.lastElement = element;
	}
}

function assertPlausible(spectrum: Float32Array): void {
	let energy = 0;
	for (let i = 0; i < spectrum.length; i++) energy += spectrum[i] * spectrum[i];
	// Negated, so that NaN does not pass.
	if (!(energy < MAX_SPECTRUM_ENERGY)) throw corruptAac('a frame is louder than any sound');
}

/**
 * Skips coupling_channel_element() after its tag (Table 4.8). What it would add to other channels is left out: encoders
 * of speech and music do not use it.
 *
 * @param spare Takes the element's own channel, which is not played.
 * @throws {VoiceNoteError} `corrupt`
 */
function skipCouplingElement(reader: BitReader, spare: ChannelStream, bands: ScalefactorBands): void {
	const independentlySwitched = reader.readFlag();
	const coupledElements = reader.read(3) + 1;
	let gainLists = 0;
	for (let i = 0; i < coupledElements; i++) {
		gainLists++;
		const targetIsPair = reader.readFlag();
		reader.skip(4); // cc_target_tag_select
		const bothChannels = targetIsPair && reader.read(2) === 3; // cc_l, cc_r
		if (bothChannels) gainLists++;
	}
	reader.skip(1 + 1 + 2); // cc_domain, gain_element_sign, gain_element_scale
	readChannelStream(reader, spare, bands, false);
	const bandCount = spare.info.groups * spare.info.maxSfb;
	for (let list = 1; list < gainLists; list++) {
		const commonGain = independentlySwitched || reader.readFlag();
		if (commonGain) readScalefactorDifference(reader);
		for (let band = 0; band < bandCount && !commonGain; band++) {
			if (spare.codebooks[band] !== ZERO_CODEBOOK) readScalefactorDifference(reader);
		}
	}
}

/**
 * Skips data_stream_element() (Table 4.10).
 *
 * @throws {VoiceNoteError} `corrupt` if the packet ends too early
 */
function skipDataStream(reader: BitReader): void {
	reader.skip(TAG_BITS);
	const aligned = reader.readFlag();
	let count = reader.read(8);
	if (count === 255) count += reader.read(8);
	if (aligned) reader.alignToByte();
	reader.skip(count * 8);
}
