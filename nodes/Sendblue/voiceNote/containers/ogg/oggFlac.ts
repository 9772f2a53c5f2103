import { parseFrameHeader } from '../../codecs/flac/frameHeader';
import { parseStreamInfo } from '../../codecs/flac/streamInfo';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import type { OggPacket } from './oggPackets';
import { packetsOf } from './oggStreams';
import type { OggStream, OggTrack } from './oggStreams';
import { oggTimes } from './oggTimes';

/** The first packet: `0x7F FLAC`, a version, a count, `fLaC`, a block header; then STREAMINFO (RFC 9639, 10.1). */
const STREAM_INFO_OFFSET = 17;
/** A packet of audio begins with a frame's sync code; metadata blocks never do. */
const SYNC_BYTE = 0xff;

/**
 * Finds the parts of a FLAC stream.
 *
 * @throws {VoiceNoteError} `corrupt` where its header is incomplete.
 */
export async function oggFlacTrack(bytes: Uint8Array, stream: OggStream, slices: WorkSlices): Promise<OggTrack> {
	const header = packetsOf(bytes, stream).next();
	if (header.done) throw new VoiceNoteError('corrupt', 'The Ogg file is damaged: its FLAC header is incomplete');
	const streamInfo = parseStreamInfo(header.value.bytes.subarray(STREAM_INFO_OFFSET));
	const audio = function* (): Generator<OggPacket> {
		for (const packet of packetsOf(bytes, stream)) {
			if (packet.bytes[0] === SYNC_BYTE) yield packet;
		}
	};
	const samplesOf = (packet: Uint8Array): number => parseFrameHeader(packet, 0, streamInfo)?.blockFrames ?? 0;
	const { claims, findings } = await oggTimes(audio(), { samplesOf }, streamInfo.sampleRate, slices);
	return {
		codec: { name: 'flac', streamInfo },
		claims: { skipSeconds: 0, ...claims },
		findings,
		*packets() {
			for (const { bytes: packet } of audio()) yield packet;
		},
	};
}
