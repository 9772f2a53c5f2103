import type { PacketDecoder, PcmBlock } from '../../pcm/pcmSource';
import { VoiceNoteError } from '../../errors';
import { silentBlock } from '../../pcm/pcmSource';
import { VORBIS_CHANNEL_ORDERS } from '../../pcm/speakers';
import type { CodecStream } from '../packetSource';
import type { VorbisHeaders } from './vorbisHeaders';

/** Room for a packet in the library's memory. No packet of real audio comes near it. */
const INPUT_BYTES = 128 * 1_024;
const MAX_ERRORS = 64;

/** Vorbis, decoded by libvorbis, which is loaded on first use. */
export function vorbisStream(headers: VorbisHeaders): CodecStream {
	const { channels, sampleRate } = headers;
	return {
		codecName: 'Vorbis',
		sampleRate,
		channels,
		layout: VORBIS_CHANNEL_ORDERS[channels],
		createDecoder: () => createVorbisDecoder(headers),
	};
}

async function createVorbisDecoder({
	identification,
	setup,
	sampleRate,
	channels,
}: VorbisHeaders): Promise<PacketDecoder> {
	const { loadVorbis } = await import('../../vendor/vorbis');
	const memory = await loadVorbis();
	const { wasm } = memory;
	const input = memory.allocateTypedArray(INPUT_BYTES, Uint8Array);
	const [inputLength, planes, decodedChannels, rate, decodedFrames, errors, errorCount] = [
		...[1, 1, 1, 1, 1],
		MAX_ERRORS,
		1,
	].map((length) => memory.allocateTypedArray(length, Uint32Array));
	const handle = wasm.create_decoder(
		input.ptr,
		inputLength.ptr,
		planes.ptr,
		decodedChannels.ptr,
		rate.ptr,
		decodedFrames.ptr,
		errors.ptr,
		errorCount.ptr,
		MAX_ERRORS,
	);
	const load = (packet: Uint8Array): void => {
		if (packet.length > INPUT_BYTES) throw new VoiceNoteError('corrupt', 'A Vorbis packet is larger than any can be');
		input.buf.set(packet);
		inputLength.buf[0] = packet.length;
	};
	load(identification);
	wasm.send_setup(handle, true);
	load(setup);
	wasm.send_setup(handle, false);
	wasm.init_dsp(handle);
	return {
		sampleRate,
		channels,
		decode(packet): PcmBlock {
			load(packet);
			decodedFrames.buf[0] = 0;
			wasm.decode_packets(handle);
			errorCount.buf[0] = 0;
			const [frames] = decodedFrames.buf;
			if (frames === 0) return silentBlock(channels, 0);
			const addresses = new Uint32Array(wasm.HEAP, planes.buf[0], channels);
			return Array.from(addresses, (address) => new Float32Array(wasm.HEAP, address, frames));
		},
		free(): void {
			wasm.destroy_decoder(handle);
			memory.free();
		},
	};
}
