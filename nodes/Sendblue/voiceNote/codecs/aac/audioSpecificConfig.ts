import { BitReader } from '../../bits/bitReader';
import { corruptAac, frameEndsEarly, unsupportedAac } from './aacErrors';
import type { LayoutElement } from './channelLayout';
import { countChannels, readProgramConfig, standardLayout } from './channelLayout';

/** What a decoder needs to know of an AAC stream. */
export interface AacConfig {
	/** Audio object type of the core; always 2, AAC-LC. */
	objectType: number;
	/** Sample rate of the core in Hz. */
	sampleRate: number;
	/** channelConfiguration; 0 where the layout was spelt out. */
	channelConfiguration: number;
	/** Number of channels. */
	channels: number;
	/** Channel elements in the order their channels are put out. */
	layout: LayoutElement[];
	/** Samples per frame and channel. */
	frameLength: 1024 | 960;
	/** Whether the stream announces spectral band replication (HE-AAC). */
	sbrPresent: boolean;
	/** Whether it says that it has none; then what looks like it is none. Absent where it says nothing. */
	sbrDenied?: boolean;
	/** Whether it announces parametric stereo (HE-AAC v2); the core is then mono. */
	psPresent: boolean;
}

/** samplingFrequencyIndex to Hz (ISO/IEC 14496-3, Table 1.18). */
export const SAMPLING_FREQUENCIES: readonly number[] = [
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];
/** samplingFrequencyIndex that announces a rate of 24 bits. */
const EXPLICIT_FREQUENCY = 15;
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

/** Marks of the backward compatible announcement of SBR and PS behind the configuration. */
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
	// dependsOnCoreCoder with coreCoderDelay, and extensionFlag: without meaning here, and missing in some files.
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

/** The same stream to be decoded to mono, where it is stereo: the mean of both channels. */
export function mixedToMono(config: AacConfig): AacConfig {
	const isStereo = config.layout.length === 1 && config.channels === 2;
	return isStereo ? { ...config, channels: 1, layout: standardLayout(MONO_CONFIGURATION) } : config;
}

/**
 * Makes sure that an audio object type is AAC-LC.
 *
 * @throws {VoiceNoteError} `unsupported`, naming what it is instead.
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
	if (!sampleRate || sampleRate > MAX_SAMPLE_RATE) throw corruptAac('its sample rate makes no sense');
	return sampleRate;
}

function readLayout(reader: BitReader): LayoutElement[] {
	reader.skip(4); // element_instance_tag
	return readProgramConfig(reader);
}

interface SyncExtension {
	sbr: boolean;
	ps: boolean;
	/** Whether it says that there is no SBR. */
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
