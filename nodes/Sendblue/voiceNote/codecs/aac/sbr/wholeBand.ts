import { SbrElement } from './sbrElement';

/**
 * Samples of the core by which a decoder of the whole band is later than one of the core alone: two QMF banks and six
 * slots (ISO/IEC 14496-3, 4.6.18). Writers of files count them to what primes the decoder.
 */
export const SBR_DELAY_SAMPLES = 481;

/** Makes the whole band of all channel elements of a stream. */
export class WholeBand {
	private readonly elements = new Map<object, SbrElement>();
	private frames = 0;
	private framesWithPayload = 0;

	/**
	 * @param coreRate In Hz.
	 * @param frameLength Samples of the core in a frame.
	 * @param bands 32 for sound at the core's rate, 64 for twice that.
	 */
	constructor(
		private readonly coreRate: number,
		private readonly frameLength: number,
		private readonly bands: 32 | 64,
	) {}

	/** Whether most frames say nothing of the upper band. */
	get isMostlyCore(): boolean {
		return this.framesWithPayload < this.frames / 2;
	}

	/** Samples that come of a frame. */
	get outputLength(): number {
		return (this.frameLength / 32) * this.bands;
	}

	/**
	 * Turns an element's sound of a frame into that of the whole band.
	 *
	 * @param element Tells the elements of a stream apart.
	 * @param core Its channels, of the core.
	 * @param payload Its SBR payload, where the frame has one.
	 * @param out Takes a frame of each channel, or of the mean of a pair.
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

	/** Forgets the sound before, where frames of the core are missing. */
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
