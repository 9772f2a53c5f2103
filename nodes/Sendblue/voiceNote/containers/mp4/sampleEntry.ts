/** What a track's sample description says of its audio (ISO/IEC 14496-12, 12.2.3; QuickTime's sound descriptions). */
import type { Box } from './boxes';
import { boxesIn, boxIn, contentsOf, FULL_BOX_BYTES } from './boxes';

/** The description of an audio track's samples. */
export interface SampleEntry {
	/** Codec, four characters: `mp4a`, `alac`, `sowt` … */
	format: string;
	channels: number;
	/** Hz; 0 where it is left to the codec's own header. */
	sampleRate: number;
	/** Bits per sample of PCM. */
	bits: number;
	/** QuickTime's flags of linear PCM (`lpcm`). */
	pcmFlags?: number;
	/** Samples of QuickTime ADPCM come in packets: frames in one, and its bytes of all channels. */
	packets?: { frames: number; bytes: number };
	/** The boxes behind the fields, in which codecs keep their set-up data. */
	extensions: Box;
}

/** Reserved fields, the data reference, then version, revision, vendor, channels, bits, compression, size, rate. */
const VERSION_0_BYTES = 28;
const VERSION_1_BYTES = 44;
const VERSION_2_BYTES = 64;
/** `stsd`: version and flags, number of entries. */
const DESCRIPTION_HEADER_BYTES = FULL_BOX_BYTES + 4;

/** The first entry of an `stsd` box; undefined where it is damaged. */
export function readSampleEntry(bytes: Uint8Array, stsd: Box): SampleEntry | undefined {
	const [entry] = boxesIn(bytes, stsd.start + DESCRIPTION_HEADER_BYTES, stsd.end);
	if (!entry) return undefined;
	const view = contentsOf(bytes, entry);
	if (view.byteLength < VERSION_0_BYTES) return undefined;
	const isQuickTime = contentsOf(bytes, stsd).getUint8(0) === 0;
	const version = isQuickTime ? view.getUint16(8) : 0;
	const common = { format: entry.type, channels: view.getUint16(16), bits: view.getUint16(18) };
	const sampleRate = view.getUint32(24) / 65_536;
	const extensionsFrom = (offset: number): Box => ({ ...entry, start: Math.min(entry.start + offset, entry.end) });
	if (version === 1 && view.byteLength >= VERSION_1_BYTES) {
		const packets = { frames: view.getUint32(28), bytes: view.getUint32(36) };
		return { ...common, sampleRate, packets, extensions: extensionsFrom(VERSION_1_BYTES) };
	}
	if (version === 2 && view.byteLength >= VERSION_2_BYTES) {
		return {
			format: entry.type,
			sampleRate: view.getFloat64(32),
			channels: view.getUint32(40),
			bits: view.getUint32(48),
			pcmFlags: view.getUint32(52),
			extensions: extensionsFrom(VERSION_2_BYTES),
		};
	}
	return { ...common, sampleRate, extensions: extensionsFrom(VERSION_0_BYTES) };
}

/** A box of the description, also where QuickTime has it inside `wave`. */
export function extensionOf(bytes: Uint8Array, { extensions }: SampleEntry, type: string): Box | undefined {
	const direct = boxIn(bytes, extensions.start, extensions.end, type);
	if (direct) return direct;
	const wave = boxIn(bytes, extensions.start, extensions.end, 'wave');
	return wave && boxIn(bytes, wave.start, wave.end, type);
}
