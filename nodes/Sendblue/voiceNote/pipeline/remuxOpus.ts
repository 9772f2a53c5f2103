import {
	OPUS_CLOCK_HZ,
	opusPacketSamples,
	parseOpusToc,
	splitOpusPacket,
	VOICE_NOTE_FRAME_SAMPLES,
} from '../codecs/opus/opusPacket';
import type { OpusTrack } from '../codecs/opus/opusHead';
import { VOICE_NOTE_FRAMES_PER_PACKET, VOICE_NOTE_SAMPLE_RATE } from '../voiceNoteFormat';
import type { VoiceNoteAudio } from '../containers/caf/writeVoiceNote';
import { LARGEST_KEPT_PACKET, PacketBuffer } from '../containers/packetBuffer';
import type { WorkSlices } from '../workSlices';
import { assertNotTooLong } from './refusals';
import type { OggOpusAudio } from '../containers/ogg/writeOgg';

const CLOCK_RATIO = OPUS_CLOCK_HZ / VOICE_NOTE_SAMPLE_RATE;

/**
 * In samples at 48 kHz: 80 ms. If more is to be skipped at the start, that is an edit rather than priming. The packet
 * table of a voice note cannot express edits.
 */
const MAX_PRIMING_SAMPLES = 3_840;

/**
 * Remuxes an Opus track into a voice note. Packets of several 20 ms frames are split.
 *
 * @returns undefined if the track cannot be remuxed: not mono, several streams, a gain to apply, a start to trim,
 * frames that are not 20 ms long (no other length is known to play in Messages), lost or damaged packets
 * @throws {VoiceNoteError} `limit` if the audio is too long
 */
export async function remuxOpus(track: OpusTrack, slices: WorkSlices): Promise<VoiceNoteAudio | undefined> {
	if (track.channels !== 1 || track.outputGainDb !== 0 || (track.mapping && track.mapping.streams > 1))
		return undefined;
	if (track.preSkip > MAX_PRIMING_SAMPLES) return undefined;
	const packets = new PacketBuffer();
	for await (const packet of track.packets()) {
		const singles = singleFramePackets(packet);
		if (!singles) return undefined;
		for (const single of singles) packets.append(single);
		assertNotTooLong(packets.count * VOICE_NOTE_FRAMES_PER_PACKET);
		if (slices.dueAfter(packet.length)) await slices.rest();
	}
	return withTrimmedEnd(track, packets);
}

function singleFramePackets(packet: Uint8Array): Uint8Array[] | undefined {
	if (packet.length === 0 || packet.length > LARGEST_KEPT_PACKET) return undefined;
	const { frameSamples, stereo } = parseOpusToc(packet[0]);
	if (stereo || frameSamples !== VOICE_NOTE_FRAME_SAMPLES) return undefined;
	try {
		return splitOpusPacket(packet);
	} catch {
		// A decoder would conceal a malformed packet; remuxing cannot.
		return undefined;
	}
}

/** Drops packets after the end of the valid range, since every packet of a voice note must contribute to it. */
function withTrimmedEnd(track: OpusTrack, packets: PacketBuffer): VoiceNoteAudio {
	const primingFrames = Math.round(track.preSkip / CLOCK_RATIO);
	const available = Math.max(0, packets.count * VOICE_NOTE_FRAMES_PER_PACKET - primingFrames);
	const claimed = track.validSamples === undefined ? available : Math.round(track.validSamples / CLOCK_RATIO);
	const validFrames = Math.min(claimed, available);
	packets.truncate(Math.ceil((primingFrames + validFrames) / VOICE_NOTE_FRAMES_PER_PACKET));
	return { packets, primingFrames, validFrames };
}

/** The pre-skip is a 16-bit field (RFC 7845, section 5.1, field 4). */
const MAX_PRE_SKIP = 0xffff;

/** Larger packets do not fit on one Ogg page; real ones have at most a few kilobytes. */
const MAX_OGG_PACKET_BYTES = 65_024;

/**
 * Collects an Opus track's packets for Ogg, unchanged: mono or stereo, frames of any length, with its output gain.
 *
 * @returns undefined if the track cannot be remuxed: a channel mapping, a start to trim that exceeds the pre-skip
 * field, lost, damaged or too large packets
 * @throws {VoiceNoteError} `limit` if the audio is too long
 */
export async function opusToOgg(track: OpusTrack, slices: WorkSlices): Promise<OggOpusAudio | undefined> {
	const preSkip = Math.round(track.preSkip);
	if (track.mapping || preSkip > MAX_PRE_SKIP) return undefined;
	const packets = new PacketBuffer();
	const end = track.validSamples === undefined ? Infinity : preSkip + Math.round(track.validSamples);
	let samples = 0;
	for await (const packet of track.packets()) {
		// Every packet must contribute to the valid range.
		if (samples >= end) break;
		const duration = movableSamples(packet);
		if (duration === undefined) return undefined;
		packets.append(packet);
		samples += duration;
		assertNotTooLong(samples / CLOCK_RATIO);
		if (slices.dueAfter(packet.length)) await slices.rest();
	}
	return {
		channels: track.channels,
		packets,
		preSkip,
		validSamples: Math.max(0, Math.min(samples, end) - preSkip),
		outputGainDb: track.outputGainDb,
		inputSampleRate: 0,
	};
}

/** The length of a packet in samples at 48 kHz; undefined if it is lost, too large or malformed. */
function movableSamples(packet: Uint8Array): number | undefined {
	if (packet.length === 0 || packet.length > MAX_OGG_PACKET_BYTES) return undefined;
	try {
		return opusPacketSamples(packet);
	} catch {
		// A decoder would conceal a malformed packet; it cannot be moved.
		return undefined;
	}
}
