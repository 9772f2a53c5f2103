import { createDecoder } from 'libopus-wasm';
import { parseOpusToc } from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusPacket';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { joinBytes, latin1, toHex } from '../../support/bytes.cts';
import { audioData, cafChunk, cafOf, description, packetTable } from '../../support/core/cafFile.cts';
import { decodePackets, decodeVoiceNote, packetsOfCaf } from '../../support/core/decodeVoiceNote.cts';
import { simpleBlock, webmFile } from '../../support/core/ebmlFile.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio, type OpusAudio } from '../../support/core/opusAudio.cts';
import { speechLike } from '../../support/quality/index.cts';

const asHex = (packets: Iterable<Uint8Array>): string[] => [...packets].map(toHex);
const speech = speechLike(2, 24_000, 11);
let audio: OpusAudio;

beforeAll(async () => {
	audio = await opusAudio([speech]);
});

describe('every packet is the one of the source', () => {
	test.each<[string, (source: OpusAudio) => Uint8Array]>([
		['ogg/opus', ({ packets, endGranule }) => oggOpusFile(packets, { endGranule })],
		['webm/opus', ({ packets }) => webmFile([packets.map((packet) => simpleBlock([packet]))])],
		[
			'caf/opus',
			({ packets }) =>
				cafOf(
					description({ sampleRate: 48_000, framesPerPacket: 960 }),
					cafChunk('info', joinBytes([0, 0, 0, 1], 'encoder\0', 'test\0')),
					packetTable({
						validFrames: 96_000,
						primingFrames: 312,
						remainderFrames: packets.length * 960 - 96_312,
						table: packets.map(({ length }) => length),
					}),
					cafChunk('free', new Uint8Array(100)),
					audioData(packets),
				),
		],
	])('%s', async (sourceFormat, fileOf) => {
		const { bytes, info, hints } = await toVoiceNote(fileOf(audio));
		expect(info).toMatchObject({ method: 'remuxed', sourceFormat });
		expect(asHex(packetsOfCaf(bytes))).toEqual(asHex(audio.packets));
		expect(hints).toEqual([]);
		// WebM without DiscardPadding counts the last packet in full.
		const frames = sourceFormat === 'webm/opus' ? audio.packets.length * 480 - 156 : 48_000;
		expect(info.durationSeconds).toBe(frames / 24_000);
		expect(await decodeVoiceNote(bytes)).toHaveLength(frames);
	});

	test('a voice note that is ours passes untouched, however often', async () => {
		const first = await toVoiceNote(oggOpusFile(audio.packets, audio));
		const second = await toVoiceNote(first.bytes);
		expect(second.info).toEqual({ ...first.info, method: 'untouched', sourceFormat: 'caf/opus' });
		expect(Buffer.compare(second.bytes, first.bytes)).toBe(0);
	});

	test('a view into larger memory is read as it is', async () => {
		const file = oggOpusFile(audio.packets, audio);
		const within = joinBytes(new Uint8Array(1_001), file, new Uint8Array(77)).subarray(1_001, 1_001 + file.length);
		expect(asHex(packetsOfCaf((await toVoiceNote(within)).bytes))).toEqual(asHex(audio.packets));
	});

	test('the input is not written into', async () => {
		const file = oggOpusFile(audio.packets, audio);
		const before = toHex(file);
		await toVoiceNote(file);
		expect(toHex(file)).toBe(before);
	});
});

describe('packets of several frames', () => {
	/** Joins packets of one frame each to packets of `count`. */
	function joined(packets: Uint8Array[], count: number): Uint8Array[] {
		return Array.from({ length: Math.floor(packets.length / count) }, (_, i) => {
			const group = packets.slice(i * count, (i + 1) * count);
			const sizes = group.slice(0, -1).flatMap(({ length }) => sizeCode(length - 1));
			return joinBytes([group[0][0] | 3, 0x80 | count], sizes, ...group.map((packet) => packet.subarray(1)));
		});
	}
	const sizeCode = (size: number): number[] =>
		size < 252 ? [size] : [252 + (size & 3), (size - 252 - (size & 3)) / 4];

	test.each([2, 3, 6])('%i × 20 ms are split into what they were joined from', async (count) => {
		const whole = audio.packets.filter((packet) => packet[0] === audio.packets[0][0]);
		const whatIsThere = whole.slice(0, whole.length - (whole.length % count));
		const { info, bytes } = await toVoiceNote(oggOpusFile(joined(whole, count), { packetSamples: 960 * count }));
		expect(info.method).toBe('remuxed');
		expect(asHex(packetsOfCaf(bytes))).toEqual(asHex(whatIsThere));
	});

	test.each([40, 60])(
		'an encoder of %i ms packets: the split packets sound the same to the sample',
		async (frameMs) => {
			const source = await opusAudio([speech], { frameMs, bitrate: 64_000 });
			expect(source.packets.every(([toc]) => parseOpusToc(toc).frameSamples === 960)).toBe(true);
			const { info, bytes } = await toVoiceNote(oggOpusFile(source.packets, source));
			expect(info).toMatchObject({ method: 'remuxed', durationSeconds: 2 });
			const [before] = await decodePackets(source.packets);
			const after = await decodeVoiceNote(bytes);
			expect(
				Buffer.compare(
					Buffer.from(after.buffer, after.byteOffset, after.byteLength),
					bytesOf(before.subarray(156, 156 + after.length)),
				),
			).toBe(0);
		},
	);

	const bytesOf = (samples: Float32Array): Buffer => Buffer.from(Float32Array.from(samples).buffer);
});

describe('what cannot be moved is encoded', () => {
	test.each<[string, () => Promise<Uint8Array>]>([
		[
			'one frame of 60 ms',
			async () => {
				const source = await opusAudio([speechLike(1, 16_000, 1)], { sampleRate: 16_000, frameMs: 60 });
				return oggOpusFile(source.packets, source);
			},
		],
		[
			'one frame of 40 ms',
			async () => {
				const source = await opusAudio([speechLike(1, 16_000, 1)], { sampleRate: 16_000, frameMs: 40 });
				return oggOpusFile(source.packets, source);
			},
		],
		[
			'10 ms',
			async () => {
				const source = await opusAudio([speech], { frameMs: 10 });
				return oggOpusFile(source.packets, source);
			},
		],
		[
			'stereo',
			async () => {
				const source = await opusAudio([speech, speechLike(2, 24_000, 12)], { bitrate: 64_000 });
				return oggOpusFile(source.packets, { ...source, channels: 2 });
			},
		],
		['a gain', async () => oggOpusFile(audio.packets, { ...audio, gain: -256 })],
		[
			'a mono header over stereo packets',
			async () => {
				const source = await opusAudio([speech, speechLike(2, 24_000, 12)], { bitrate: 64_000 });
				return oggOpusFile(source.packets, source);
			},
		],
		[
			'one frame of another length among many',
			async () => {
				const other = await opusAudio([speech], { frameMs: 10 });
				return oggOpusFile([...audio.packets, other.packets[0]], {});
			},
		],
		[
			'a malformed packet',
			async () => oggOpusFile([...audio.packets.slice(0, 50), Uint8Array.of(0x6b, 0), ...audio.packets.slice(50)]),
		],
		[
			'a packet that is mostly padding',
			async () => {
				const padded = joinBytes(
					[audio.packets[9][0] | 3, 0x41],
					new Uint8Array(300).fill(255),
					[0],
					audio.packets[9].subarray(1),
					new Uint8Array(300 * 254),
				);
				return oggOpusFile([...audio.packets.slice(0, 9), padded, ...audio.packets.slice(10)]);
			},
		],
	])('%s', async (_, fileOf) => {
		const { info, bytes } = await toVoiceNote(await fileOf());
		expect(info.method).toBe('encoded');
		expect(await decodeVoiceNote(bytes)).toHaveLength(Math.round(info.durationSeconds * 24_000));
	});
});

describe('times', () => {
	test.each([
		[311, 156],
		[312, 156],
		[313, 157],
		[960, 480],
		[3_840, 1_920],
		[3_839, 1_920],
	])('a pre-skip of %i becomes %i priming frames', async (preSkip, primingFrames) => {
		const { bytes } = await toVoiceNote(oggOpusFile(audio.packets, { preSkip }));
		expect(new DataView(bytes.buffer, bytes.byteOffset).getInt32(116 + 12 + 16)).toBe(primingFrames);
	});

	test.each([1, 959, 960, 961, 5_000, 50_000])('%i samples off the end of the last page', async (samples) => {
		const total = audio.packets.length * 960;
		const { info, bytes } = await toVoiceNote(
			oggOpusFile(audio.packets, { endGranule: total - samples, packetsPerPage: audio.packets.length }),
		);
		expect(info.durationSeconds * 24_000).toBeCloseTo(Math.round((total - samples - 312) / 2), 6);
		const kept = asHex(packetsOfCaf(bytes));
		expect(kept).toEqual(asHex(audio.packets).slice(0, kept.length));
		expect(kept).toHaveLength(Math.ceil((total - samples) / 960));
	});
});

describe("FFmpeg's CAF files", () => {
	// What the documented command writes: 120 frames to a packet at 48 kHz, though each holds 960.
	test.each([
		['120 frames to a packet', { sampleRate: 48_000, framesPerPacket: 120 }, 120],
		['961 frames to a packet', { sampleRate: 48_000, framesPerPacket: 961 }, 961],
		['960 frames to a packet at 24 kHz', { sampleRate: 24_000, framesPerPacket: 960 }, 960],
	])('with %s are heard in full', async (_, fields, frames) => {
		const { packets } = audio;
		const file = cafOf(
			description(fields),
			audioData(packets),
			packetTable({ validFrames: packets.length * frames, table: packets.map(({ length }) => length) }),
		);
		const { info, bytes } = await toVoiceNote(file);
		expect(info).toMatchObject({ method: 'remuxed', packets: packets.length, durationSeconds: packets.length / 50 });
		expect(asHex(packetsOfCaf(bytes))).toEqual(asHex(packets));
	});
});

describe('CAF files that cannot be read', () => {
	const sizes = (): number[] => audio.packets.map(({ length }) => length);

	test.each<[string, () => Uint8Array]>([
		['no packet table', () => cafOf(description(), audioData(audio.packets))],
		[
			'no sample rate',
			() =>
				cafOf(
					description({ sampleRate: 0 }),
					packetTable({ validFrames: 9, table: sizes() }),
					audioData(audio.packets),
				),
		],
		[
			'a sample rate that is not a number',
			() =>
				cafOf(
					description({ sampleRate: NaN }),
					packetTable({ validFrames: 9, table: sizes() }),
					audioData(audio.packets),
				),
		],
		[
			'five channels',
			() =>
				cafOf(description({ channels: 5 }), packetTable({ validFrames: 9, table: sizes() }), audioData(audio.packets)),
		],
		['no packets', () => cafOf(description(), packetTable({ validFrames: 9, table: [] }), audioData([]))],
		[
			'an unknown codec',
			() =>
				cafOf(
					description({ formatId: 'QDM2' }),
					packetTable({ validFrames: 9, table: sizes() }),
					audioData(audio.packets),
				),
		],
		[
			'millions of empty chunks',
			() => cafOf(...new Array<Uint8Array>(20_000).fill(cafChunk('free', new Uint8Array(0)))),
		],
		['nothing behind the magic', () => latin1('caff\0\x01\0\0')],
	])('because of %s', async (_, fileOf) => {
		await expect(toVoiceNote(fileOf())).rejects.toMatchObject({ name: 'VoiceNoteError' });
	});
});

test('a small file that claims more than four hours is refused', async () => {
	// Six frames of no bytes each, in a packet of two: silence, as a decoder takes it.
	const six = Uint8Array.of(0x68 | 3, 6);
	const file = oggOpusFile(new Array<Uint8Array>(125_000).fill(six), { packetSamples: 5_760, packetsPerPage: 255 });
	expect(file.length).toBeLessThan(400_000);
	await expect(toVoiceNote(file)).rejects.toMatchObject({ code: 'limit' });
});

test('libopus takes every packet of a voice note', async () => {
	const { bytes } = await toVoiceNote(oggOpusFile(audio.packets, audio));
	const decoder = await createDecoder({ sampleRate: 24_000, channels: 1 });
	for (const packet of packetsOfCaf(bytes)) expect(decoder.decodeFloat(packet)).toHaveLength(480);
	decoder.free();
});
