import { parseAudioSpecificConfig } from '../../codecs/aac/audioSpecificConfig';
import { IMA4_PACKET_BYTES, IMA4_PACKET_FRAMES } from '../../codecs/adpcm/imaAdpcm';
import { parseStreamInfo } from '../../codecs/flac/flacHeaders';
import { parseOpusBox } from '../../codecs/opus/opusHead';
import { type Codec, packetSeconds } from '../../codecs/registry';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { fileBehind } from '../fileStart';
import { demuxFiles, splitFiles } from '../joinedFiles';
import { chooseTrack, encryptedAudio, firstReadable, otherTracks, unsupportedCodec } from '../chooseTrack';
import { singleTrack } from '../track';
import type { AudioRequest, Container, Demuxed, Report, Track } from '../track';
import { BOX_HEADER_BYTES, boxesIn, FULL_BOX_BYTES } from './boxes';
import { extensionOf, pcmSampleFormat, readDecoderConfig } from './sampleEntry';
import { claimsOf } from './editList';
import { offsetError, samplePackets, samplePieces, unitsIn } from './sampleTable';
import type { SmallSamples } from './sampleTable';
import { isMp4, readMp4 } from './readMp4';
import type { Mp4File, Mp4Track } from './readMp4';
import type { SampleEntry } from './sampleEntry';

/** Sample entries of encrypted audio: Common Encryption, and the iTunes Store's FairPlay. */
const ENCRYPTED_FORMATS = ['enca', 'drms'];
/** QuickTime's names of MP3. */
const MP3_FORMATS = ['.mp3', 'mp3 ', 'ms\0U'];

/** objectTypeIndication of the codecs in `mp4a` (mp4ra.org). */
const AAC_OBJECT_TYPES = [0x40, 0x66, 0x67, 0x68];
const MPEG_AUDIO_OBJECT_TYPES = [0x69, 0x6b];
const OTHER_OBJECT_TYPES: Readonly<Record<number, string>> = {
	0xa5: 'ac-3',
	0xa6: 'ec-3',
	0xa9: 'dtsc',
	0xac: 'dtsl',
	0xdd: 'Vorbis',
	0xe1: 'sqcp',
};

/** `dfLa`: version and flags, then FLAC's metadata blocks, each with a header of four bytes. */
const FLAC_BLOCK_HEADER_BYTES = 4;

/** MP4, M4A, MOV and 3GP, fragmented ones too. */
export const mp4: Container = {
	probe: isMp4,
	async demux(bytes, request, slices): Promise<Demuxed> {
		const files = splitFiles(bytes, nextFile);
		const whole = await demuxFiles(files, async (file) => await demuxFile(file, request, slices));
		const last = files[files.length - 1];
		return { ...whole, end: bytes.length - last.length + endOfBoxes(last) };
	},
};

/** Where the boxes of a file end: at the start of a file of another format, or with the bytes. */
function endOfBoxes(bytes: Uint8Array): number {
	let end = 0;
	for (const box of boxesIn(bytes, 0, bytes.length)) {
		if (end > 0 && fileBehind(bytes, end) !== undefined) return end;
		end = box.end;
	}
	return end;
}

/** The start of another file: a second `ftyp` box, after the index (`moov`) of this one. */
function nextFile(bytes: Uint8Array): number | undefined {
	let hasIndex = false;
	for (const { type, start } of boxesIn(bytes, 0, bytes.length)) {
		if (hasIndex && type === 'ftyp') return start - BOX_HEADER_BYTES;
		hasIndex ||= type === 'moov';
	}
	return undefined;
}

async function demuxFile(bytes: Uint8Array, { audioTrack }: AudioRequest, slices: WorkSlices): Promise<Demuxed> {
	const file = readMp4(bytes);
	const isQuickTime = file.brand === 'qt  ';
	const container = isQuickTime ? 'QuickTime file' : 'MP4 file';
	const chosen = chooseTrack(file, isQuickTime ? 'a QuickTime file' : 'an MP4', audioTrack);
	const candidates = audioTrack === undefined ? file.audioTracks : [chosen];
	const { item, codec, findings, others } = firstReadable(
		candidates,
		({ entry }) => codecOf(bytes, entry, container),
		({ entry: { format } }) => (ENCRYPTED_FORMATS.includes(format) ? 'encrypted' : format),
	);
	findings.push(
		...(await otherTracks(
			others,
			async (track, other) => await secondsOf(bytes, inPlace(bytes, file, track), other, slices),
		)),
	);
	if (item.lostSeconds > 0) findings.push({ kind: 'damaged', seconds: item.lostSeconds });
	if (file.truncated) findings.push({ kind: 'cutShort' });
	return singleTrack(
		sourceName(file.brand),
		await codedTrack(bytes, inPlace(bytes, file, item), codec, slices),
		findings,
	);
}

/** The name of the container by its brand, as users know it from file names. */
function sourceName(brand: string): string {
	if (brand === 'qt  ') return 'mov';
	if (brand.startsWith('3g')) return '3gp';
	return brand.startsWith('M4A') || brand.startsWith('M4B') ? 'm4a' : 'mp4';
}

/** The track with corrected offsets of its samples, if they are off and it is certain by how much. */
function inPlace(bytes: Uint8Array, { trackCount }: Mp4File, track: Mp4Track): Mp4Track {
	const [mdat, ...others] = [...boxesIn(bytes, 0, bytes.length)].filter(({ type }) => type === 'mdat');
	if (trackCount !== 1 || !mdat || mdat.truncated || others.length > 0) return track;
	const error = offsetError(track.runs(), mdat);
	// If the offsets are that far off, they are damaged; moving the index does not explain it.
	if (error === 0 || Math.abs(error) > bytes.length) return track;
	return {
		...track,
		*runs() {
			for (const run of track.runs()) yield { ...run, offset: run.offset + error };
		},
	};
}

/** The length of a track: that of its samples, or the claimed one if its codec is not read. */
async function secondsOf(
	bytes: Uint8Array,
	track: Mp4Track,
	codec: Codec | undefined,
	slices: WorkSlices,
): Promise<number | undefined> {
	const { mediaDuration, timeScale } = track.times;
	if (!codec) return mediaDuration === undefined ? undefined : mediaDuration / timeScale;
	return (await codedTrack(bytes, track, codec, slices)).claims.heldSeconds;
}

async function codedTrack(bytes: Uint8Array, track: Mp4Track, codec: Codec, slices: WorkSlices): Promise<Track> {
	const small = smallSamples(codec);
	const samples = (onCut: () => void): Iterable<Uint8Array> =>
		small ? samplePieces(bytes, track.runs(), small, onCut) : samplePackets(bytes, track.runs(), onCut);
	const { seconds, missing } = await heldSeconds(codec, samples, track, slices);
	const packets = (report?: Report): Iterable<Uint8Array> =>
		samples(() => report?.({ kind: 'cutShort', seconds: missing || undefined, at: seconds }));
	const held = missing === undefined ? seconds : undefined;
	const claims = { ...claimsOf(track.times, held, track.entry.sampleRate), heldSeconds: held };
	return {
		// Edit lists count from the first sample, which comes out of the decoder late.
		codec: codec.name === 'mp3' ? { ...codec, delayAtEnd: claims.keepSeconds !== undefined } : codec,
		claims,
		packets,
	};
}

/**
 * What the samples hold, by their codec.
 *
 * @returns seconds; `missing`: if the file ends before they do, the seconds of the rest, assuming that it is like what
 *   is there
 */
async function heldSeconds(
	codec: Codec,
	samples: (onCut: () => void) => Iterable<Uint8Array>,
	track: Mp4Track,
	slices: WorkSlices,
): Promise<{ seconds: number; missing?: number }> {
	const lengthOf = packetSeconds(codec);
	let seconds = 0;
	let present = 0;
	let isWhole = true;
	for (const packet of samples(() => (isWhole = false))) {
		seconds += lengthOf(packet);
		present++;
		if (slices.due) await slices.rest();
	}
	if (isWhole) return { seconds };
	const small = smallSamples(codec);
	const secondsEach = small ? lengthOf(new Uint8Array(small.unitBytes)) : seconds / Math.max(1, present);
	let counted = 0;
	for (const run of track.runs()) counted += small ? unitsIn(run, small) : run.count;
	const estimate = Math.max(0, counted * secondsEach - seconds);
	// The durations show whether the last sample is shorter. If they are far off, their units are wrong.
	const { mediaDuration = 0, timeScale } = track.times;
	const stated = mediaDuration / timeScale - seconds;
	return { seconds, missing: Math.abs(stated - estimate) <= secondsEach ? Math.max(0, stated) : estimate };
}

function smallSamples(codec: Codec): SmallSamples | undefined {
	if (codec.name === 'pcm') {
		return { unitBytes: codec.sampleFormat.bytesPerSample * codec.channels, samplesPerUnit: 1 };
	}
	if (codec.name === 'ima4') {
		return { unitBytes: IMA4_PACKET_BYTES * codec.channels, samplesPerUnit: IMA4_PACKET_FRAMES };
	}
	return undefined;
}

function codecOf(bytes: Uint8Array, entry: SampleEntry, container: string): Codec {
	const { format, channels, sampleRate } = entry;
	if (ENCRYPTED_FORMATS.includes(format)) throw encryptedAudio(container);
	if (MP3_FORMATS.includes(format)) return { name: 'mp3' };
	const sampleFormat = pcmSampleFormat(bytes, entry);
	if (sampleFormat) return { name: 'pcm', sampleFormat, channels, sampleRate };
	switch (format) {
		case 'mp4a':
			return mpeg4Codec(codecPrivateData(bytes, entry, 'esds', FULL_BOX_BYTES), sampleRate, container);
		case 'alac':
			return { name: 'alac', cookie: codecPrivateData(bytes, entry, 'alac', FULL_BOX_BYTES) };
		case 'Opus':
			return { name: 'opus', head: parseOpusBox(codecPrivateData(bytes, entry, 'dOps', 0)) };
		case 'fLaC': {
			const blocks = codecPrivateData(bytes, entry, 'dfLa', FULL_BOX_BYTES);
			return { name: 'flac', streamInfo: parseStreamInfo(blocks.subarray(FLAC_BLOCK_HEADER_BYTES)) };
		}
		case 'samr':
			return { name: 'amr', wideband: false };
		case 'sawb':
			return { name: 'amr', wideband: true };
		case 'ima4':
			return { name: 'ima4', channels, sampleRate };
		default:
			throw unsupportedCodec(container, format);
	}
}

function mpeg4Codec(descriptor: Uint8Array, sampleRate: number, container: string): Codec {
	const decoder = readDecoderConfig(descriptor);
	if (!decoder) throw withoutPrivateData('esds');
	const { objectType, specificInfo } = decoder;
	if (MPEG_AUDIO_OBJECT_TYPES.includes(objectType)) return { name: 'mp3' };
	if (!AAC_OBJECT_TYPES.includes(objectType)) {
		throw unsupportedCodec(container, OTHER_OBJECT_TYPES[objectType] ?? `mp4a.${objectType.toString(16)}`);
	}
	if (!specificInfo) throw withoutPrivateData('esds');
	const config = parseAudioSpecificConfig(specificInfo);
	// If the configuration does not announce HE-AAC, the sample entry still shows it: its rate is twice the core's.
	return { name: 'aac', config: { ...config, sbrPresent: config.sbrPresent || sampleRate === 2 * config.sampleRate } };
}

/** Codec private data: the contents of its box after `headerBytes`. */
function codecPrivateData(bytes: Uint8Array, entry: SampleEntry, type: string, headerBytes: number): Uint8Array {
	const box = extensionOf(bytes, entry, type);
	if (!box || box.start + headerBytes > box.end) throw withoutPrivateData(type);
	return bytes.subarray(box.start + headerBytes, box.end);
}

function withoutPrivateData(type: string): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		`The MP4 file is damaged: the data that its codec needs first (${type}) is missing`,
		'Export or download it again.',
	);
}
