import { OPUS_CLOCK_HZ, opusPacketSamples } from '../codecs/opus/opusPacket';
import type { OpusTrack } from '../codecs/opus/opusHead';
import { VOICE_NOTE_SAMPLE_RATE } from '../voiceNoteFormat';
import type { OggOpusAudio } from '../containers/ogg/oggOpusAudio';
import { PacketBuffer } from '../containers/packetBuffer';
import type { WorkSlices } from '../workSlices';
import { assertNotTooLong } from './refusals';

const CLOCK_RATIO = OPUS_CLOCK_HZ / VOICE_NOTE_SAMPLE_RATE;

/** The pre-skip is a 16-bit field (RFC 7845, section 5.1, field 4). */
const MAX_PRE_SKIP = 0xffff;

/** Larger packets do not fit on one Ogg page; real ones have at most a few kilobytes. */
const MAX_OGG_PACKET_BYTES = 65_024;

/**
 * Gathers an Opus track's packets for Ogg, untouched: mono or stereo, frames of any length, with its output gain.
 *
 * @returns undefined where the packets cannot be moved: several streams, lost or damaged packets
 * @throws {VoiceNoteError} `limit` where the audio is too long
 */
export async function opusToOgg(track: OpusTrack, slices: WorkSlices): Promise<OggOpusAudio | undefined> {
	const preSkip = Math.round(track.preSkip);
	if (track.mapping || preSkip > MAX_PRE_SKIP) return undefined;
	const packets = new PacketBuffer();
	const end = track.validSamples === undefined ? Infinity : preSkip + Math.round(track.validSamples);
	let samples = 0;
	for await (const packet of track.packets()) {
		// A packet of which nothing is heard has no place in the file.
		if (samples >= end) break;
		const duration = movableSamples(packet);
		if (duration === undefined) return undefined;
		packets.append(packet);
		samples += duration;
		assertNotTooLong(samples / CLOCK_RATIO);
		if (slices.due) await slices.rest();
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

/** The packet's length in samples at 48 kHz; undefined where it is lost, too large or malformed. */
function movableSamples(packet: Uint8Array): number | undefined {
	if (packet.length === 0 || packet.length > MAX_OGG_PACKET_BYTES) return undefined;
	try {
		return opusPacketSamples(packet);
	} catch {
		// A malformed packet is concealed by the decoder; it cannot be moved.
		return undefined;
	}
}
