import { BitReader } from '../../bits/bitReader';
import {
	type AacConfig,
	assertLowComplexity,
	countChannels,
	frameEndsEarly,
	type LayoutElement,
	readProgramConfig,
	SAMPLING_FREQUENCIES,
	standardLayout,
	unsupportedAac,
} from '../../codecs/aac/audioSpecificConfig';
import type { WorkSlices } from '../../workSlices';
import { VoiceNoteError } from '../../errors';
import { isMpegAudio } from '../mp3/mpegAudioFrames';
import { secondsPassedOver } from '../passedOver';
import { isText, skipTags, skipTagsBehind } from '../tags';
import type { Container, Demuxed, Report, Track } from '../track';

/** Bytes of a header without the checksum. */
const HEADER_LENGTH = 7;
/** Bytes of the checksum, and of each block position in front of it. */
const CRC_LENGTH = 2;
/** id_syn_ele of a program_config_element. */
const ID_PCE = 5;

/** adts_fixed_header and adts_variable_header (ISO/IEC 14496-3, 1.A.2.2). */
interface AdtsHeader {
	/** profile, as an audio object type. */
	objectType: number;
	/** Hz. */
	sampleRate: number;
	channelConfiguration: number;
	/** Length of the frame with its header, in bytes. */
	frameLength: number;
	/** Whether a checksum follows the header. */
	protected: boolean;
	/** Number of raw_data_blocks, 1 to 4. */
	blocks: number;
	/** The header bits that are the same in all frames of a stream, as one number. */
	fixedPart: number;
}

/** The audio of one ADTS frame. */
export interface AdtsFrame {
	/** The stream's configuration: the same object until it changes. */
	config: AacConfig;
	/** raw_data_blocks, one after the other; a view into the stream. */
	data: Uint8Array;
	/** How many raw_data_blocks `data` holds. */
	blocks: number;
	/** Start and end of the frame in the stream, in bytes. */
	start: number;
	end: number;
}

/** A part of a stream whose frames have one configuration. */
export interface AdtsRun {
	config: AacConfig;
	/** Start and end of its frames in the stream, in bytes. */
	start: number;
	end: number;
	/** How many raw_data_blocks they hold, and the size of those in bytes, without headers. */
	blocks: number;
	frameBytes: number;
}

/**
 * Up to this many frames of another stream, or this much audio, count as stray. Anything longer is part of the
 * recording.
 */
const STRAY_BLOCKS = 3;
const STRAY_SECONDS = 0.1;

/**
 * The parts of a stream: one, unless recordings were joined or it changes its sample rate or channels. Stray frames
 * are left out, unless there are no others.
 *
 * @throws {VoiceNoteError} as `adtsFrames`
 */
async function adtsRuns(bytes: Uint8Array, slices: WorkSlices): Promise<AdtsRun[]> {
	const found: AdtsRun[] = [];
	for (const { config, data, blocks, start, end } of adtsFrames(bytes)) {
		if (slices.due) await slices.rest();
		addRun(found, { config, blocks, start, end, frameBytes: data.length });
	}
	const parts = found.filter((run) => !isStray(run));
	const runs: AdtsRun[] = [];
	for (const run of parts.length > 0 ? parts : found) addRun(runs, run);
	return runs;
}

/** Adds a run, or extends the last one if it has the same configuration. */
function addRun(runs: AdtsRun[], run: AdtsRun): void {
	const last = runs.at(-1);
	if (!last || !isAlike(last.config, run.config)) {
		runs.push(run);
		return;
	}
	last.end = run.end;
	last.blocks += run.blocks;
	last.frameBytes += run.frameBytes;
}

function isStray({ config, blocks }: AdtsRun): boolean {
	return blocks <= STRAY_BLOCKS || (blocks * config.frameLength) / config.sampleRate <= STRAY_SECONDS;
}

/** Whether one decoder reads frames of both. */
function isAlike(a: AacConfig, b: AacConfig): boolean {
	return a.sampleRate === b.sampleRate && a.channels === b.channels;
}

/**
 * Whether bytes begin with an ADTS stream: two headers that agree, the second right where the first one's frame ends,
 * or one whose frame is the whole file.
 */
export function isAdts(bytes: Uint8Array): boolean {
	const header = readHeader(bytes, 0);
	if (!header) return false;
	return header.frameLength === bytes.length || isFollowed(bytes, 0, header);
}

/**
 * Walks through an ADTS stream. What is not a frame is skipped until headers agree again, and a frame cut
 * off by the end is left out.
 *
 * @param bytes The stream, without tags before it.
 * @param onCut Called if the bytes end within a frame.
 * @param onDamage Called with the number of bytes skipped before a frame, unless they are tags.
 * @throws {VoiceNoteError} `unsupported` for anything but AAC-LC; `corrupt` for an impossible channel layout.
 */
export function* adtsFrames(
	bytes: Uint8Array,
	onCut: () => void = () => undefined,
	onDamage: (passedOver: number) => void = () => undefined,
): Generator<AdtsFrame, void, undefined> {
	let position = 0;
	let reached = 0;
	let config: AacConfig | undefined;
	let fixedPart = -1;
	while (position + HEADER_LENGTH <= bytes.length) {
		const header = readHeader(bytes, position);
		const known = header?.fixedPart === fixedPart;
		if (!header || !(known || isLast(bytes, position, header) || isFollowed(bytes, position, header))) {
			position++;
			continue;
		}
		const end = position + header.frameLength;
		const inside = isFollowed(bytes, position, header) ? undefined : frameInside(bytes, position + 1, end, header);
		if (inside !== undefined) {
			position = inside;
			continue;
		}
		if (end > bytes.length) return onCut();
		if (position > reached && !isOther(bytes.subarray(reached, position))) onDamage(position - reached);
		reached = end;
		const blocks = [...splitBlocks(bytes.subarray(position, end), header)];
		if (!config || !known) config = configOf(header, blocks[0].data);
		fixedPart = header.fixedPart;
		for (const { data, count } of blocks) yield { config, data, blocks: count, start: position, end };
		position = end;
	}
}

/** Whether the bytes between two frames are text, or tags, as between recordings that were joined. */
function isOther(between: Uint8Array): boolean {
	return isText(between) || skipTagsBehind(between, 0) >= between.length;
}

/** Reads the header at `position`; undefined if there is none. */
function readHeader(bytes: Uint8Array, position: number): AdtsHeader | undefined {
	if (position + HEADER_LENGTH > bytes.length) return undefined;
	// syncword of twelve ones, and layer 0.
	if (bytes[position] !== 0xff || (bytes[position + 1] & 0xf6) !== 0xf0) return undefined;
	const [, b1, b2, b3, b4, b5, b6] = bytes.subarray(position, position + HEADER_LENGTH);
	const header = {
		objectType: (b2 >> 6) + 1,
		sampleRate: SAMPLING_FREQUENCIES[(b2 >> 2) & 0x0f],
		channelConfiguration: ((b2 & 1) << 2) | (b3 >> 6),
		frameLength: ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5),
		protected: (b1 & 1) === 0,
		blocks: (b6 & 3) + 1,
		// ID, layer, protection_absent, profile, sampling_frequency_index and channel_configuration, without
		// the private, original, home and copyright bits.
		fixedPart: (b1 << 16) | ((b2 & 0xfd) << 8) | (b3 & 0xc0),
	};
	if (!header.sampleRate || header.frameLength < headerLength(header)) return undefined;
	return header;
}

/** Bytes in front of the first raw_data_block. */
function headerLength({ protected: isProtected, blocks }: Pick<AdtsHeader, 'protected' | 'blocks'>): number {
	return HEADER_LENGTH + (isProtected ? blocks * CRC_LENGTH : 0);
}

function isFollowed(bytes: Uint8Array, position: number, header: AdtsHeader): boolean {
	return readHeader(bytes, position + header.frameLength)?.fixedPart === header.fixedPart;
}

/** The start of a frame inside another one, whose stated length is then wrong; undefined if there is none. */
function frameInside(bytes: Uint8Array, from: number, end: number, { fixedPart }: AdtsHeader): number | undefined {
	const limit = Math.min(end, bytes.length);
	for (let at = bytes.indexOf(0xff, from); at >= 0 && at < limit; at = bytes.indexOf(0xff, at + 1)) {
		const header = readHeader(bytes, at);
		if (header?.fixedPart === fixedPart && isFollowed(bytes, at, header)) return at;
	}
	return undefined;
}

function isLast(bytes: Uint8Array, position: number, header: AdtsHeader): boolean {
	return position + header.frameLength === bytes.length;
}

/**
 * The raw_data_blocks of a frame. With checksums each block has its position in the header and a checksum
 * after it. Without checksums, the end of a block is known only once it is decoded, so the blocks stay together.
 */
function* splitBlocks(frame: Uint8Array, header: AdtsHeader): Generator<{ data: Uint8Array; count: number }> {
	const first = headerLength(header);
	if (!header.protected || header.blocks === 1) {
		yield { data: frame.subarray(first), count: header.blocks };
		return;
	}
	let start = first;
	for (let block = 1; block <= header.blocks; block++) {
		const place = HEADER_LENGTH + (block - 1) * CRC_LENGTH;
		// raw_data_block_position counts from the first block.
		const next = block < header.blocks ? first + ((frame[place] << 8) | frame[place + 1]) : frame.length;
		yield { data: frame.subarray(start, Math.max(next - CRC_LENGTH, start)), count: 1 };
		start = Math.min(Math.max(next, start), frame.length);
	}
}

function configOf(header: AdtsHeader, firstBlock: Uint8Array): AacConfig {
	assertLowComplexity(header.objectType);
	const { objectType, sampleRate, channelConfiguration } = header;
	const layout = channelConfiguration === 0 ? layoutInside(firstBlock) : standardLayout(channelConfiguration);
	return {
		objectType,
		sampleRate,
		channelConfiguration,
		channels: countChannels(layout),
		layout,
		frameLength: 1024,
		sbrPresent: false,
		psPresent: false,
	};
}

/** If channel_configuration is 0, the first raw_data_block begins with the channel layout. */
function layoutInside(block: Uint8Array): LayoutElement[] {
	const reader = new BitReader(frameEndsEarly);
	reader.load(block);
	if (reader.read(3) !== ID_PCE) throw unsupportedAac('a stream that does not say which channels it has');
	reader.skip(4); // element_instance_tag
	return readProgramConfig(reader);
}

/** The most bytes skipped before the first frame: recordings of a radio stream begin anywhere. */
const MAX_JUNK_BYTES = 16_384;

/** AAC in ADTS frames (`.aac`). */
export const adts: Container = {
	// What begins as MP3 is no junk.
	probe: (bytes) => firstFrame(bytes) !== undefined && !isMpegAudio(bytes),
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const start = firstFrame(bytes) ?? 0;
		const stream = bytes.subarray(start);
		const runs = await adtsRuns(stream, slices);
		if (runs.length === 0) throw new VoiceNoteError('corrupt', 'The AAC file holds no audio frame', 'Export it again.');
		// The last run extends to the end of the file, which may cut a frame off.
		const tracks = runs.map((run, index) =>
			adtsTrack(stream, index === runs.length - 1 ? { ...run, end: stream.length } : run),
		);
		return { sourceFormat: 'aac', tracks, findings: [], end: start + runs[runs.length - 1].end };
	},
};

function firstFrame(bytes: Uint8Array): number | undefined {
	const start = skipTags(bytes);
	const end = Math.min(bytes.length, start + MAX_JUNK_BYTES);
	for (let offset = bytes.indexOf(0xff, start); offset >= 0 && offset < end; offset = bytes.indexOf(0xff, offset + 1)) {
		if (isAdts(bytes.subarray(offset))) return offset;
	}
	return undefined;
}

function adtsTrack(stream: Uint8Array, { config, start, end, blocks: counted, frameBytes }: AdtsRun): Track {
	const frames = stream.subarray(start, end);
	const blockCounts = new WeakMap<Uint8Array, number>();
	const heldSeconds = (counted * config.frameLength) / config.sampleRate;
	const secondsOf = (passedOver: number): number | undefined =>
		secondsPassedOver(passedOver, {
			frames: counted,
			frameBytes,
			frameSeconds: config.frameLength / config.sampleRate,
		});
	return {
		codec: { name: 'aac', config, blocksIn: (packet) => blockCounts.get(packet) ?? 1 },
		claims: { skipSeconds: 0, heldSeconds },
		*packets(report?: Report) {
			const onCut = (): void => report?.({ kind: 'cutShort' });
			const onDamage = (passedOver: number): void => report?.({ kind: 'damaged', seconds: secondsOf(passedOver) });
			for (const { config: current, data, blocks } of adtsFrames(frames, onCut, onDamage)) {
				if (!isAlike(config, current)) continue;
				blockCounts.set(data, blocks);
				yield data;
			}
		},
	};
}
