import type { BitReader } from '../../bits/bitReader';
import { corruptAac } from './aacErrors';
import { readScalefactorDifference } from './huffman';
import {
	INTENSITY_CODEBOOK,
	INTENSITY_CODEBOOK_2,
	NOISE_CODEBOOK,
	RESERVED_CODEBOOK,
	ZERO_CODEBOOK,
} from './huffmanTables';
import type { IcsInfo } from './icsInfo';
import { createIcsInfo, EIGHT_SHORT_SEQUENCE, readIcsInfo, SHORT_WINDOWS } from './icsInfo';
import type { ScalefactorBands } from './scalefactorBands';
import { readSpectralData } from './spectralData';
import type { Tns } from './tns';
import { createTns, readTns } from './tns';

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

/** Difference between global_gain and the noise energy it stands for (ISO/IEC 14496-3, 4.6.13.3). */
const NOISE_OFFSET = 90;
/** The first noise energy of a channel is sent as a plain number of 9 bits with this offset. */
const NOISE_PCM_BITS = 9;
const NOISE_PCM_OFFSET = 256;

/**
 * Reads individual_channel_stream() (ISO/IEC 14496-3, Table 4.50) up to the quantised coefficients.
 *
 * @param commonWindow Whether ics_info was already read for both channels of a pair.
 * @throws {VoiceNoteError} `corrupt`, also where the frame uses tools that AAC-LC does not have.
 */
export function readChannelStream(
	reader: BitReader,
	stream: ChannelStream,
	bands: ScalefactorBands,
	commonWindow: boolean,
): void {
	const globalGain = reader.read(8);
	if (!commonWindow) readIcsInfo(reader, stream.info, bands);
	readSectionData(reader, stream);
	readScalefactors(reader, stream, globalGain);

	const short = stream.info.windowSequence === EIGHT_SHORT_SEQUENCE;
	const pulses = reader.readFlag() ? readPulses(reader) : undefined;
	if (pulses && short) throw corruptAac('a frame of short windows has pulses');
	readTns(reader, stream.tns, short);
	if (reader.readFlag()) throw corruptAac('a frame uses gain control (SSR), which its profile does not have');
	readSpectralData(reader, stream);
	if (pulses) applyPulses(pulses, stream);
}

/** section_data(): runs of bands with one codebook (Table 4.52). */
function readSectionData(reader: BitReader, { info, codebooks }: ChannelStream): void {
	const lengthBits = info.windowSequence === EIGHT_SHORT_SEQUENCE ? 3 : 5;
	const escape = (1 << lengthBits) - 1;
	for (let group = 0; group < info.groups; group++) {
		const firstBand = group * info.maxSfb;
		let sfb = 0;
		while (sfb < info.maxSfb) {
			const codebook = reader.read(4);
			if (codebook === RESERVED_CODEBOOK) throw corruptAac('a section has a reserved codebook');
			let length = 0;
			let increment;
			do {
				increment = reader.read(lengthBits);
				length += increment;
			} while (increment === escape);
			if (sfb + length > info.maxSfb) throw corruptAac('a section reaches beyond the last band');
			codebooks.fill(codebook, firstBand + sfb, firstBand + sfb + length);
			sfb += length;
		}
	}
}

/** scale_factor_data(): three interleaved series of differences (Table 4.53 and 4.6.2.3.2). */
function readScalefactors(reader: BitReader, stream: ChannelStream, globalGain: number): void {
	const { info, codebooks, scalefactors } = stream;
	const bandCount = info.groups * info.maxSfb;
	let scalefactor = globalGain;
	let intensityPosition = 0;
	let noiseEnergy = globalGain - NOISE_OFFSET;
	let firstNoise = true;
	for (let band = 0; band < bandCount; band++) {
		switch (codebooks[band]) {
			case ZERO_CODEBOOK:
				scalefactors[band] = 0;
				break;
			case INTENSITY_CODEBOOK:
			case INTENSITY_CODEBOOK_2:
				intensityPosition += readScalefactorDifference(reader);
				scalefactors[band] = intensityPosition;
				break;
			case NOISE_CODEBOOK:
				noiseEnergy += firstNoise ? reader.read(NOISE_PCM_BITS) - NOISE_PCM_OFFSET : readScalefactorDifference(reader);
				firstNoise = false;
				scalefactors[band] = noiseEnergy;
				break;
			default:
				scalefactor += readScalefactorDifference(reader);
				if (scalefactor < 0 || scalefactor > 255) throw corruptAac('a scalefactor is out of range');
				scalefactors[band] = scalefactor;
		}
	}
}

/** pulse_data(): up to four coefficients that stick out and are sent apart. */
export interface Pulses {
	/** Band whose first coefficient the first offset counts from. */
	startSfb: number;
	/** Distance of each pulse from the one before, in coefficients. */
	offsets: number[];
	/** What each pulse adds to the magnitude of the quantised coefficient. */
	amplitudes: number[];
}

/**
 * Reads pulse_data() (ISO/IEC 14496-3, Table 4.7).
 *
 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
 */
function readPulses(reader: BitReader): Pulses {
	const count = reader.read(2) + 1;
	const pulses: Pulses = { startSfb: reader.read(6), offsets: [], amplitudes: [] };
	for (let i = 0; i < count; i++) {
		pulses.offsets.push(reader.read(5));
		pulses.amplitudes.push(reader.read(4));
	}
	return pulses;
}

/**
 * Adds the pulses to the quantised coefficients of a long window (ISO/IEC 14496-3, 4.6.3.3).
 *
 * @throws {VoiceNoteError} `corrupt` where a pulse lies outside the window.
 */
function applyPulses(pulses: Pulses, { info, quantized }: ChannelStream): void {
	const { bands } = info;
	if (pulses.startSfb >= bands.count) throw corruptAac('a pulse lies outside the window');
	let place = bands.offsets[pulses.startSfb];
	pulses.offsets.forEach((offset, i) => {
		place += offset;
		if (place >= quantized.length) throw corruptAac('a pulse lies outside the window');
		quantized[place] += quantized[place] > 0 ? pulses.amplitudes[i] : -pulses.amplitudes[i];
	});
}
