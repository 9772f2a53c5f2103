/** AAC-LC and HE-AAC (ISO/IEC 14496-3, subpart 4): from the elements of a frame to samples. */
import { rethrow, VoiceNoteError } from '../../errors';
import type { DecodeOptions, PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import { PcmMemory } from '../../pcm/pcmSource';
import type { Speaker } from '../../pcm/speakers';
import type { CodecStream } from '../packetSource';
import type { AacConfig } from './audioSpecificConfig';
import { mixedToMono } from './audioSpecificConfig';
import { FilterBank, splitMix, synthesizeMix } from './filterBank';
import type { ChannelElement } from './rawDataBlock';
import { RawDataBlockReader } from './rawDataBlock';
import { hasSbrRate } from './sbr/frequencyBands';
import { beginsSbr, SBR_DELAY_SAMPLES, WholeBand } from './sbr/sbrElement';

/** The packets at the start that are searched for spectral band replication: a few seconds. */
const MAX_SEARCHED_PACKETS = 100;
/** From this core rate up, in Hz, the core covers the band of a voice note, so the output stays at the core's rate. */
const MIN_SUFFICIENT_RATE = 24_000;

/**
 * A stream of AAC or HE-AAC.
 *
 * @param packets from the start, to see whether they contain HE-AAC
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
 * Chooses what a stream is decoded to. The packets decide, since a configuration may fail to mention HE-AAC, or
 * announce it falsely.
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
			// Damage is dealt with when the packet is decoded.
			if (!(error instanceof VoiceNoteError)) rethrow(error);
		}
	}
	return false;
}

/**
 * What a stream is decoded to: the core; the core with the delay of the whole band, for streams that announce HE-AAC
 * and hold none; or the whole band, at the core's rate or at twice that.
 */
export type AacOutput = 'core' | 'delayedCore' | 'wholeBand' | 'wholeBandAtDoubleRate';

/**
 * Decodes AAC-LC and HE-AAC. Parametric stereo comes out as mono. After a packet that cannot be decoded the decoder is
 * ready for the next one. A packet whose spectral band replication cannot be read is decoded without it.
 */
export class AacDecoder implements PacketDecoder {
	/** Hz. */
	readonly sampleRate: number;
	readonly channels: number;
	/** The speaker of each channel, in the order of the output. */
	readonly layout: readonly Speaker[];
	private readonly frameLength: number;
	private readonly reader: RawDataBlockReader;
	/** Created on first use; examining packets needs none. */
	private filterBank: FilterBank | undefined;
	private readonly memory: PcmMemory;

	/** Samples of the core on their way to the whole band. */
	private readonly coreMemory: PcmMemory;
	private readonly mayHoldSbr: boolean;
	/** Makes the whole band; undefined as long as only the core is decoded. */
	private wholeBand: WholeBand | undefined;
	private readonly delay: SampleDelay | undefined;
	/** Whether the last packet could not be decoded. */
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
		this.memory = new PcmMemory(this.channels);
		this.coreMemory = new PcmMemory(2);
		this.mayHoldSbr = !config.sbrDenied && hasSbrRate(config.sampleRate);
		this.reader = new RawDataBlockReader(config, this.mayHoldSbr);
		if (output === 'delayedCore') this.delay = new SampleDelay(this.channels, SBR_DELAY_SAMPLES);
		if (isDoubleRate || output === 'wholeBand') this.wholeBand = this.createWholeBand(isDoubleRate ? 64 : 32);
	}

	/** Whether most frames of a stream of HE-AAC held only the core. */
	get lacksUpperBand(): boolean {
		return this.wholeBand?.isMostlyCore ?? this.delay !== undefined;
	}

	/**
	 * Decodes a packet.
	 *
	 * @param packet One raw_data_block, or several.
	 * @param blocks How many they are; only ADTS frames can hold several.
	 * @returns `config.frameLength` samples per block, or twice that; fewer where spectral band replication begins. In a
	 *   borrowed buffer. The first half of the first frame has nothing to overlap with.
	 * @throws {VoiceNoteError} `corrupt`
	 */
	decode(packet: Uint8Array, blocks = 1): PcmBlock {
		// Audio from before a gap must not be heard after it.
		if (this.isInterrupted) this.wholeBand?.clearSignal();
		this.isInterrupted = true;
		this.reader.load(packet);
		const out = this.memory.take(blocks * (this.wholeBand?.outputLength ?? this.frameLength));
		let filled = 0;
		for (let block = 0; block < blocks; block++) {
			this.reader.read();
			filled += this.synthesize(out, filled);
		}
		this.isInterrupted = false;
		return out.map((samples) => samples.subarray(0, filled));
	}

	/**
	 * Whether spectral band replication begins in a packet. Nothing is synthesized.
	 *
	 * @throws {VoiceNoteError} like `decode`
	 */
	holdsSbr(packet: Uint8Array): boolean {
		if (!this.mayHoldSbr) return false;
		this.reader.load(packet);
		this.reader.read();
		return this.beginsWholeBand();
	}

	/** Whether spectral band replication can begin with the current frame. */
	private beginsWholeBand(): boolean {
		const { sampleRate: coreRate, frameLength } = this.config;
		return this.reader
			.sources()
			.some(
				({ sbrPayload, streams }) => sbrPayload && beginsSbr(sbrPayload, streams.length, { coreRate, frameLength }),
			);
	}

	/** Does nothing: the decoder has no memory to release. */
	free(): void {}

	/** Turns the spectra of the current frame into samples, from `start` on in `out`. Returns how many. */
	private synthesize(out: PcmBlock, start: number): number {
		const sources = this.reader.sources();
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

	/** Begins spectral band replication after frames without it. The output continues where the core's ended. */
	private startWholeBand(out: PcmBlock, start: number): number {
		this.wholeBand = this.createWholeBand(32);
		const sources = this.reader.sources();
		const isMixed = sources !== this.reader.elements && out.length === 1;
		if (isMixed) splitMix(sources[0].overlaps);
		const frame = out.map(() => new Float32Array(this.frameLength));
		this.synthesizeWholeBand(this.wholeBand, sources, frame);
		this.delay?.release(frame);
		const late = this.delay ? 0 : SBR_DELAY_SAMPLES;
		out.forEach((samples, channel) => samples.set(frame[channel].subarray(late), start));
		return this.frameLength - late;
	}

	private synthesizeWholeBand(wholeBand: WholeBand, sources: ChannelElement[], targets: PcmBlock): void {
		let channel = 0;
		for (const element of sources) {
			const core = this.coreMemory.take(this.frameLength).slice(0, element.streams.length);
			this.synthesizeChannels([element], core);
			const outputs = Math.min(core.length, targets.length);
			wholeBand.process(element, core, element.sbrPayload, targets.slice(channel, channel + outputs));
			channel += outputs;
		}
		// A single channel came instead of a pair; it becomes both sides.
		if (channel < targets.length) targets[1].set(targets[0]);
	}

	private synthesizeCore(sources: ChannelElement[], targets: PcmBlock): void {
		if (sources === this.reader.elements) {
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

	private synthesizeChannels(sources: ChannelElement[], targets: PcmBlock): void {
		const bank = this.bank();
		let channel = 0;
		for (const { streams, overlaps } of sources) {
			for (let i = 0; i < streams.length; i++, channel++) {
				bank.synthesize(streams[i].spectrum, streams[i].info, overlaps[i], targets[channel]);
			}
		}
	}
}

/** Delays audio by a fixed number of samples. */
class SampleDelay {
	private readonly held: Float32Array[];

	constructor(
		channels: number,
		private readonly samples: number,
	) {
		this.held = Array.from({ length: channels }, () => new Float32Array(samples));
	}

	/** Delays a block, which is at least as long as the delay, in place. */
	apply(block: readonly Float32Array[]): void {
		block.forEach((samples, channel) => {
			const last = samples.slice(-this.samples);
			samples.copyWithin(this.samples, 0);
			samples.set(this.held[channel]);
			this.held[channel] = last;
		});
	}

	/** Adds the samples that are still held to a block that is delayed by as many samples already. */
	release(block: readonly Float32Array[]): void {
		block.forEach((samples, channel) => {
			this.held[channel].forEach((sample, i) => (samples[i] += sample));
		});
	}
}
