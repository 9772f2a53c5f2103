import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { Resampler } from '../../../nodes/Sendblue/voiceNote/dsp/resample';
import { decodePackets, decodeVoiceNote } from '../../support/core/decodeVoiceNote.cts';
import { faultsOf } from '../../support/core/fidelity.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio, type OpusAudioOptions } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import {
	compareAudio,
	concat,
	noise,
	scale,
	silence,
	speechLike,
	tone,
	wav16,
	wavFloat,
} from '../../support/quality/index.cts';

const speech = speechLike(2, 24_000, 3);

/** Mono audio at 24 kHz, with the converter that has its own tests. */
function at24kHz(samples: Float32Array, sampleRate: number): Float32Array {
	const resampler = new Resampler(sampleRate, 24_000);
	return concat(resampler.push(samples).slice(), resampler.flush());
}

async function heard(file: Uint8Array, options = {}): Promise<Float32Array> {
	const note = await toVoiceNote(file, options);
	expect(note.info).toMatchObject({ method: 'encoded', sampleRate: 24_000, channels: 1, framesPerPacket: 480 });
	return decodeVoiceNote(note.bytes);
}

describe('what is heard is what was recorded', () => {
	test('WAV at 24 kHz', async () => {
		expect(faultsOf(speech, await heard(wav16([speech], 24_000)))).toEqual([]);
	});

	test.each([8_000, 11_025, 16_000, 44_100, 48_000, 96_000])('WAV at %i Hz', async (sampleRate) => {
		const source = speechLike(1.5, sampleRate, 4);
		expect(faultsOf(at24kHz(source, sampleRate), await heard(wav16([source], sampleRate)))).toEqual([]);
	});

	test('stereo WAV is the mean of its sides', async () => {
		const [left, right] = [speechLike(1.5, 24_000, 5), speechLike(1.5, 24_000, 6)];
		const mean = left.map((sample, i) => (sample + right[i]) / 2);
		expect(faultsOf(mean, await heard(wav16([left, right], 24_000)))).toEqual([]);
	});

	test.each<[string, 1 | 2, OpusAudioOptions]>([
		['mono, one frame of 60 ms to a packet', 1, { sampleRate: 16_000, frameMs: 60 }],
		['mono, one frame of 40 ms to a packet', 1, { sampleRate: 16_000, frameMs: 40 }],
		['mono, 10 ms packets', 1, { frameMs: 10, bitrate: 64_000 }],
		['stereo, 20 ms packets', 2, { bitrate: 64_000 }],
		['stereo, one frame of 60 ms to a packet', 2, { sampleRate: 16_000, frameMs: 60 }],
	])('Ogg Opus: %s', async (_, channels, options) => {
		const source = speechLike(2, options.sampleRate ?? 24_000, 3);
		const audio = await opusAudio(
			Array.from({ length: channels }, () => source),
			options,
		);
		const [decoded] = await decodePackets(audio.packets, channels);
		const reference = decoded.subarray(audio.preSkip / 2, audio.endGranule / 2);
		expect(faultsOf(reference, await heard(oggOpusFile(audio.packets, { ...audio, channels })))).toEqual([]);
	});

	test('Ogg Opus for music, at 48 kHz', async () => {
		const source = speechLike(2, 48_000, 7);
		const audio = await opusAudio([source], { sampleRate: 48_000, frameMs: 10, bitrate: 96_000, application: 'audio' });
		expect(faultsOf(at24kHz(source, 48_000), await heard(oggOpusFile(audio.packets, audio)))).toEqual([]);
	});

	test('the gain of an Opus header is applied', async () => {
		const audio = await opusAudio([scale(speech, 0.25)], { bitrate: 64_000, application: 'audio' });
		const gain = Math.round(20 * Math.log10(4) * 256);
		expect(faultsOf(speech, await heard(oggOpusFile(audio.packets, { ...audio, gain })))).toEqual([]);
	});

	test('chained Ogg Opus, one part after the other', async () => {
		const parts = [speechLike(1, 24_000, 8), speechLike(1.2345, 24_000, 9)];
		const files = await Promise.all(
			parts.map(async (part, i) => {
				const audio = await opusAudio([part], { bitrate: 64_000, application: 'audio' });
				return oggOpusFile(audio.packets, { ...audio, serial: i });
			}),
		);
		expect(faultsOf(concat(...parts), await heard(Uint8Array.from(Buffer.concat(files))))).toEqual([]);
	});

	test('audio that could be moved is encoded if asked for', async () => {
		const audio = await opusAudio([speech], { bitrate: 64_000, application: 'audio' });
		const file = oggOpusFile(audio.packets, audio);
		expect(faultsOf(speech, await heard(file, { alwaysReencode: true }))).toEqual([]);
	});
});

describe('the comparison notices', () => {
	let decoded: Float32Array;

	beforeAll(async () => {
		decoded = await heard(wav16([speech], 24_000));
		expect(faultsOf(speech, decoded)).toEqual([]);
	});

	test.each<[string, RegExp, (decoded: Float32Array) => Float32Array]>([
		['silence', /silent/, (decoded) => new Float32Array(decoded.length)],
		['a shift of 20 ms', /480 samples late/, (decoded) => concat(new Float32Array(480), decoded.subarray(0, -480))],
		['a shift of 2 samples', /2 samples late/, (decoded) => concat(new Float32Array(2), decoded.subarray(0, -2))],
		['half the speed', /STOI/, (decoded) => decoded.map((_, i) => decoded[i >> 1])],
		['twice the speed', /STOI/, (decoded) => decoded.map((_, i) => decoded[(2 * i) % decoded.length])],
		['clipping', /clipped/, (decoded) => decoded.map((sample) => Math.max(-1, Math.min(1, 4 * sample)))],
		['reversed polarity', /polarity/, (decoded) => decoded.map((sample) => -sample)],
		['1 dB less', /level/, (decoded) => scale(decoded, 10 ** (-1 / 20))],
		['3 dB more', /level/, (decoded) => scale(decoded, Math.SQRT2)],
		['noise', /SI-SDR/, (decoded) => decoded.map((sample, i) => sample + 0.3 * Math.sin(i * i))],
		['a missing sample', /instead of/, (decoded) => decoded.subarray(0, -1)],
		['audio of another', /STOI/, () => speechLike(2, 24_000, 99)],
		[
			'a gap of half a second',
			/SI-SDR|STOI|spectrum/,
			(decoded) => decoded.map((s, i) => (i > 20_000 && i < 32_000 ? 0 : s)),
		],
	])('%s', (_, fault, spoil) => {
		expect(faultsOf(speech, spoil(decoded)).join('; ')).toMatch(fault);
	});
});

describe('the length', () => {
	// Around the ends of packets, with priming and without; less than 0.1 s is refused.
	test.each([0, 1, 2, 479, 480, 481, 323, 324, 325, 804, 4_800, 21_601])('2,400 and %i samples stay', async (more) => {
		const length = 2_400 + more;
		const note = await toVoiceNote(wav16([speech.subarray(3_000, 3_000 + length)], 24_000));
		expect(note.info.durationSeconds).toBe(length / 24_000);
		expect(note.info.packets).toBe(Math.ceil((length + 156) / 480));
		expect(await decodeVoiceNote(note.bytes)).toHaveLength(length);
	});

	test('no samples are refused', async () => {
		expect(await voiceNoteErrorOf(() => toVoiceNote(wav16([new Float32Array(0)], 24_000)))).toMatchObject({
			code: 'notAudio',
		});
	});
});

describe('unusual sound', () => {
	test('silence stays silence', async () => {
		const decoded = await heard(wav16([silence(1, 24_000)], 24_000));
		expect(Math.max(...decoded)).toBeLessThan(1e-3);
	});

	test('full scale comes out near full scale', async () => {
		const loud = tone(440, 1, 24_000, 1);
		expect(Math.abs(compareAudio(loud, await heard(wav16([loud], 24_000)), 24_000).gainDb)).toBeLessThan(0.5);
	});

	test('noise is encoded', async () => {
		expect(await heard(wav16([noise(1, 48_000)], 48_000))).toHaveLength(24_000);
	});

	test.each([NaN, Infinity, -Infinity, 1e30])('floats of %d in between do no lasting harm', async (value) => {
		const source = Float32Array.from(speech);
		source[5_000] = value;
		const decoded = await heard(wavFloat([source], 24_000));
		expect(decoded.every(Number.isFinite)).toBe(true);
		expect(faultsOf(speech.subarray(12_000), decoded.subarray(12_000))).toEqual([]);
	});
});

describe('the bitrate', () => {
	test.each([6, 16, 24, 32, 64, 128])('of %i kb/s is kept to', async (bitrate) => {
		const { info } = await toVoiceNote(wav16([noise(1, 24_000, 0.3)], 24_000), { bitrate });
		expect(info.bitrate).toBeGreaterThan(700 * bitrate);
		expect(info.bitrate).toBeLessThan(1_300 * bitrate);
	});

	test.each([0, 5, 129, -1, NaN, Infinity])('of %d is refused', async (bitrate) => {
		expect(await voiceNoteErrorOf(() => toVoiceNote(wav16([speech], 24_000), { bitrate }))).toMatchObject({
			code: 'badOption',
		});
	});

	test('more of it sounds better', async () => {
		const at = async (bitrate: number) =>
			compareAudio(speech, await heard(wav16([speech], 24_000), { bitrate }), 24_000);
		const [low, high] = [await at(12), await at(48)];
		expect(high.stoi).toBeGreaterThan(low.stoi);
		expect(high.lsdDb).toBeLessThan(low.lsdDb);
	});
});

test('the reference decoder hears what the encoder says', async () => {
	const audio = await opusAudio([speech], { bitrate: 64_000 });
	const [decoded] = await decodePackets(audio.packets);
	const start = audio.preSkip / 2;
	expect(faultsOf(speech, decoded.subarray(start, start + speech.length))).toEqual([]);
});
