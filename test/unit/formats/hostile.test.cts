/** Small files that were built to take much memory or time: each must end soon, in a voice note or a typed error. */
import { openAudio } from '../../../nodes/Sendblue/voiceNote/pipeline/openAudio';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { audioData, cafChunk, cafOf, description } from '../../support/core/cafFile.cts';
import { cpuNow } from '../../support/clock.cts';
import { tone, wav16 } from '../../support/quality/index.cts';

/** Generous for a slow machine: the code as it should be takes a tenth, the mistakes guarded against take minutes. */
const LONGEST_MS = 5_000;
const MEGABYTE = 1_024 * 1_024;

const uint32 = (...values: number[]): Buffer => {
	const bytes = Buffer.alloc(4 * values.length);
	values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
	return bytes;
};
const box = (type: string, ...contents: Uint8Array[]): Buffer => {
	const body = Buffer.concat(contents);
	return Buffer.concat([uint32(8 + body.length), Buffer.from(type, 'latin1'), body]);
};
const repeated = (piece: Uint8Array, bytes: number): Buffer =>
	Buffer.alloc(piece.length * Math.floor(bytes / piece.length), piece);

const FTYP = box('ftyp', Buffer.from('3gp4\0\0\0\0', 'latin1'));
const AMR_ENTRY = box(
	'samr',
	Buffer.from('000000000000000100000000000000000001001000000000', 'hex'),
	uint32(8_000 * 65_536),
);
const STSD = box('stsd', uint32(0, 1), AMR_ENTRY);
const HANDLER = box('hdlr', Buffer.alloc(8), Buffer.from('soun'), Buffer.alloc(12));
const track = (...tables: Buffer[]): Buffer =>
	box('trak', box('mdia', HANDLER, box('minf', box('stbl', STSD, ...tables))));

/** Lasts 20 ms, so that hardly anything of it is to be decoded. */
const ONE_FRAME = box('stts', uint32(0, 1, 1, 160));

function amrInOneSample(bytes: number): Buffer {
	const build = (offset: number): Buffer =>
		Buffer.concat([
			FTYP,
			box(
				'moov',
				track(
					box('stsz', uint32(0, bytes, 1)),
					box('stsc', uint32(0, 1, 1, 1, 1)),
					box('stco', uint32(0, 1, offset)),
					ONE_FRAME,
				),
			),
			uint32(8 + bytes),
			Buffer.from('mdat'),
		]);
	// Frames of one byte: "no data".
	return Buffer.concat([build(build(0).length), Buffer.alloc(bytes, 0x7c)]);
}

function element(id: string, ...contents: Uint8Array[]): Buffer {
	const body = Buffer.concat(contents);
	return Buffer.concat([Buffer.from(id, 'hex'), uint32(0x0100_0000, body.length), body]);
}
const EBML = element('1a45dfa3', element('4282', Buffer.from('webm')));
const VOID = Buffer.from('ec80', 'hex');

function crc8(bytes: readonly number[]): number {
	let crc = 0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80) !== 0 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
	}
	return crc;
}

/** Frames of 65,535 samples in eight constant channels each, all with a wrong checksum. */
function flacOfWrongChecksums(bytes: number): Buffer {
	const header = [0xff, 0xf8, 0x79, 0x78, 0, 0xff, 0xfe];
	const frame = Buffer.from([...header, crc8(header), ...new Array<number[]>(8).fill([0, 0x12, 0x34]).flat(), 0, 0]);
	const info = Buffer.alloc(34);
	info.set(Buffer.from('0010ffff', 'hex'));
	info.writeBigUInt64BE((44_100n << 44n) | (7n << 41n) | (15n << 36n), 10);
	return Buffer.concat([Buffer.from('fLaC'), Buffer.from('80000022', 'hex'), info, repeated(frame, bytes)]);
}

/** WAV files that are nothing but a header, and one of a second behind them. */
function wavHeaders(count: number): Buffer {
	return Buffer.concat([
		...new Array<Uint8Array>(count).fill(wav16([new Float32Array(0)], 16_000)),
		wav16([tone(300, 1, 16_000)], 16_000),
	]);
}

/** A CAF file of packets of one byte, of which no decoder makes anything. */
function cafOfBadPackets(formatId: string, ...cookie: Uint8Array[]): Buffer {
	const shape = description({ formatId, bytesPerPacket: 1 });
	return Buffer.from(cafOf(shape, ...cookie, audioData([new Uint8Array(MEGABYTE).fill(0xff)])));
}
/** AAC-LC, 24 kHz, mono. */
const AAC_COOKIE = cafChunk('kuki', Uint8Array.of(0x13, 0x08));

const HOSTILE: ReadonlyArray<readonly [string, () => Buffer]> = [
	['boxes of an MP4', () => Buffer.concat([FTYP, repeated(box('free'), 16 * MEGABYTE)])],
	['boxes of an index', () => Buffer.concat([FTYP, box('moov', repeated(box('free'), 16 * MEGABYTE))])],
	['tracks of an MP4', () => Buffer.concat([FTYP, box('moov', repeated(box('trak'), 16 * MEGABYTE))])],
	[
		'tracks and tags of an MP4',
		() => {
			const tags = box('udta', box('meta', uint32(0), box('ilst', repeated(box('abcd'), MEGABYTE))));
			return Buffer.concat([FTYP, box('moov', ...new Array<Buffer>(999).fill(track()), tags)]);
		},
	],
	['AMR frames in one sample', () => amrInOneSample(4 * MEGABYTE)],
	['AMR frames', () => Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(4 * MEGABYTE, 0x7c)])],
	['elements of a segment', () => Buffer.concat([EBML, element('18538067', repeated(VOID, 16 * MEGABYTE))])],
	[
		'elements of a track',
		() => Buffer.concat([EBML, element('18538067', element('1654ae6b', element('ae', repeated(VOID, 16 * MEGABYTE))))]),
	],
	['ID3 tags', () => repeated(Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), 32 * MEGABYTE)],
	['damaged FLAC frames', () => flacOfWrongChecksums(MEGABYTE)],
	['Opus packets that cannot be decoded', () => cafOfBadPackets('opus')],
	['AAC packets that cannot be decoded', () => cafOfBadPackets('aac ', AAC_COOKIE)],
	['headers of WAV files', () => wavHeaders(9_000)],
	[
		'letters of an Ogg page',
		() => Buffer.concat([Buffer.from('OggS'), Buffer.alloc(30), Buffer.alloc(32 * MEGABYTE, 'O')]),
	],
];

it.each(HOSTILE)('ends soon with millions of %s', async (_, build) => {
	const bytes = new Uint8Array(build());
	const start = cpuNow();
	const outcome: unknown = await toVoiceNote(bytes).catch((error: unknown) => error);
	expect(cpuNow() - start).toBeLessThan(LONGEST_MS);
	const isTyped = outcome instanceof VoiceNoteError && outcome.code !== 'invalidOutput';
	expect(isTyped || (outcome as { bytes?: Uint8Array }).bytes instanceof Uint8Array).toBe(true);
});

it('counts AMR frames soon that could be text but for the last', async () => {
	const file = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(MEGABYTE / 4, 0x7c), Buffer.alloc(32, 0xfc)]);
	const start = cpuNow();
	await openAudio(new Uint8Array(file), {});
	expect(cpuNow() - start).toBeLessThan(LONGEST_MS);
});

it('pauses between FLAC frames that cannot be decoded', async () => {
	const pause = jest.fn(() => Promise.resolve());
	await toVoiceNote(new Uint8Array(flacOfWrongChecksums(MEGABYTE)), { pause }).catch(() => undefined);
	expect(pause.mock.calls.length).toBeGreaterThan(2);
});

it('does not take text for an MP4 file because of a word', async () => {
	const text = new TextEncoder().encode('The free trial of this is over. Please choose a plan to go on.');
	await expect(openAudio(text, {})).rejects.toMatchObject({
		code: 'notAudio',
		message: expect.stringContaining('plain text'),
	});
});
