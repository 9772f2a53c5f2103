import { parseAudioSpecificConfig } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';

import { BitWriter } from '../../support/bits.cts';

const speakersOf = (bytes: Uint8Array) => parseAudioSpecificConfig(bytes).layout.flatMap(({ speakers }) => speakers);

/** A configuration of AAC-LC at 48 kHz with a layout of its own. */
function withProgramConfig(front: number[], side: number[], back: number[], lfe: number): Uint8Array {
	const writer = new BitWriter().write(2, 5).write(3, 4).write(0, 4).write(0, 3);
	writer.write(5, 4).write(1, 2).write(3, 4);
	writer.write(front.length, 4).write(side.length, 4).write(back.length, 4).write(lfe, 2);
	writer.write(1, 3).write(2, 4); // one data element, two coupling channels
	writer.write(1, 1).write(0, 4).write(0, 1).write(1, 1).write(0, 3); // mixdowns
	[...front, ...side, ...back].forEach((pair, tag) => writer.write(pair, 1).write(tag, 4));
	for (let tag = 0; tag < lfe; tag++) writer.write(tag, 4);
	writer.write(9, 4).write(0x15, 5).write(0x06, 5).align();
	writer.write(3, 8).write(0x414243, 24); // comment
	return writer.toBytes();
}

describe('AudioSpecificConfig', () => {
	test.each([
		['LC 44.1 kHz stereo', [0x12, 0x10], { sampleRate: 44100, channels: 2, frameLength: 1024 }],
		['LC 16 kHz mono', [0x14, 0x08], { sampleRate: 16000, channels: 1, sbrPresent: false }],
		['LC 48 kHz 5.1', [0x11, 0xb0], { sampleRate: 48000, channels: 6 }],
		['LC 7350 Hz', [0x16, 0x08], { sampleRate: 7350, channels: 1 }],
		['frames of 960', [0x11, 0x94], { sampleRate: 48000, channels: 2, frameLength: 960 }],
		// Core of 22.05 kHz, SBR to 44.1 kHz, written as object type 5.
		['HE-AAC', [0x2b, 0x92, 0x08, 0x00], { objectType: 2, sampleRate: 22050, channels: 2, sbrPresent: true }],
		[
			'HE-AAC v2',
			[0xeb, 0x8a, 0x08, 0x00],
			{ objectType: 2, sampleRate: 22050, channels: 1, sbrPresent: true, psPresent: true },
		],
		// The same, announced behind a configuration that old decoders understand.
		['HE-AAC by extension', [0x13, 0x90, 0x56, 0xe5, 0xa0], { sampleRate: 22050, sbrPresent: true, psPresent: false }],
		[
			'HE-AAC v2 by extension',
			[0x13, 0x88, 0x56, 0xe5, 0xa5, 0x48, 0x80],
			{ sampleRate: 22050, channels: 1, sbrPresent: true, psPresent: true },
		],
		['an extension that denies SBR', [0x12, 0x10, 0x56, 0xe5, 0x00], { sampleRate: 44100, sbrPresent: false }],
		['bytes behind it that mean nothing', [0x12, 0x10, 0xff, 0xff, 0xff], { sampleRate: 44100, sbrPresent: false }],
	])('reads %s', (_, bytes, expected) => {
		expect(parseAudioSpecificConfig(new Uint8Array(bytes))).toMatchObject(expected);
	});

	test('reads a sample rate of its own', () => {
		const bytes = new BitWriter().write(2, 5).write(15, 4).write(37800, 24).write(1, 4).write(0, 3).toBytes();
		expect(parseAudioSpecificConfig(bytes)).toMatchObject({ sampleRate: 37800, channels: 1 });
	});

	test.each([
		[1, ['C']],
		[2, ['L', 'R']],
		[3, ['C', 'L', 'R']],
		[4, ['C', 'L', 'R', 'Cs']],
		[5, ['C', 'L', 'R', 'Ls', 'Rs']],
		[6, ['C', 'L', 'R', 'Ls', 'Rs', 'LFE']],
		[7, ['C', 'Lc', 'Rc', 'L', 'R', 'Ls', 'Rs', 'LFE']],
		[11, ['C', 'L', 'R', 'Ls', 'Rs', 'Cs', 'LFE']],
		[12, ['C', 'L', 'R', 'Ls', 'Rs', 'Lb', 'Rb', 'LFE']],
		[14, ['C', 'L', 'R', 'Ls', 'Rs', 'LFE', 'Lvh', 'Rvh']],
	])('names the speakers of channel configuration %i', (configuration, speakers) => {
		const bytes = new BitWriter().write(2, 5).write(4, 4).write(configuration, 4).write(0, 3).toBytes();
		expect(speakersOf(bytes)).toEqual(speakers);
	});

	test.each([
		['mono', [0], [], [], 0, ['C']],
		['two singles', [0, 0], [], [], 0, ['L', 'R']],
		['a pair', [1], [], [], 0, ['L', 'R']],
		['5.1', [0, 1], [], [1], 1, ['C', 'L', 'R', 'Ls', 'Rs', 'LFE']],
		['7.1', [0, 1], [1], [1], 1, ['C', 'L', 'R', 'Ls', 'Rs', 'Lb', 'Rb', 'LFE']],
		['7.1 with a wide front', [0, 1, 1], [], [1], 1, ['C', 'Lc', 'Rc', 'L', 'R', 'Ls', 'Rs', 'LFE']],
	])('names the speakers of a spelt out layout: %s', (_, front, side, back, lfe, speakers) => {
		expect(speakersOf(withProgramConfig(front, side, back, lfe))).toEqual(speakers);
	});

	test.each([
		['Main', [0x0a, 0x10], 'the Main profile'],
		['SSR', [0x1a, 0x10], 'the SSR profile'],
		['LTP', [0x22, 0x10], 'the LTP profile'],
		['LD', [0xba, 0x10], 'AAC-LD'],
		['ELD', [0xf8, 0xe8, 0x40], 'AAC-ELD'],
		['USAC', [0xf9, 0x48, 0x40], 'xHE-AAC'],
		['ER LC', [0x8a, 0x10], 'error resilient AAC-LC'],
		['MP3 in MP4', [0xf8, 0x48, 0x40], 'audio object type 34'],
		['reserved channel configuration', [0x12, 0x40], 'channel configuration 8'],
	])('refuses %s by name', (_, bytes, message) => {
		const parse = () => parseAudioSpecificConfig(new Uint8Array(bytes));
		expect(parse).toThrow(VoiceNoteError);
		expect(parse).toThrow(message);
	});

	test('takes one that ends where it says that a core coder follows', () => {
		expect(parseAudioSpecificConfig(Uint8Array.of(0x12, 0x12))).toMatchObject({ sampleRate: 44_100, channels: 2 });
	});

	test('refuses more channels than eight, and none', () => {
		expect(() => parseAudioSpecificConfig(withProgramConfig([1, 1, 1], [1], [1], 0))).toThrow('10 channels');
		expect(() => parseAudioSpecificConfig(withProgramConfig([], [], [], 0))).toThrow('layout is empty');
	});

	test.each([[[]], [[0x12]], [[0x17, 0x80]], [[0x16, 0x90]], [[0x17, 0x80, 0, 0, 0x10, 0]]])(
		'refuses %j as damaged',
		(bytes) => {
			const parse = () => parseAudioSpecificConfig(new Uint8Array(bytes));
			expect(parse).toThrow(expect.objectContaining({ name: 'VoiceNoteError', code: 'corrupt' }));
		},
	);
});
