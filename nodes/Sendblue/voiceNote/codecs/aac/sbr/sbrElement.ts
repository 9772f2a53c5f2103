import { BitReader } from '../../../bits/bitReader';
import { rethrow, VoiceNoteError } from '../../../errors';
import { frameEndsEarly } from '../audioSpecificConfig';
import type { ChannelData } from './channelData';
import { createChannelData, ENVELOPE_STRIDE, NOISE_STRIDE, setSingleEnvelope } from './channelData';
import { MonoGain } from './parametricStereo';
import type { QmfSynthesis } from './qmf';
import { SLOT_SAMPLES } from './qmf';
import { createQmfSynthesis } from './vectorQmf';
import { SbrChannel } from './sbrChannel';
import {
	createSoundLevels,
	dequantize,
	type PayloadContext,
	readSbrPayload,
	type SbrConfig,
	type SbrFrame,
	type SoundLevels,
} from './sbrPayload';
import { SLOTS_PER_TIME_SLOT } from './hfAdjustment';

/**
 * The additional decoder delay of the whole band, in samples of the core: two QMF banks and six slots (ISO/IEC 14496-3,
 * 4.6.18). Programs that write files count it as priming.
 */
export const SBR_DELAY_SAMPLES = 481;

/** Spectral band replication of all channel elements of a stream: the core in, the whole band out. */
export class WholeBand {
	private readonly elements = new Map<object, SbrElement>();
	private frames = 0;
	private framesWithPayload = 0;

	/**
	 * @param coreRate In Hz.
	 * @param frameLength Samples of the core in a frame.
	 * @param bands 32 for output at the core's rate, 64 for twice that.
	 */
	constructor(
		private readonly coreRate: number,
		private readonly frameLength: number,
		private readonly bands: 32 | 64,
	) {}

	/** Whether most frames have no usable payload for the upper band. */
	get isMostlyCore(): boolean {
		return this.framesWithPayload < this.frames / 2;
	}

	/** Samples in a frame of the output. */
	get outputLength(): number {
		return (this.frameLength / 32) * this.bands;
	}

	/**
	 * Turns a frame of an element's core into one of the whole band.
	 *
	 * @param element Identifies the element within the stream.
	 * @param core Its channels.
	 * @param payload Its SBR payload, if the frame has one.
	 * @param out Receives a frame per channel, or one with the mean of a pair.
	 */
	process(
		element: object,
		core: readonly Float32Array[],
		payload: Uint8Array | undefined,
		out: readonly Float32Array[],
	): void {
		const isRead = this.elementOf(element, core.length, out.length).process(core, payload, out);
		this.frames++;
		if (isRead) this.framesWithPayload++;
	}

	/** Forgets the audio so far, for use after missing frames of the core. */
	clearSignal(): void {
		for (const element of this.elements.values()) element.clearSignal();
	}

	private elementOf(key: object, channels: number, outputs: number): SbrElement {
		const known = this.elements.get(key);
		if (known) return known;
		const { coreRate, frameLength, bands } = this;
		const created = new SbrElement(channels, { coreRate, frameLength, bands, mono: outputs < channels });
		this.elements.set(key, created);
		return created;
	}
}

/** Frames in a row without a usable payload that are concealed; after those only the core is left. */
const MAX_CONCEALED_FRAMES = 4;
/** How much quieter each of them is than the previous one, in steps of 1.5 dB. */
const CONCEALED_STEPS = 2;

/** What a channel element is decoded to. */
export interface SbrOutput {
	/** Sample rate of the core in Hz. */
	coreRate: number;
	/** Samples of the core in a frame. */
	frameLength: number;
	/** 32 for output at the core's rate, 64 for twice that. */
	bands: 32 | 64;
	/** Whether a pair comes out as its mean. */
	mono: boolean;
}

/**
 * Whether spectral band replication can begin with a payload: it has a header, and nothing in it is damaged.
 *
 * @param channels 1, or 2 for a pair.
 */
export function beginsSbr(
	payload: Uint8Array,
	channels: number,
	{ coreRate, frameLength }: Pick<SbrOutput, 'coreRate' | 'frameLength'>,
): boolean {
	return new SbrElement(channels, { coreRate, frameLength, bands: 32, mono: false }).accepts(payload);
}

/** Spectral band replication of one channel element. */
class SbrElement {
	private readonly channels: SbrChannel[];
	private readonly syntheses: QmfSynthesis[];
	private readonly slots: number;
	private readonly sbrRate: number;
	private readonly reader = new BitReader(frameEndsEarly);
	private readonly monoGain: MonoGain;
	/** Header and bands of the last usable payload; undefined before the first. */
	private config: SbrConfig | undefined;
	private coupled = false;
	/** The data of the last usable payload, which the next one refers to, and room for the data of the next. */
	private data: ChannelData[];
	private nextData: ChannelData[];
	private readonly levels: SoundLevels[];
	/** Frames in a row without a usable payload. */
	private lost = 0;

	/** @param channels 1, or 2 for a pair. */
	constructor(channels: number, { frameLength, bands, coreRate, mono }: SbrOutput) {
		const each = <T>(create: () => T): T[] => Array.from({ length: channels }, create);
		this.slots = frameLength / SLOT_SAMPLES;
		this.sbrRate = 2 * coreRate;
		this.channels = each(() => new SbrChannel(frameLength, bands));
		this.syntheses = Array.from({ length: mono ? 1 : channels }, () => createQmfSynthesis(bands, frameLength));
		this.monoGain = new MonoGain(this.slots);
		this.data = each(createChannelData);
		this.nextData = each(createChannelData);
		this.levels = each(createSoundLevels);
	}

	/** Forgets the audio so far, for use after missing frames of the core. */
	clearSignal(): void {
		for (const channel of this.channels) channel.clearSignal();
		for (const synthesis of this.syntheses) synthesis.clear();
	}

	/**
	 * Turns a frame of the core into one of the whole band.
	 *
	 * @param core Its channels.
	 * @param payload extension_payload() from its type on; undefined if the frame has none, which is never an error.
	 * @param out Receives a frame at the rate of the output: one channel if a pair comes out as its mean.
	 * @returns whether the payload could be used
	 */
	process(core: readonly Float32Array[], payload: Uint8Array | undefined, out: readonly Float32Array[]): boolean {
		this.monoGain.startFrame();
		const read = payload && this.read(payload);
		const frame = read ?? this.conceal();
		this.channels.forEach((channel, c) => {
			channel.takeIn(core[c]);
			if (frame) channel.makeHighBand(frame, (read ? this.data : this.nextData)[c], this.levels[c]);
			else channel.makeNoHighBand();
		});
		this.synthesize(out);
		return read !== undefined;
	}

	/** Whether a payload can be read in this state. */
	accepts(payload: Uint8Array): boolean {
		return this.read(payload) !== undefined;
	}

	/** Reads a payload. Apart from parametric stereo, the state changes only if nothing in it is damaged. */
	private read(payload: Uint8Array): SbrFrame | undefined {
		try {
			this.reader.load(payload);
			const frame = readSbrPayload(this.reader, this.nextData, this.context());
			if (!frame) return undefined;
			this.levels.forEach((levels, c) => dequantize(this.nextData, c, frame.coupled, frame.bands, levels));
			const reset = frame.reset || this.lost > MAX_CONCEALED_FRAMES;
			this.config = frame;
			this.coupled = frame.coupled;
			[this.data, this.nextData] = [this.nextData, this.data];
			this.lost = 0;
			return { ...frame, reset };
		} catch (error) {
			return error instanceof VoiceNoteError ? undefined : rethrow(error);
		}
	}

	private context(): PayloadContext {
		return {
			sbrRate: this.sbrRate,
			slots: this.slots / SLOTS_PER_TIME_SLOT,
			config: this.config,
			before: this.data,
			readPs: (reader) => this.readPs(reader),
		};
	}

	/** Parametric stereo is for mono only. If it is damaged, the rest of the payload is still used. */
	private readPs(reader: BitReader): void {
		if (this.channels.length > 1) return;
		try {
			this.monoGain.read(reader);
		} catch (error) {
			if (!(error instanceof VoiceNoteError)) rethrow(error);
		}
	}

	/** A frame like the last one but quieter; undefined after a few of them. */
	private conceal(): SbrFrame | undefined {
		if (!this.config || ++this.lost > MAX_CONCEALED_FRAMES) return undefined;
		const { config, coupled } = this;
		this.nextData.forEach((data, c) => this.continueData(this.data[c], data, c));
		this.levels.forEach((levels, c) => dequantize(this.nextData, c, coupled, config.bands, levels));
		return { ...config, coupled, reset: false };
	}

	/** Makes one envelope over the whole frame, with the values of the last envelope, but quieter. */
	private continueData(last: ChannelData, data: ChannelData, channel: number): void {
		const { grid } = last;
		const isBalance = this.coupled && channel === 1;
		const quieterBy = isBalance ? 0 : (this.lost * CONCEALED_STEPS) >> grid.ampRes;
		const from = (grid.envelopes - 1) * ENVELOPE_STRIDE;
		for (let i = 0; i < ENVELOPE_STRIDE; i++) data.levels[i] = Math.max(0, last.levels[from + i] - quieterBy);
		data.noise.set(last.noise.subarray((grid.noiseFloors - 1) * NOISE_STRIDE, grid.noiseFloors * NOISE_STRIDE));
		data.inverseFilters.set(last.inverseFilters);
		data.sines.set(last.sines);
		data.grid.ampRes = grid.ampRes;
		const start = this.channels[channel].nextStart;
		setSingleEnvelope(data.grid, start, this.slots / SLOTS_PER_TIME_SLOT, grid.resolutions[grid.envelopes - 1]);
	}

	private synthesize(out: readonly Float32Array[]): void {
		const { channels, syntheses } = this;
		const mixes = syntheses.length < channels.length;
		syntheses.forEach((synthesis, o) => {
			synthesis.real.fill(0);
			synthesis.imaginary.fill(0);
			if (mixes) for (const channel of channels) channel.addTo(synthesis, 1 / channels.length);
			else channels[o].addTo(synthesis, 1);
			this.monoGain.apply(synthesis);
			synthesis.synthesize(out[o]);
		});
	}
}
