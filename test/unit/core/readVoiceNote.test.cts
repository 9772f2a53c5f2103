import { readVoiceNote } from '../../../nodes/Sendblue/voiceNote/containers/caf/readVoiceNote';
import { bigEndian, hex, joinBytes } from '../../support/bytes.cts';
import {
	audioData,
	cafChunk,
	cafOf,
	description,
	packetTable,
	type DescriptionFields,
	type PacketTableFields,
} from '../../support/core/cafFile.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';

const TOC = 0x68;
const packets = [Uint8Array.of(TOC, 1, 2, 3), Uint8Array.of(TOC, 4), Uint8Array.of(TOC, 5, 6)];
const goodTable: PacketTableFields = { validFrames: 1_200, primingFrames: 156, remainderFrames: 84, table: [4, 2, 3] };

interface Damage {
	magic?: string;
	version?: number;
	description?: DescriptionFields;
	layout?: number;
	table?: Partial<PacketTableFields>;
	packets?: Uint8Array[];
	without?: 'desc' | 'pakt' | 'data';
	cut?: number;
	extra?: Uint8Array;
}

/** A good voice note with one thing damaged. */
function fileWith(damage: Damage = {}): Uint8Array {
	const chunks = [
		damage.without === 'desc' ? new Uint8Array(0) : description(damage.description),
		cafChunk('chan', joinBytes(bigEndian(damage.layout ?? 0x0064_0001, 4), new Uint8Array(8))),
		damage.extra ?? new Uint8Array(0),
		damage.without === 'pakt' ? new Uint8Array(0) : packetTable({ ...goodTable, ...damage.table }),
		damage.without === 'data' ? new Uint8Array(0) : audioData(damage.packets ?? packets),
	];
	const file = cafOf(...chunks);
	if (damage.magic) file.set(Buffer.from(damage.magic, 'latin1'), 0);
	if (damage.version) file[5] = damage.version;
	return file.subarray(0, file.length - (damage.cut ?? 0));
}

test('the undamaged file passes', () => {
	expect(readVoiceNote(fileWith())).toEqual({
		durationSeconds: 0.05,
		bytes: fileWith().length,
		bitrate: 1_440,
		sampleRate: 24_000,
		channels: 1,
		framesPerPacket: 480,
		packets: 3,
		validFrames: 1_200,
		primingFrames: 156,
		remainderFrames: 84,
	});
});

test('the clock may be 48 kHz, as other writers have it', () => {
	const file = fileWith({
		description: { sampleRate: 48_000, framesPerPacket: 960 },
		table: { validFrames: 2_400, primingFrames: 312, remainderFrames: 168 },
	});
	expect(readVoiceNote(file)).toMatchObject({ durationSeconds: 0.05, sampleRate: 48_000, framesPerPacket: 960 });
});

test.each<[rule: string, message: string, damage: Damage]>([
	['the magic', 'not a CAF file', { magic: 'cafe' }],
	['the version', 'version is 2', { version: 2 }],
	['a description', 'no audio description', { without: 'desc' }],
	['a packet table', 'no packet table', { without: 'pakt' }],
	['audio data', 'no audio data', { without: 'data' }],
	['Opus', '"aac" , not Opus'.replace(' ,', ','), { description: { formatId: 'aac ' } }],
	['mono', '2 channels', { description: { channels: 2 } }],
	['mono, not none', '0 channels', { description: { channels: 0 } }],
	['a mono layout', 'layout is not mono', { layout: 0x0065_0002 }],
	['20 ms by the description: half', 'not 20 ms', { description: { framesPerPacket: 240 } }],
	[
		"20 ms by the description: ffmpeg's 120",
		'not 20 ms',
		{ description: { sampleRate: 48_000, framesPerPacket: 120 } },
	],
	[
		"20 ms by the description: ffmpeg's 961",
		'not 20 ms',
		{ description: { sampleRate: 48_000, framesPerPacket: 961 } },
	],
	['20 ms by the description: twice the rate', 'not 20 ms', { description: { sampleRate: 48_000 } }],
	['a sample rate', 'not 20 ms', { description: { sampleRate: 0 } }],
	['a finite sample rate', 'not 20 ms', { description: { sampleRate: NaN } }],
	['packets of variable size', 'not 20 ms', { description: { bytesPerPacket: 40 } }],
	['sizes that add up to the data: more data', 'counts 8 bytes', { table: { table: [4, 2, 2] } }],
	['sizes that add up to the data: less data', 'counts 10 bytes', { table: { table: [4, 2, 4] } }],
	['as many sizes as packets', 'does not hold the packets', { table: { packets: 4 } }],
	['a sane packet count', 'does not hold the packets', { table: { packets: 2 ** 40 } }],
	['a positive packet count', 'does not hold the packets', { table: { packets: -1 } }],
	[
		'packets',
		'holds no packets',
		{ table: { packets: 0, table: [], validFrames: 0, primingFrames: 0, remainderFrames: 0 }, packets: [] },
	],
	['a duration', 'duration is zero', { table: { validFrames: 0, remainderFrames: 1_284 } }],
	['a positive duration', 'duration is zero', { table: { validFrames: -5, remainderFrames: 1_289 } }],
	['the sum: valid', 'do not add up', { table: { validFrames: 1_201 } }],
	['the sum: priming', 'do not add up', { table: { primingFrames: 157 } }],
	['the sum: remainder', 'do not add up', { table: { remainderFrames: 83 } }],
	['no negative priming', 'do not add up', { table: { primingFrames: -84, remainderFrames: 324 } }],
	['no negative remainder', 'do not add up', { table: { remainderFrames: -1, validFrames: 1_285 } }],
	[
		'no empty packet',
		'a packet is empty',
		{ packets: [packets[0], new Uint8Array(0), packets[2]], table: { table: [4, 0, 3] } },
	],
	['no stereo packet', 'a packet is stereo', { packets: [packets[0], Uint8Array.of(TOC | 4, 1), packets[2]] }],
	['packets of 20 ms: 10', 'does not last 20 ms', { packets: [packets[0], Uint8Array.of(0x60, 1), packets[2]] }],
	['packets of 20 ms: 40', 'does not last 20 ms', { packets: [packets[0], Uint8Array.of(TOC | 1, 1), packets[2]] }],
	['packets of 20 ms: no frame', 'no frame', { packets: [packets[0], Uint8Array.of(TOC | 3, 0), packets[2]] }],
	[
		'packets of 20 ms: two frames behind a packet of the same kind with one',
		'does not last 20 ms',
		{
			packets: [Uint8Array.of(TOC | 3, 1, 9), Uint8Array.of(TOC | 3, 2, 9), packets[2]],
			table: { table: [3, 3, packets[2].length] },
		},
	],
	['a complete file', 'ends before its audio data', { cut: 1 }],
	['complete data', 'audio data is empty', { cut: 10 }],
	['chunk sizes that are not negative', 'negative size', { extra: hex('66726565 ffffffffffffff00') }],
])('%s is demanded', async (_, message, damage) => {
	const error = await voiceNoteErrorOf(() => readVoiceNote(fileWith(damage)));
	expect(error.message).toContain(message);
	expect(['corrupt', 'unsupported']).toContain(error.code);
});
