import type { IcsInfo } from './icsInfo';
import { createIcsInfo, SHORT_WINDOWS } from './icsInfo';
import type { ScalefactorBands } from './scalefactorBands';
import type { Tns } from './tns';
import { createTns } from './tns';

/** The most bands a frame can have over all its groups: 8 short windows of 15 bands. */
export const MAX_BANDS = SHORT_WINDOWS * 15;

/**
 * individual_channel_stream(): one channel's share of a frame, as it was read, and the spectrum it becomes.
 * One object serves a channel through the whole stream. Bands are counted through all groups.
 */
export interface ChannelStream {
	info: IcsInfo;
	/** Codebook of each band. */
	codebooks: Uint8Array;
	/** Scalefactor, noise energy or intensity position of each band, by its codebook. */
	scalefactors: Int16Array;
	/** Quantised coefficients: by group, then band, then window. Stale where a band's codebook codes none. */
	quantized: Int16Array;
	tns: Tns;
	/** Coefficients by window. */
	spectrum: Float32Array;
}

/** A channel that has read nothing yet. */
export function createChannelStream(bands: ScalefactorBands, frameLength: number): ChannelStream {
	return {
		info: createIcsInfo(bands),
		codebooks: new Uint8Array(MAX_BANDS),
		scalefactors: new Int16Array(MAX_BANDS),
		quantized: new Int16Array(frameLength),
		tns: createTns(),
		spectrum: new Float32Array(frameLength),
	};
}
