/** Clean tracks of every codec, made on first use: by encoders from npm, by small ones of our own, or read from fixtures. */
import { readFileSync } from 'node:fs';
import { createEncoder } from 'libopus-wasm';
import { createMp3Encoder, createOggEncoder } from 'wasm-media-encoders';
import { BitWriter } from '../bytes.mjs';
import { readPackets } from '../containers/oggPages.mjs';
import { splitAdts } from '../containers/adts.mjs';
import { splitMpegAudio } from '../containers/mpegAudio.mjs';
import { voiceIntegers, voiceSamples } from '../signal.mjs';
import { encodeAlac } from './alac.mjs';
import { encodeFlac } from './flac.mjs';
import { vorbisPacketSamples } from './vorbis.mjs';

const FIXTURES = new URL('../../fixtures/wild/', import.meta.url);

const made = new Map();
async function once(key, make) {
	if (!made.has(key)) made.set(key, await make());
	return made.get(key);
}

/** The voice in the channels it is to be heard in; `side` 1 is the right one of two alone. */
function planes(voice, rate, channels, side) {
	const samples = voiceSamples(voice, rate);
	if (channels === 1) return [samples];
	return side === 1 ? [new Float32Array(samples.length), samples] : [samples, samples];
}

export const opusTrack = (
	voice,
	{ channels = 1, milliseconds = 20, bitrate = milliseconds > 20 ? 64_000 : 32_000 } = {},
) =>
	once(`opus ${voice} ${channels} ${milliseconds} ${bitrate}`, async () => {
		const frame = 48 * milliseconds;
		const encoder = await createEncoder({
			sampleRate: 48_000,
			channels,
			bitrate,
			application: 2_048,
			frameSize: frame,
		});
		const source = planes(voice, 48_000, channels);
		const delay = encoder.getLookahead();
		const packets = [];
		for (let at = 0; at < source[0].length + delay; at += frame) {
			const pcm = new Float32Array(frame * channels);
			for (let index = 0; index < frame; index++)
				for (let channel = 0; channel < channels; channel++)
					pcm[index * channels + channel] = source[channel][at + index] ?? 0;
			packets.push(Buffer.from(encoder.encodeFloat(pcm, { frameSize: frame })));
		}
		encoder.free();
		const head = Buffer.alloc(19);
		head.write('OpusHead');
		head[8] = 1;
		head[9] = channels;
		head.writeUInt16LE(delay, 10);
		head.writeUInt32LE(48_000, 12);
		return track(
			'opus',
			voice,
			48_000,
			channels,
			packets,
			packets.map(() => frame),
			delay,
			{ head },
		);
	});

export const vorbisTrack = (voice, { rate = 44_100, channels = 1 } = {}) =>
	once(`vorbis ${voice} ${rate} ${channels}`, async () => {
		const encoder = await createOggEncoder();
		encoder.configure({ sampleRate: rate, channels, vbrQuality: 3 });
		const file = [Buffer.from(encoder.encode(planes(voice, rate, channels)))];
		file.push(Buffer.from(encoder.finalize()));
		const [id, comment, setup, ...packets] = readPackets(Buffer.concat(file));
		return track('vorbis', voice, rate, channels, packets, vorbisPacketSamples(id, setup, packets), 0, {
			headers: [id, comment, setup],
		});
	});

/** Samples LAME puts in front: its own delay, and that of a decoder. */
const LAME_DELAY = 576 + 529;

export const mp3Track = (voice, { rate = 44_100, channels = 1, bitrate = 64, side = 0 } = {}) =>
	once(`mp3 ${voice} ${rate} ${channels} ${bitrate} ${side}`, async () => {
		const encoder = await createMp3Encoder();
		encoder.configure({ sampleRate: rate, outputSampleRate: rate, channels, bitrate });
		const file = [Buffer.from(encoder.encode(planes(voice, rate, channels, side)))];
		file.push(Buffer.from(encoder.finalize()));
		const frames = splitMpegAudio(Buffer.concat(file));
		const packets = frames.filter((frame) => !isInfoFrame(frame.bytes)).map((frame) => frame.bytes);
		return track(
			'mp3',
			voice,
			rate,
			channels,
			packets,
			packets.map(() => frames[0].samples),
			LAME_DELAY,
			{},
		);
	});

const isInfoFrame = (frame) => frame.subarray(0, 64).includes('Info') || frame.subarray(0, 64).includes('Xing');

/** AAC-LC from a fixture; ffmpeg's encoder puts 1,024 samples in front. */
export const aacTrack = (voice, { rate = 24_000, channels = 1 } = {}) =>
	once(`aac ${voice} ${rate} ${channels}`, async () => {
		const frames = splitAdts(readFileSync(new URL(`${voice}-${rate}-${channels}.aac`, FIXTURES)));
		const packets = frames.map(({ bytes }) => bytes.subarray(7));
		return track(
			'aac',
			voice,
			rate,
			channels,
			packets,
			packets.map(() => 1_024),
			1_024,
			{},
		);
	});

const AMR_SIZES = { amr: [12, 13, 15, 17, 19, 20, 26, 31, 5], amrwb: [17, 23, 32, 36, 40, 46, 50, 58, 60, 5] };
export const AMR_MAGIC = { amr: '#!AMR\n', amrwb: '#!AMR-WB\n' };

export const amrTrack = (voice, { codec = 'amr' } = {}) =>
	once(`${codec} ${voice}`, async () => {
		const file = readFileSync(new URL(`${voice}.${codec}`, FIXTURES));
		const packets = [];
		for (let at = AMR_MAGIC[codec].length; at < file.length; ) {
			const length = 1 + AMR_SIZES[codec][(file[at] >> 3) & 15];
			packets.push(file.subarray(at, at + length));
			at += length;
		}
		const rate = codec === 'amr' ? 8_000 : 16_000;
		return track(
			codec,
			voice,
			rate,
			1,
			packets,
			packets.map(() => rate / 50),
			codec === 'amr' ? 40 : 80,
			{},
		);
	});

export const flacTrack = (voice, { rate = 24_000, channels = 1, variable = false } = {}) =>
	once(`flac ${voice} ${rate} ${channels} ${variable}`, async () => {
		const { packets, samples, streamInfo } = encodeFlac(integerPlanes(voice, rate, channels), rate, { variable });
		return track('flac', voice, rate, channels, packets, samples, 0, { streamInfo });
	});

export const alacTrack = (voice, { rate = 16_000 } = {}) =>
	once(`alac ${voice} ${rate}`, async () => {
		const { packets, samples, cookie } = encodeAlac(voiceIntegers(voice, rate), rate);
		return track('alac', voice, rate, 1, packets, samples, 0, { cookie });
	});

/** Silence in ALAC, in packets that are not compressed. */
export async function silentTrack(count) {
	const bits = new BitWriter().put(0, 3).put(0, 4).put(0, 12).put(0, 1).put(0, 2).put(1, 1);
	for (let index = 0; index < 4_096; index++) bits.put(0, 16);
	const packet = bits.put(7, 3).bytes();
	return {
		...(await alacTrack('b')),
		packets: new Array(count).fill(packet),
		samples: new Array(count).fill(4_096),
	};
}

const integerPlanes = (voice, rate, channels) => new Array(channels).fill(voiceIntegers(voice, rate));

/** Uncompressed sound; a packet is 10 ms of it. `format` is one of sources/pcm.mjs. */
export const pcmTrack = (voice, format, { rate = 24_000, channels = 1 } = {}) =>
	once(`pcm ${format.name} ${voice} ${rate} ${channels}`, async () => {
		const source = voiceIntegers(voice, rate);
		const step = format.block ?? Math.round(rate / 100);
		const packets = [];
		const samples = [];
		for (let at = 0; at < source.length; at += step) {
			const block = source.subarray(at, at + step);
			packets.push(format.encode(block, channels));
			samples.push(format.block ?? block.length);
		}
		return track('pcm', voice, rate, channels, packets, samples, 0, { format });
	});

function track(codec, voice, rate, channels, packets, samples, delay, config) {
	return { codec, voice, rate, channels, packets, samples, delay, config };
}
