import { parseFrameHeader } from '../../codecs/flac/frameHeader';
import { parseStreamInfo } from '../../codecs/flac/streamInfo';
import { cutBeforeSound } from '../notAudio';
import type { WorkSlices } from '../../workSlices';
import type { OggPacket } from './oggPackets';
import { oggPageAt } from './oggPages';
import { packetsOf } from './oggStreams';
import type { OggStream, OggTrack } from './oggStreams';
import { oggTimes } from './oggTimes';

/** The first packet: `0x7F FLAC`, a version, a count, `fLaC`, a block header; then STREAMINFO (RFC 9639, 10.1). */
const STREAM_INFO_OFFSET = 17;
/** A packet of audio begins with a frame's sync code; metadata blocks never do. */
const SYNC_BYTE = 0xff;

/** Whether no page says that it is the last: a total that is too large may be that of a file this is a part of. */
function isCut(bytes: Uint8Array, { pages }: OggStream): boolean {
	const last = pages.at(-1);
	return last !== undefined && !oggPageAt(bytes, last).last;
}

/**
 * Finds the parts of a FLAC stream.
 *
 * @throws {VoiceNoteError} `corrupt` where its header is incomplete.
 */
export async function oggFlacTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<OggTrack> {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw cutBeforeSound('inside its header');
	const streamInfo = parseStreamInfo(header.value.bytes.subarray(STREAM_INFO_OFFSET));
	const audio = function* (): Generator<OggPacket> {
		for (const packet of packetsOf(bytes, stream)) {
			if (packet.bytes[0] === SYNC_BYTE) yield packet;
		}
	};
	const samplesOf = (packet: Uint8Array): number => parseFrameHeader(packet, 0, streamInfo)?.blockFrames ?? 0;
	const { claims, findings } = await oggTimes(audio(), { samplesOf }, streamInfo.sampleRate, slices);
	const missing = (streamInfo.totalFrames ?? 0) / streamInfo.sampleRate - (claims.heldSeconds ?? 0);
	return {
		codec: { name: 'flac', streamInfo },
		// Unlike those of Opus and Vorbis, frames have the length that is heard: no position cuts them.
		claims: { skipSeconds: 0, heldSeconds: claims.heldSeconds },
		findings: isCut(bytes, stream) && missing > 0 ? [...findings, { kind: 'cutShort', seconds: missing }] : findings,
		*packets() {
			for (const { bytes: packet } of audio()) yield packet;
		},
	};
}
