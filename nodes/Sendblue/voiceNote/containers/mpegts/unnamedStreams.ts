/** Probes streams whose codec no table names. */
import type { WorkSlices } from '../../workSlices';
import { isAdts } from '../adts/demuxAdts';
import { isMpegAudio } from '../mp3/mpegAudioFrames';
import { isAudioUnit, withoutPesHeader } from './pesPackets';
import { transportPackets } from './readTransportStream';
import type { TransportCodec, TransportLayout } from './readTransportStream';

/** Bytes of a stream that are examined: several frames of any codec. */
const TELLING_BYTES = 8_192;
/** More streams than a program has. */
const MAX_STREAMS = 64;

/**
 * The codecs of streams by their first bytes.
 *
 * @param pids the streams to look at; all with audio if undefined
 * @returns the codecs by PID, without streams of unknown codecs
 */
export async function codecsByContent(
	bytes: Uint8Array,
	layout: TransportLayout,
	pids: ReadonlySet<number> | undefined,
	slices: WorkSlices,
): Promise<Map<number, TransportCodec>> {
	const starts = new Map<number, number[]>();
	let missing = pids?.size ?? MAX_STREAMS;
	for (const { pid, startsUnit, payload } of transportPackets(bytes, layout)) {
		if (slices.due) await slices.rest();
		if (pids && !pids.has(pid)) continue;
		const start = starts.get(pid);
		if (start ? start.length >= TELLING_BYTES : !startsUnit || starts.size >= MAX_STREAMS) continue;
		const isAudio = start !== undefined || isAudioUnit(payload);
		const part = startsUnit ? withoutPesHeader(payload) : payload;
		// A stream of another kind is not examined again.
		starts.set(pid, isAudio ? [...(start ?? []), ...part] : new Array<number>(TELLING_BYTES).fill(0));
		if ((starts.get(pid)?.length ?? 0) >= TELLING_BYTES && --missing === 0) break;
	}
	const codecs = new Map<number, TransportCodec>();
	for (const [pid, start] of starts) {
		const codec = codecOf(Uint8Array.from(start));
		if (codec) codecs.set(pid, codec);
	}
	return codecs;
}

/** The sync words of unsupported codecs: AC-3 (ATSC A/52, 5.4.1.1) and LATM (ISO/IEC 14496-3, 1.7.2). */
const AC3_SYNC = [0x0b, 0x77];
const LATM_SYNC = [0x56, 0xe0];
/** The syncword of LATM has 11 bits. */
const LATM_SYNC_MASK = 0xe0;

function codecOf(start: Uint8Array): TransportCodec | undefined {
	if (isAdts(start)) return 'adts';
	if (isMpegAudio(start)) return 'mp3';
	if (start[0] === AC3_SYNC[0] && start[1] === AC3_SYNC[1]) return 'ac-3';
	return start[0] === LATM_SYNC[0] && (start[1] & LATM_SYNC_MASK) === LATM_SYNC[1] ? 'latm' : undefined;
}
