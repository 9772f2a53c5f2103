import { parseMagicCookie } from './alac/magicCookie';
import { AMR_FRAMES_PER_SECOND, amrFrames } from './amr/amrDecoder';
import { IMA4_PACKET_BYTES, IMA4_PACKET_FRAMES } from './adpcm/imaAdpcm';
import { parseFrameHeader } from './flac/frameHeader';
import { parseMpegAudioHeader } from './mp3/mpegAudioHeader';
import { OPUS_CLOCK_HZ, OpusClock } from './opus/opusPacket';
import type { Codec } from './registry';
import { VorbisClock } from './vorbis/vorbisHeaders';

/**
 * Counts the time of packets by their headers, without decoding them: what is there, whatever the container claims.
 *
 * @returns a function that takes the packets in their order and returns the seconds of each; 0 if the codec's packets
 *   do not tell
 */
export function packetSeconds(codec: Codec): (packet: Uint8Array) => number {
	switch (codec.name) {
		case 'aac':
			return () => codec.config.frameLength / codec.config.sampleRate;
		case 'alac': {
			const { frameLength, sampleRate } = parseMagicCookie(codec.cookie);
			return () => frameLength / sampleRate;
		}
		case 'amr':
			return (packet) => {
				let frames = 0;
				for (const frame of amrFrames(packet, 0, codec.wideband)) frames += frame.length > 0 ? 1 : 0;
				return frames / AMR_FRAMES_PER_SECOND;
			};
		case 'flac':
			return (packet) =>
				(parseFrameHeader(packet, 0, codec.streamInfo)?.blockFrames ?? 0) / codec.streamInfo.sampleRate;
		case 'ima4':
			return (packet) =>
				(Math.floor(packet.length / (IMA4_PACKET_BYTES * codec.channels)) * IMA4_PACKET_FRAMES) / codec.sampleRate;
		case 'mp3':
			return (packet) => {
				const header = parseMpegAudioHeader(packet, 0);
				return header ? header.frameSamples / header.sampleRate : 0;
			};
		case 'opus': {
			const clock = new OpusClock();
			return (packet) => clock.samplesOf(packet) / OPUS_CLOCK_HZ;
		}
		case 'pcm':
			return (packet) => packet.length / (codec.sampleFormat.bytesPerSample * codec.channels) / codec.sampleRate;
		case 'vorbis': {
			const clock = new VorbisClock(codec.headers);
			return (packet) => clock.samplesOf(packet) / codec.headers.sampleRate;
		}
		case 'gsm':
		case 'imaAdpcm':
		case 'msAdpcm':
			// Blocks of one size, which their readers count by it.
			return () => 0;
	}
}
