import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMpegAudio, mpegAudioRuns } from '../../../nodes/Sendblue/voiceNote/containers/mp3/mpegAudioFrames';
import { mpegAudioSource, parseMpegAudioHeader } from '../../../nodes/Sendblue/voiceNote/codecs/mp3/mpegAudio';
import { parseLameInfo } from '../../../nodes/Sendblue/voiceNote/containers/mp3/demuxMp3';
import { Resampler } from '../../../nodes/Sendblue/voiceNote/dsp/resample';
import { fromVoiceNote } from '../../../nodes/Sendblue/voiceNote/fromVoiceNote';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { bigEndian, joinBytes, latin1, littleEndian, withBytes } from '../../support/bytes.cts';
import { decodeVoiceNote } from '../../support/core/decodeVoiceNote.cts';
import { faultsOf } from '../../support/core/fidelity.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { mpegFramesOf } from '../../support/formats/mpegFrames.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';
import { concat, findLag, speechLike } from '../../support/quality/index.cts';

const fixture = (name: string): Uint8Array =>
	Uint8Array.from(readFileSync(join(__dirname, '../../fixtures/mp3', name)));
const speech5s = fixture('speech5s.mp3');
const mpeg2 = fixture('mpeg2.mp3');

function at24kHz(samples: Float32Array, sampleRate: number): Float32Array {
	const resampler = new Resampler(sampleRate, 24_000);
	return concat(resampler.push(samples).slice(), resampler.flush());
}

/** Two lossy codecs, one after the other. */
const LIMITS = { lsdDb: 6, stoi: 0.93, siSdrDb: 5, levelDb: 0.3 };

async function convert(file: Uint8Array) {
	const { info, hints, bytes } = await toVoiceNote(file);
	return { ...info, hints, frames: Math.round(info.durationSeconds * 24_000), heard: await decodeVoiceNote(bytes) };
}

/** An ID3v2.4 tag with a picture of the given size. */
function id3(pictureBytes: number, footer = false): Uint8Array {
	const frame = joinBytes('APIC', synchsafe(pictureBytes), [0, 0], new Uint8Array(pictureBytes).fill(0xff));
	const head = [4, 0, footer ? 0x10 : 0];
	return joinBytes(
		'ID3',
		head,
		synchsafe(frame.length),
		frame,
		footer ? joinBytes('3DI', head, synchsafe(frame.length)) : [],
	);
}
const synchsafe = (value: number): number[] => [21, 14, 7, 0].map((shift) => (value >> shift) & 0x7f);
const id3v1 = joinBytes('TAG', new Uint8Array(125));
const apeTag = joinBytes('APETAGEX', littleEndian(2_000, 4), littleEndian(32, 4), new Uint8Array(2_016).fill(0x41));

describe('the audio of LAME files, to the sample', () => {
	test('5.000 s, 24 kHz', async () => {
		const result = await convert(speech5s);
		expect(result).toMatchObject({
			method: 'encoded',
			sourceFormat: 'mp3',
			durationSeconds: 5,
			frames: 120_000,
			hints: [],
		});
		expect(faultsOf(speechLike(5, 24_000, 5), result.heard, LIMITS)).toEqual([]);
	});

	test('stereo, VBR, 44.1 kHz', async () => {
		const [left, right] = [speechLike(1, 44_100, 6), speechLike(1, 44_100, 7)];
		const result = await convert(fixture('stereoVbr.mp3'));
		expect(result.frames).toBe(24_000);
		expect(
			faultsOf(
				at24kHz(
					left.map((sample, i) => (sample + right[i]) / 2),
					44_100,
				),
				result.heard,
				LIMITS,
			),
		).toEqual([]);
	});

	test('MPEG-2, 16 kHz', async () => {
		const result = await convert(mpeg2);
		expect(result.frames).toBe(24_000);
		expect(faultsOf(at24kHz(speechLike(1, 16_000, 8), 16_000), result.heard, LIMITS)).toEqual([]);
	});

	test('MPEG-2.5, 8 kHz', async () => {
		const result = await convert(fixture('mpeg25.mp3'));
		expect(result.frames).toBe(24_000);
		expect(faultsOf(at24kHz(speechLike(1, 8_000, 9), 8_000), result.heard, { ...LIMITS, lsdDb: 9 })).toEqual([]);
	});

	test('without information: every frame is heard, the encoder delay first', async () => {
		const file = fixture('withoutInfo.mp3');
		const samples = (await mpegFramesOf(file)).length * 1_152;
		expect((await convert(file)).frames).toBe(samples / 2);
		const { channels } = await decodeFile(file);
		expect(channels[0].length).toBe(samples);
		// LAME's 576 samples and the decoder's 529.
		const delay = 576 + 529;
		expect(findLag(speechLike(1, 48_000, 10), channels[0].subarray(delay, delay + 48_000), 48_000)).toBe(0);
	});
});

describe('what stands around the audio', () => {
	test.each<[string, Uint8Array]>([
		['an ID3v2 tag with a picture of 2 MB', joinBytes(id3(2_000_000), mpeg2)],
		['an ID3v2 tag with a footer', joinBytes(id3(300, true), mpeg2)],
		['two ID3v2 tags', joinBytes(id3(50), id3(70), mpeg2)],
		['an ID3v1 tag', joinBytes(mpeg2, id3v1)],
		['an APE tag', joinBytes(mpeg2, apeTag)],
		['all of them', joinBytes(id3(999), mpeg2, apeTag, id3v1)],
		['junk in front', joinBytes(latin1('junk \xff\xfb\x90 and \xff\xe3 more'), new Uint8Array(10_000), mpeg2)],
		['zeros behind', joinBytes(mpeg2, new Uint8Array(5_000))],
	])('%s', async (_, file) => {
		const result = await convert(file);
		expect(result.frames).toBe(24_000);
		expect(faultsOf(at24kHz(speechLike(1, 16_000, 8), 16_000), result.heard, LIMITS)).toEqual([]);
	});

	test('a file cut short gives what is there', async () => {
		const result = await convert(speech5s.subarray(0, 9_000));
		expect(result.frames).toBeGreaterThan(60_000);
		expect(result.frames).toBeLessThan(80_000);
		const reference = speechLike(5, 24_000, 5).subarray(0, 60_000);
		expect(faultsOf(reference, result.heard.subarray(0, 60_000), LIMITS)).toEqual([]);
	});

	test('frames damaged in the middle keep what stands around them', async () => {
		const result = await convert(withBytes(speech5s, 6_000, new Uint8Array(400)));
		expect(result.frames).toBeGreaterThan(110_000);
		expect(result.frames).toBeLessThanOrEqual(120_000);
	});

	test.each([
		['without information', fixture('withoutInfo.mp3')],
		['with information', speech5s],
	])('frames that have to be searched for have a remark (%s)', async (_, file) => {
		const { hints } = await convert(withBytes(file, Math.floor(file.length / 3), new Uint8Array(1_000)));
		expect(hints).toEqual([expect.stringContaining('damaged')]);
	});

	test('tags between files are no damage', async () => {
		const file = fixture('withoutInfo.mp3');
		expect((await convert(joinBytes(file, apeTag, id3v1, id3(300), file))).hints).toEqual([]);
	});

	test('parts of other sample rates are found in slices, and each by itself', async () => {
		const stream = fixture('withoutInfo.mp3');
		const other = Uint8Array.from(Buffer.concat(Array.from({ length: 2_000 }, () => mpeg2.subarray(0, 4_000))));
		let rests = 0;
		const slices = Object.assign(new WorkSlices(), {
			rest: async (): Promise<void> => {
				rests++;
			},
		});
		jest.spyOn(slices, 'due', 'get').mockReturnValue(true);
		const runs = await mpegAudioRuns(joinBytes(stream, other), 0, slices);
		expect(runs.map(({ header }) => header.sampleRate)).toEqual([48_000, 16_000]);
		expect(rests).toBeGreaterThan(10_000);
	});

	test("Fraunhofer's information frame is not audio", async () => {
		const stream = fixture('withoutInfo.mp3');
		const { frameBytes } = parseMpegAudioHeader(stream, 0) ?? { frameBytes: 0 };
		const frame = new Uint8Array(frameBytes);
		frame.set(stream.subarray(0, 4));
		// 32 bytes behind the header whatever the channels: version, delay, quality, bytes and frames.
		frame.set(joinBytes('VBRI', [0, 1, 9, 0, 0, 75], bigEndian(stream.length, 4), bigEndian(60, 4)), 36);
		const [plain, tagged] = [await convert(stream), await convert(joinBytes(frame, stream))];
		expect(tagged.frames).toBe(plain.frames);
		expect(tagged.heard).toEqual(plain.heard);
	});

	test('files put one behind the other are all heard', async () => {
		const result = await convert(joinBytes(speech5s, speech5s));
		// The second file's delay and padding are not known to be such.
		expect(result.frames).toBeGreaterThanOrEqual(240_000);
		expect(result.frames).toBeLessThan(247_000);
	});
});

describe('what is not MPEG audio', () => {
	test('a lone header that points behind the end of the file proves nothing', () => {
		const file = joinBytes(new Uint8Array(2_000), [0xff, 0xfb, 0x90, 0x00], new Uint8Array(100));
		expect(findMpegAudio(file, 0, file.length)).toBeUndefined();
	});

	test('text in UTF-16 is not taken for a layer I frame', async () => {
		const text = joinBytes([0xff, 0xfe], Uint8Array.from(Buffer.from('hello there, this is a note', 'utf16le')));
		expect(await voiceNoteErrorOf(() => toVoiceNote(text))).toMatchObject({ code: 'notAudio' });
	});

	test('noise of any kind is almost never taken for it', () => {
		let state = 1;
		const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16;
		let found = 0;
		for (let file = 0; file < 200; file++) {
			const noise = Uint8Array.from({ length: 3_000 }, () => random() & 0xff);
			if (findMpegAudio(noise, 0, noise.length) !== undefined) found++;
		}
		expect(found).toBeLessThanOrEqual(1);
	});

	test('two whole frames are enough of a file', async () => {
		const [, first, second] = await mpegFramesOf(mpeg2);
		expect(findMpegAudio(joinBytes(first.bytes, second.bytes), 0, 100)).toBe(0);
	});
});

describe('headers', () => {
	test.each([
		[
			[0xff, 0xfb, 0x90, 0x64],
			{ version: 1, layer: 3, sampleRate: 44_100, channels: 2, frameBytes: 417, frameSamples: 1_152 },
		],
		[
			[0xff, 0xfb, 0x92, 0x64],
			{ version: 1, layer: 3, sampleRate: 44_100, channels: 2, frameBytes: 418, frameSamples: 1_152 },
		],
		[
			[0xff, 0xfd, 0x94, 0xc0],
			{ version: 1, layer: 2, sampleRate: 48_000, channels: 1, frameBytes: 480, frameSamples: 1_152 },
		],
		[
			[0xff, 0xff, 0x48, 0xc0],
			{ version: 1, layer: 1, sampleRate: 32_000, channels: 1, frameBytes: 192, frameSamples: 384 },
		],
		[
			[0xff, 0xf3, 0x44, 0xc0],
			{ version: 2, layer: 3, sampleRate: 24_000, channels: 1, frameBytes: 96, frameSamples: 576 },
		],
		[
			[0xff, 0xe3, 0x28, 0xc0],
			{ version: 2.5, layer: 3, sampleRate: 8_000, channels: 1, frameBytes: 144, frameSamples: 576 },
		],
	])('%j', (bytes, header) => {
		expect(parseMpegAudioHeader(Uint8Array.from(bytes), 0)).toEqual(header);
	});

	test.each([
		['no sync', [0xff, 0xdb, 0x90, 0x64]],
		['a reserved version', [0xff, 0xeb, 0x90, 0x64]],
		['a reserved layer', [0xff, 0xf9, 0x90, 0x64]],
		['free format', [0xff, 0xfb, 0x00, 0x64]],
		['a reserved bitrate', [0xff, 0xfb, 0xf0, 0x64]],
		['a reserved sample rate', [0xff, 0xfb, 0x9c, 0x64]],
		['no room', [0xff, 0xfb, 0x90]],
	])('with %s are none', (_, bytes) => {
		expect(parseMpegAudioHeader(Uint8Array.from(bytes), 0)).toBeUndefined();
	});

	test("LAME's information is read", async () => {
		const [first, second] = await mpegFramesOf(speech5s);
		const info = parseLameInfo(first);
		expect(info?.gapless?.delay).toBe(576);
		expect((info?.frames ?? 0) * 576 - (info?.gapless?.delay ?? 0) - (info?.gapless?.padding ?? 0)).toBe(120_000);
		expect(parseLameInfo(second)).toBeUndefined();
	});
});

test('packets that give no sound still let the one who pulls pause, and stop', async () => {
	const header = parseMpegAudioHeader(speech5s, findMpegAudio(speech5s, 0, 10_000) ?? 0);
	if (!header) throw new Error('The fixture has no header');
	const junk = new Uint8Array(100_000).fill(0xff);
	let blocks = 0;
	for await (const [samples] of mpegAudioSource(() => [junk, junk], header).blocks()) {
		expect(samples).toHaveLength(0);
		blocks++;
	}
	expect(blocks).toBeGreaterThan((2 * junk.length) / 20_000);
});

test('files one after the other, at once, given up or damaged, are decoded as each alone', async () => {
	const damaged = speech5s.slice();
	damaged.fill(0x55, 20_000, 23_000);
	const files = [speech5s, mpeg2, damaged];
	const pause = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
	const bytesOf = async (file: Uint8Array) => (await fromVoiceNote(file, { format: 'wav', pause })).bytes;
	const alone: Uint8Array[] = [];
	for (const file of files) alone.push(await bytesOf(file));
	for (let round = 0; round < 5; round++) {
		await toVoiceNote(speech5s, { maximumDuration: { seconds: 1, onExceed: 'cut' } });
		const together = await Promise.all(files.map(bytesOf));
		together.forEach((bytes, index) => expect(Buffer.compare(bytes, alone[index])).toBe(0));
	}
});
