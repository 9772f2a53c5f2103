import { rethrow, VoiceNoteError } from '../../errors';
import type { DecodeOptions, PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import type { CodecStream } from '../packetSource';
import type { AacConfig, ElementKind, LayoutElement } from './audioSpecificConfig';
import { mixedToMono, skipProgramConfig } from './audioSpecificConfig';
import { hasSbrRate } from './sbr/frequencyBands';
import { BitReader } from '../../bits/bitReader';
import { PcmMemory } from '../../pcm/pcmSource';
import type { Speaker } from '../../pcm/speakers';
import { corruptAac, frameEndsEarly } from './aacErrors';
import type { ChannelStream } from './channelStream';
import { createChannelStream, MAX_BANDS, readChannelStream } from './channelStream';
import type { OverlapState } from './filterBank';
import { createOverlap, FilterBank } from './filterBank';
import { copyIcsInfo, readIcsInfo, scalefactorBands } from './icsInfo';
import { beginsSbr, SBR_DELAY_SAMPLES, WholeBand } from './sbr/sbrElement';
import type { ScalefactorBands } from './icsInfo';
import { readFill, skipCouplingElement, skipDataStream } from './rawDataBlock';
import { applyTns, dequantize, NoiseSubstitution } from './spectrum';
import { applyJointStereo, readStereoMask, splitMix, synthesizeMix } from './stereo';

/** Packets at the start that are looked at for spectral band replication: some seconds. */
const MAX_SEARCHED_PACKETS = 100;
/** Cores of this rate in Hz and more hold all that a voice note does, so their sound stays at it. */
const MIN_SUFFICIENT_RATE = 24_000;

/**
 * A stream of AAC or HE-AAC.
 *
 * @param packets From the start, to find out what they hold.
 * @param blocksIn How many raw_data_blocks a packet holds.
 */
export function aacStream(
	config: AacConfig,
	packets: Iterable<Uint8Array>,
	{ mono }: DecodeOptions,
	blocksIn: (packet: Uint8Array) => number = () => 1,
): CodecStream {
	const decoded = mono ? mixedToMono(config) : config;
	const output = chooseOutput(config, packets);
	const sampleRate = output === 'wholeBandAtDoubleRate' ? 2 * config.sampleRate : config.sampleRate;
	const { channels, layout } = decoded;
	return {
		codecName: 'AAC',
		sampleRate,
		channels,
		layout: layout.flatMap(({ speakers }) => speakers),
		createDecoder() {
			const decoder = new AacDecoder(decoded, output);
			return {
				sampleRate,
				channels,
				decode: (packet) => decoder.decode(packet, blocksIn(packet)),
				get lacksUpperBand() {
					return decoder.lacksUpperBand;
				},
				free: () => decoder.free(),
			};
		},
	};
}

/**
 * Chooses what a stream is decoded to. What its packets hold tells, as a configuration may be silent about HE-AAC, and may
 * announce what is not there.
 */
export function chooseOutput(config: AacConfig, packets: Iterable<Uint8Array>): AacOutput {
	if (config.sbrDenied || !hasSbrRate(config.sampleRate)) return 'core';
	if (!holdsSbr(config, packets)) return config.sbrPresent ? 'delayedCore' : 'core';
	return config.sampleRate < MIN_SUFFICIENT_RATE ? 'wholeBandAtDoubleRate' : 'wholeBand';
}

function holdsSbr(config: AacConfig, packets: Iterable<Uint8Array>): boolean {
	const decoder = new AacDecoder(config);
	let searched = 0;
	for (const packet of packets) {
		if (searched++ === MAX_SEARCHED_PACKETS) return false;
		try {
			if (decoder.holdsSbr(packet)) return true;
		} catch (error) {
			// What cannot be read is found out when it is decoded.
			if (!(error instanceof VoiceNoteError)) rethrow(error);
		}
	}
	return false;
}

/** id_syn_ele (ISO/IEC 14496-3, Table 4.85). */
const ID_SCE = 0;
const ID_CPE = 1;
const ID_CCE = 2;
const ID_LFE = 3;
const ID_DSE = 4;
const ID_PCE = 5;
const ID_FIL = 6;
const ID_END = 7;
const ID_BITS = 3;

/**
 * A spectrum with more energy than this is no sound: a full-scale tone has 2^50. Keeping below it also keeps
 * every sample finite, so that a damaged frame cannot spoil the ones behind it.
 */
const MAX_SPECTRUM_ENERGY = 2 ** 70;

const SINGLE: LayoutElement = { kind: 'single', speakers: ['C'] };
const PAIR: LayoutElement = { kind: 'pair', speakers: ['L', 'R'] };

/** The state of one channel element of the layout. */
interface ElementState {
	kind: ElementKind;
	tag: number | undefined;
	/** One stream and one overlap for each channel. */
	streams: ChannelStream[];
	overlaps: OverlapState[];
	/** Whether the current frame holds it. */
	present: boolean;
	/** Its spectral band replication in the current frame. */
	sbrPayload?: Uint8Array;
}

/**
 * What comes out of a stream: the core; the core as late as the whole band, for streams that announce HE-AAC and hold none;
 * or the whole band at the core's rate, or at twice that.
 */
export type AacOutput = 'core' | 'delayedCore' | 'wholeBand' | 'wholeBandAtDoubleRate';

/**
 * Decoder of AAC-LC and HE-AAC (ISO/IEC 14496-3, subpart 4). Parametric stereo comes out as mono. A packet that cannot be
 * decoded leaves the decoder ready for the next one; one whose spectral band replication cannot be read is decoded without.
 */
export class AacDecoder implements PacketDecoder {
	/** Hz. */
	readonly sampleRate: number;
	readonly channels: number;
	/** The speaker of each channel, in the order of the output. */
	readonly layout: readonly Speaker[];
	private readonly frameLength: number;
	private readonly bands: ScalefactorBands;
	private readonly elements: ElementState[];
	/**
	 * Where the layout is one single channel or one pair: the other of the two, for streams that announce the
	 * wrong one. A pair is then mixed, a single channel heard from both sides.
	 */
	private readonly standIn: ElementState | undefined;
	/** Takes elements that the layout does not name. */
	private readonly spare: ElementState;
	/** ms_used of the pair that is being read. */
	private readonly stereoMask = new Uint8Array(MAX_BANDS);
	private readonly noise = new NoiseSubstitution();
	private readonly reader = new BitReader(frameEndsEarly);
	/** Made once sound is asked for. */
	private filterBank: FilterBank | undefined;
	private readonly memory: PcmMemory;

	/** Takes the core's samples on their way to the whole band. */
	private readonly coreMemory: PcmMemory;
	private readonly mayHoldSbr: boolean;
	/** Makes the whole band; undefined where only the core is heard, which a payload that comes late may change. */
	private wholeBand: WholeBand | undefined;
	private readonly delay: SampleDelay | undefined;
	/** The element that was read last, which a fill element belongs to. */
	private lastElement: ElementState | undefined;
	/** Whether the packet before could not be decoded. */
	private isInterrupted = false;

	/**
	 * @param config From `parseAudioSpecificConfig` or an ADTS header, or what `mixedToMono` makes of it.
	 * @param output From `chooseOutput`.
	 */
	constructor(
		private readonly config: AacConfig,
		output: AacOutput = 'core',
	) {
		const isDoubleRate = output === 'wholeBandAtDoubleRate';
		this.sampleRate = isDoubleRate ? 2 * config.sampleRate : config.sampleRate;
		this.channels = config.channels;
		this.layout = config.layout.flatMap(({ speakers }) => speakers);
		this.frameLength = config.frameLength;
		this.bands = scalefactorBands(config.sampleRate, config.frameLength);
		this.elements = config.layout.map((element) => this.createElement(element));
		this.standIn = this.createStandIn();
		this.spare = this.createElement(PAIR);
		this.memory = new PcmMemory(this.channels);
		this.coreMemory = new PcmMemory(2);
		this.mayHoldSbr = !config.sbrDenied && hasSbrRate(config.sampleRate);
		if (output === 'delayedCore') this.delay = new SampleDelay(this.channels, SBR_DELAY_SAMPLES);
		if (isDoubleRate || output === 'wholeBand') this.wholeBand = this.createWholeBand(isDoubleRate ? 64 : 32);
	}

	/** Whether most frames of a stream of HE-AAC held the core alone. */
	get lacksUpperBand(): boolean {
		return this.wholeBand?.isMostlyCore ?? this.delay !== undefined;
	}

	/**
	 * Decodes a packet.
	 *
	 * @param packet raw_data_blocks, usually one.
	 * @param blocks How many of them it holds; several come only out of an ADTS frame.
	 * @returns `config.frameLength` samples for each block, or twice that, good until the next call. The first frame lacks
	 *   its first half's overlap.
	 * @throws {VoiceNoteError} `corrupt`
	 */
	decode(packet: Uint8Array, blocks = 1): PcmBlock {
		// What a gap left behind would be heard after it.
		if (this.isInterrupted) this.wholeBand?.clearSignal();
		this.isInterrupted = true;
		this.reader.load(packet);
		const out = this.memory.take(blocks * (this.wholeBand?.outputLength ?? this.frameLength));
		let filled = 0;
		for (let block = 0; block < blocks; block++) {
			this.readRawDataBlock();
			filled += this.synthesize(out, filled);
		}
		this.isInterrupted = false;
		return out.map((samples) => samples.subarray(0, filled));
	}

	/**
	 * Whether spectral band replication begins in a packet, which is read but not decoded.
	 *
	 * @throws {VoiceNoteError} as `decode` does
	 */
	holdsSbr(packet: Uint8Array): boolean {
		if (!this.mayHoldSbr) return false;
		this.reader.load(packet);
		this.readRawDataBlock();
		return this.beginsWholeBand();
	}

	/** Whether the current frame is one that spectral band replication can begin with. */
	private beginsWholeBand(): boolean {
		const { sampleRate: coreRate, frameLength } = this.config;
		return this.sources().some(
			({ sbrPayload, streams }) => sbrPayload && beginsSbr(sbrPayload, streams.length, { coreRate, frameLength }),
		);
	}

	/** Releases nothing, as all memory is the collector's; present because every decoder has it. */
	free(): void {}

	private createElement({ kind, tag, speakers }: LayoutElement): ElementState {
		return {
			kind,
			tag,
			streams: speakers.map(() => createChannelStream(this.bands, this.frameLength)),
			overlaps: speakers.map(() => createOverlap(this.frameLength)),
			present: false,
		};
	}

	private createStandIn(): ElementState | undefined {
		if (this.elements.length !== 1) return undefined;
		const [{ kind }] = this.elements;
		return kind === 'lfe' ? undefined : this.createElement(kind === 'pair' ? SINGLE : PAIR);
	}

	/** raw_data_block() (Table 4.3), up to the spectrum of every channel. */
	private readRawDataBlock(): void {
		const { reader, elements, standIn } = this;
		for (const element of standIn ? [...elements, standIn] : elements) {
			element.present = false;
			element.sbrPayload = undefined;
		}
		this.lastElement = undefined;
		// The last byte holds no more than the end mark, which some encoders leave out.
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

	/** The elements the current frame is heard from: those of the layout, unless only their stand-in came. */
	private sources(): ElementState[] {
		const { elements, standIn } = this;
		return standIn?.present && !elements[0].present ? [standIn] : elements;
	}

	private readElement(id: number): void {
		switch (id) {
			case ID_SCE:
				this.readSingleChannel('single');
				break;
			case ID_LFE:
				this.readSingleChannel('lfe');
				break;
			case ID_CPE:
				this.readChannelPair();
				break;
			case ID_CCE:
				this.reader.skip(4); // element_instance_tag
				skipCouplingElement(this.reader, this.spare.streams[0], this.bands);
				break;
			case ID_DSE:
				skipDataStream(this.reader);
				break;
			case ID_PCE:
				this.reader.skip(4); // element_instance_tag
				skipProgramConfig(this.reader);
				break;
			case ID_FIL:
				this.readFill();
				break;
		}
	}

	/** Of several payloads behind an element the first counts. */
	private readFill(): void {
		const payload = readFill(this.reader);
		if (this.mayHoldSbr && this.lastElement) this.lastElement.sbrPayload ??= payload;
	}

	/** The element's place in the layout: by its tag, or by its order among those of its kind. */
	private findElement(kind: ElementKind, tag: number): ElementState {
		const found = this.elements.find(
			(element) => element.kind === kind && !element.present && (element.tag === undefined || element.tag === tag),
		);
		if (found) return found;
		const { standIn } = this;
		return standIn?.kind === kind && !standIn.present ? standIn : this.spare;
	}

	private readSingleChannel(kind: ElementKind): void {
		const element = this.findElement(kind, this.reader.read(4));
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
		const element = this.findElement('pair', reader.read(4));
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

	/** Turns the current frame's spectra into samples, from `start` on in each channel of `out`; tells how many. */
	private synthesize(out: PcmBlock, start: number): number {
		const sources = this.sources();
		if (!this.wholeBand && this.beginsWholeBand()) return this.startWholeBand(out, start);
		const length = this.wholeBand?.outputLength ?? this.frameLength;
		const targets = out.map((channel) => channel.subarray(start, start + length));
		if (this.wholeBand) {
			this.synthesizeWholeBand(this.wholeBand, sources, targets);
		} else {
			this.synthesizeCore(sources, targets);
			this.delay?.apply(targets);
		}
		return length;
	}

	private createWholeBand(bands: 32 | 64): WholeBand {
		return new WholeBand(this.config.sampleRate, this.frameLength, bands);
	}

	/** Spectral band replication begins after frames without. What is heard goes on where the core's sound ended. */
	private startWholeBand(out: PcmBlock, start: number): number {
		this.wholeBand = this.createWholeBand(32);
		const sources = this.sources();
		const isMixed = sources !== this.elements && out.length === 1;
		if (isMixed) splitMix(sources[0].overlaps);
		const frame = out.map(() => new Float32Array(this.frameLength));
		this.synthesizeWholeBand(this.wholeBand, sources, frame);
		this.delay?.release(frame);
		const late = this.delay ? 0 : SBR_DELAY_SAMPLES;
		out.forEach((samples, channel) => samples.set(frame[channel].subarray(late), start));
		return this.frameLength - late;
	}

	private synthesizeWholeBand(wholeBand: WholeBand, sources: ElementState[], targets: PcmBlock): void {
		let channel = 0;
		for (const element of sources) {
			const core = this.coreMemory.take(this.frameLength).slice(0, element.streams.length);
			this.synthesizeChannels([element], core);
			const outputs = Math.min(core.length, targets.length);
			wholeBand.process(element, core, element.sbrPayload, targets.slice(channel, channel + outputs));
			channel += outputs;
		}
		// A single channel where a pair was announced is heard from both sides.
		if (channel < targets.length) targets[1].set(targets[0]);
	}

	private synthesizeCore(sources: ElementState[], targets: PcmBlock): void {
		if (sources === this.elements) {
			this.synthesizeChannels(sources, targets);
		} else if (targets.length === 1) {
			const [{ streams, overlaps }] = sources;
			synthesizeMix(this.bank(), streams, overlaps, targets[0]);
		} else {
			this.synthesizeChannels(sources, targets);
			targets[1].set(targets[0]);
		}
	}

	private bank(): FilterBank {
		this.filterBank ??= new FilterBank(this.frameLength);
		return this.filterBank;
	}

	private synthesizeChannels(sources: ElementState[], targets: PcmBlock): void {
		const bank = this.bank();
		let channel = 0;
		for (const { streams, overlaps } of sources) {
			for (let i = 0; i < streams.length; i++, channel++) {
				bank.synthesize(streams[i].spectrum, streams[i].info, overlaps[i], targets[channel]);
			}
		}
	}
}

function assertPlausible(spectrum: Float32Array): void {
	let energy = 0;
	for (let i = 0; i < spectrum.length; i++) energy += spectrum[i] * spectrum[i];
	// Written so that NaN does not pass.
	if (!(energy < MAX_SPECTRUM_ENERGY)) throw corruptAac('a frame is louder than any sound');
}

/** Delays sound by a fixed number of samples. */
class SampleDelay {
	private readonly held: Float32Array[];

	constructor(
		channels: number,
		private readonly samples: number,
	) {
		this.held = Array.from({ length: channels }, () => new Float32Array(samples));
	}

	/** Delays a block of at least as many samples, in place. */
	apply(block: readonly Float32Array[]): void {
		block.forEach((samples, channel) => {
			const last = samples.slice(-this.samples);
			samples.copyWithin(this.samples, 0);
			samples.set(this.held[channel]);
			this.held[channel] = last;
		});
	}

	/** Adds what is still held back to a block that takes the delay upon itself. */
	release(block: readonly Float32Array[]): void {
		block.forEach((samples, channel) => {
			this.held[channel].forEach((sample, i) => (samples[i] += sample));
		});
	}
}
