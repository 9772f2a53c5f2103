import { areEqual } from '../../bits/bytes';
import type { WorkSlices } from '../../workSlices';
import { readTransportStream, transportLayout, transportPackets } from './readTransportStream';
import type { ProgramPart, TransportCodec, TransportLayout, TransportPacket } from './readTransportStream';
import { rethrow, VoiceNoteError } from '../../errors';
import { adts } from '../adts/demuxAdts';
import { chooseTrack, codecTitle, encryptedAudio, otherTracks, unsupportedCodec } from '../chooseTrack';
import { mp3 } from '../mp3/demuxMp3';
import type { AudioRequest, Container, Demuxed, Finding, Report } from '../track';
import { withoutPesHeader } from './pesPackets';
import { codecsByContent } from './unnamedStreams';
import { UnitTimes } from './unitTimes';

/** The payload of one stream, in one piece and without PES headers. */
export interface ElementaryStream {
	bytes: Uint8Array;
	/** Whether some of its packets are encrypted; those are left out. */
	scrambled: boolean;
	/** The times of its units, if its continuity counters show that packets are lost. */
	gaps?: UnitTimes;
}

/** Continuity counters have four bits. */
const COUNTER_MASK = 0x0f;
/** If counters are wrong more often than this, the writer does not maintain them. */
const MAX_GAP_SHARE = 0.5;

/** Assembles the payload of one stream. */
async function elementaryStream(
	bytes: Uint8Array,
	layout: TransportLayout,
	pid: number,
	slices: WorkSlices,
): Promise<ElementaryStream> {
	let size = 0;
	let scrambled = false;
	let packets = 0;
	let gaps = 0;
	let previous: TransportPacket | undefined;
	const units = new UnitTimes();
	const watch = (packet: TransportPacket): void => {
		scrambled ||= packet.scrambled;
		packets++;
		const follows = !previous || packet.counter === ((previous.counter + 1) & COUNTER_MASK);
		// A unit may begin another recording, with counters of its own; times and sizes show it.
		if (packet.startsUnit) units.begin(packet.payload, follows);
		else if (!follows) {
			gaps++;
			units.break();
		}
		units.add(packet.payload.length);
		previous = packet;
	};
	for await (const part of streamParts(bytes, layout, pid, slices, watch)) size += part.length;
	gaps += units.unitsAfterLoss;
	const whole = new Uint8Array(size);
	let position = 0;
	for await (const part of streamParts(bytes, layout, pid, slices)) {
		whole.set(part, position);
		position += part.length;
	}
	return { bytes: whole, scrambled, gaps: gaps > 0 && gaps <= MAX_GAP_SHARE * packets ? units : undefined };
}

async function* streamParts(
	bytes: Uint8Array,
	layout: TransportLayout,
	pid: number,
	slices: WorkSlices,
	watch: (packet: TransportPacket) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
	let begun = false;
	let previous: TransportPacket | undefined;
	for (const packet of transportPackets(bytes, layout)) {
		if (slices.due) await slices.rest();
		if (packet.pid !== pid || (previous && isRepeated(packet, previous))) continue;
		previous = packet;
		watch(packet);
		if (packet.scrambled) continue;
		begun = begun || packet.startsUnit;
		if (begun) yield packet.startsUnit ? withoutPesHeader(packet.payload) : packet.payload;
	}
}

/** A packet may be sent twice, with the same counter (2.4.3.3). */
function isRepeated({ counter, payload }: TransportPacket, before: TransportPacket): boolean {
	return counter === before.counter && areEqual(payload, before.payload);
}

const CONTAINER = 'MPEG transport stream';

/** The container that reads the stream of each codec. */
const STREAM_CONTAINERS: Readonly<Partial<Record<TransportCodec, Container>>> = { adts, mp3 };
const CODEC_NAMES: Readonly<Partial<Record<TransportCodec, string>>> = { latm: 'aac-latm', dts: 'dtsc' };

/** An audio stream, as listed in the tables. */
interface AudioPart {
	pid: number;
	codec: TransportCodec;
	/** Start and end of its packets, in bytes. */
	start: number;
	end: number;
}

/** MPEG transport streams with AAC or MPEG audio. */
export const transportStream: Container = {
	probe: (bytes) => transportLayout(bytes) !== undefined,
	async demux(bytes, request, slices): Promise<Demuxed> {
		const layout = transportLayout(bytes);
		if (!layout) throw new VoiceNoteError('notAudio', 'The file is not an MPEG transport stream');
		const program = await withUnnamed(await readTransportStream(bytes, layout, slices), bytes, layout, slices);
		const demuxPart = async (part: AudioPart): Promise<Demuxed | undefined> => {
			const container = STREAM_CONTAINERS[part.codec];
			if (!container) throw unsupportedCodec(CONTAINER, nameOf(part.codec));
			const within = bytes.subarray(0, part.end);
			const place = { ...layout, start: Math.max(layout.start, part.start) };
			const stream = await elementaryStream(within, place, part.pid, slices);
			if (stream.scrambled) throw encryptedAudio(CONTAINER);
			// The tables may name the wrong one of the two supported codecs.
			const reader = [container, adts, mp3].find((candidate) => candidate.probe(stream.bytes, request));
			if (!reader) return undefined;
			const demuxed = await reader.demux(stream.bytes, request, slices);
			return stream.gaps ? withLoss(demuxed, stream.gaps) : demuxed;
		};
		const demuxed: Demuxed[] = [];
		for (const part of audioParts(program, request)) {
			const stream = await demuxPart(part);
			if (stream) demuxed.push(stream);
		}
		if (demuxed.length === 0) {
			throw new VoiceNoteError('corrupt', `The ${CONTAINER} holds no complete audio frame`, 'Export it again.');
		}
		return {
			sourceFormat: `ts/${demuxed[0].sourceFormat}`,
			tracks: demuxed.flatMap(({ tracks }) => tracks),
			findings: [
				...(request.audioTrack === undefined ? await otherStreams(program[0], demuxPart) : []),
				...demuxed.flatMap(({ findings }) => findings),
			],
		};
	},
};

/** Adds a finding about lost packets. It replaces damage of unknown length, which the stream's reader finds there. */
function withLoss(demuxed: Demuxed, units: UnitTimes): Demuxed {
	const seconds = units.lostSeconds(heldSeconds(demuxed));
	const isCovered = (finding: Finding): boolean => finding.kind === 'damaged' && finding.seconds === undefined;
	const tracks = demuxed.tracks.map((track) => ({
		...track,
		packets: (report?: Report) =>
			track.packets(report && ((finding) => (isCovered(finding) ? undefined : report(finding)))),
	}));
	return { ...demuxed, tracks, findings: [...demuxed.findings, { kind: 'damaged', seconds }] };
}

function heldSeconds({ tracks }: Demuxed): number {
	return tracks.reduce((sum, { claims }) => sum + (claims.heldSeconds ?? 0), 0);
}

/** The program, completed by probing streams whose codec is not named; without tables, all streams. */
async function withUnnamed(
	program: ProgramPart[] | undefined,
	bytes: Uint8Array,
	layout: TransportLayout,
	slices: WorkSlices,
): Promise<ProgramPart[]> {
	const unnamed = program?.flatMap(({ streams }) => streams.flatMap(({ pid, codec }) => (codec ? [] : [pid])));
	if (unnamed?.length === 0) return program ?? [];
	const codecs = await codecsByContent(bytes, layout, unnamed && new Set(unnamed), slices);
	if (!program) {
		if (codecs.size === 0) throw withoutTables();
		const streams = [...codecs].map(([pid, codec]) => ({ pid, codec }));
		return [{ streams, start: 0, end: bytes.length }];
	}
	return program.map((part) => ({
		...part,
		streams: part.streams.map(({ pid, codec }) => ({ pid, codec: codec ?? codecs.get(pid) })),
	}));
}

function withoutTables(): VoiceNoteError {
	return new VoiceNoteError(
		'corrupt',
		'The MPEG transport stream does not list what it holds',
		'The file is cut off or damaged; export or download it again.',
	);
}

function nameOf(codec: TransportCodec): string {
	return CODEC_NAMES[codec] ?? codec;
}

/** The audio streams of a part of the program. */
function audioOf({ streams, start, end }: ProgramPart): AudioPart[] {
	return streams.flatMap(({ pid, codec }) => (codec ? [{ pid, codec, start, end }] : []));
}

const isRead = ({ codec }: AudioPart): boolean => STREAM_CONTAINERS[codec] !== undefined;

/**
 * The findings about the streams that are not converted: unsupported ones before the converted one, and all after it.
 */
async function otherStreams(
	program: ProgramPart,
	demuxPart: (part: AudioPart) => Promise<Demuxed | undefined>,
): Promise<Finding[]> {
	const all = audioOf(program);
	const taken = Math.max(0, all.findIndex(isRead));
	const unread = all
		.slice(0, taken)
		.map(({ codec }, index) => ({ kind: 'unreadTrack' as const, track: index + 1, codec: codecTitle(nameOf(codec)) }));
	const others = all.map((item, index) => ({ item, number: index + 1 })).slice(taken + 1);
	const after = await otherTracks(others, async (part) => await secondsOf(part, demuxPart));
	return [...unread, ...after];
}

/** The length of a stream in seconds; undefined if it is damaged or unsupported: the other one is still converted. */
async function secondsOf(
	part: AudioPart,
	demuxPart: (part: AudioPart) => Promise<Demuxed | undefined>,
): Promise<number | undefined> {
	try {
		const stream = isRead(part) ? await demuxPart(part) : undefined;
		return stream && heldSeconds(stream);
	} catch (error) {
		return error instanceof VoiceNoteError && error.code !== 'cancelled' ? undefined : rethrow(error);
	}
}

/** The audio to convert in each part of the program; successive parts of the same stream are joined. */
function audioParts(program: ProgramPart[], request: AudioRequest): AudioPart[] {
	const parts: AudioPart[] = [];
	for (const part of program) {
		const audioTracks = audioOf(part);
		// A later part without audio has only video.
		if (audioTracks.length === 0 && parts.length > 0) continue;
		const chosen = chooseTrack({ audioTracks, trackCount: part.streams.length }, `an ${CONTAINER}`, request.audioTrack);
		const taken = (request.audioTrack === undefined && audioTracks.find(isRead)) || chosen;
		const last = parts.at(-1);
		if (last?.pid === taken.pid && last.codec === taken.codec) last.end = taken.end;
		else parts.push({ ...taken });
	}
	return parts;
}
