import { isWav, openWav, readWav } from '../../../nodes/Sendblue/voiceNote/containers/wav/readWav';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { openedWav } from '../../support/pcm/openedTrack.cts';

import { extensibleFields, formatChunk, number, riff } from '../../support/pcm/riffFile.cts';
import { joinBytes } from '../../support/bytes.cts';
import { collect, mutate, seededRandom } from '../../support/pcm/signals.cts';

const pcm16 = formatChunk({ tag: 1, bits: 16 });
/** Four samples of 16 bits: 0.5, −0.5, 0.25, −1. */
const fourSamples = Uint8Array.from([0x00, 0x40, 0x00, 0xc0, 0x00, 0x20, 0x00, 0x80]);
const data = { id: 'data', contents: fourSamples };

async function samplesOf(bytes: Uint8Array): Promise<number[]> {
	const [samples] = await collect(openedWav(bytes).source);
	return [...samples];
}

function errorOf(action: () => unknown): VoiceNoteError {
	try {
		action();
	} catch (error) {
		expect(error).toBeInstanceOf(VoiceNoteError);
		return error as VoiceNoteError;
	}
	throw new Error('nothing was thrown');
}

describe('the plain file', () => {
	test('states its layout', () => {
		expect(readWav(riff([pcm16, data]))).toEqual({
			bytesPerSecond: 48_000,
			furtherPieces: [],
			coding: {
				kind: 'samples',
				sampleFormat: { encoding: 'int', bits: 16, littleEndian: true, bytesPerSample: 2 },
			},
			channels: 1,
			sampleRate: 24000,
			dataStart: 44,
			dataLength: 8,
			end: 52,
			layout: undefined,
			truncated: false,
			statedFrames: undefined,
		});
	});

	test('gives its samples', async () => {
		const opened = openedWav(riff([pcm16, data]));
		expect(opened).toMatchObject({ sourceFormat: 'wav', frames: 4, truncated: false });
		expect(opened.source).toMatchObject({ sampleRate: 24000, channels: 1 });
		expect(await samplesOf(riff([pcm16, data]))).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('of many blocks is read whole', async () => {
		const contents = new Uint8Array(2 * 20_000).map((_, i) => (i % 2 === 0 ? 0 : (i >> 1) & 0x3f));
		const samples = await samplesOf(riff([pcm16, { id: 'data', contents }]));
		expect(samples).toHaveLength(20_000);
		expect(samples.every((sample, i) => sample === ((i & 0x3f) << 8) / 32768)).toBe(true);
	});

	test('is recognised by its bytes', () => {
		expect(isWav(riff([pcm16, data]))).toBe(true);
		expect(['RIFX', 'RF64', 'BW64'].every((form) => isWav(riff([], form)))).toBe(true);
		expect(isWav(joinBytes('RIFF', number(4, 4), 'AVI '))).toBe(false);
		expect(isWav(new Uint8Array(0))).toBe(false);
	});
});

describe('streaming headers', () => {
	test.each([0, 0xffffffff, 0x7fffffff, 0xffffffff - 44, 0x7fffffff - 36])(
		'a data size of %i reaches to the end of the file',
		async (statedSize) => {
			const file = riff([pcm16, { ...data, statedSize }]);
			expect(readWav(file)).toMatchObject({ dataLength: 8, truncated: false });
			expect(await samplesOf(file)).toEqual([0.5, -0.5, 0.25, -1]);
		},
	);

	test('a size beyond the end of the file means it was cut off', () => {
		expect(readWav(riff([pcm16, { ...data, statedSize: 9 }]))).toMatchObject({ dataLength: 8, truncated: true });
	});

	test('an empty data chunk before other chunks is empty', () => {
		const file = riff([pcm16, { id: 'data', contents: new Uint8Array(0) }, { id: 'LIST', contents: fourSamples }]);
		expect(readWav(file)).toMatchObject({ dataLength: 0, truncated: false });
	});

	test('a data chunk of no bytes at the end of the file yields nothing', async () => {
		const file = riff([pcm16, { id: 'data', contents: new Uint8Array(0) }]);
		expect(openedWav(file).frames).toBe(0);
		expect(await samplesOf(file)).toEqual([]);
	});

	test('half a frame at the end is left out', async () => {
		const file = riff([pcm16, { id: 'data', contents: fourSamples.subarray(0, 5), statedSize: 0, pad: false }]);
		expect(await samplesOf(file)).toEqual([0.5, -0.5]);
	});
});

describe('other chunks', () => {
	const junk = (length: number) => ({ id: 'JUNK', contents: new Uint8Array(length) });

	test('before the format, between and after, of odd length too', async () => {
		const list = { id: 'LIST', contents: joinBytes('INFOISFT', number(3, 4), 'abc') };
		const file = riff([junk(28), list, pcm16, { id: 'bext', contents: new Uint8Array(603) }, data, list]);
		expect(await samplesOf(file)).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('of odd length whose pad byte was forgotten', async () => {
		const list = { id: 'LIST', contents: joinBytes('INFOISFT', number(3, 4), 'abc'), pad: false };
		expect(await samplesOf(riff([pcm16, list, data]))).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('the format behind the data', async () => {
		expect(await samplesOf(riff([data, pcm16]))).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('more of them than any file has', () => {
		const file = riff(Array.from({ length: 10_001 }, () => junk(0)));
		expect(errorOf(() => readWav(file))).toMatchObject({ code: 'corrupt' });
	});
});

describe('RF64, BW64 and RIFX', () => {
	function ds64(dataSize: bigint): { id: string; contents: Uint8Array } {
		const contents = new DataView(new ArrayBuffer(28));
		contents.setBigUint64(8, dataSize, true);
		return { id: 'ds64', contents: new Uint8Array(contents.buffer) };
	}
	const largeData = { ...data, statedSize: 0xffffffff };
	const trailer = { id: 'LIST', contents: new Uint8Array(4) };

	test.each(['RF64', 'BW64'])('%s takes the size of the ds64 chunk', async (form) => {
		const file = riff([ds64(8n), pcm16, largeData, trailer], form);
		expect(readWav(file)).toMatchObject({ dataLength: 8, truncated: false });
		expect(await samplesOf(file)).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('a ds64 chunk that was never completed', () => {
		expect(readWav(riff([ds64(0n), pcm16, largeData], 'RF64'))).toMatchObject({ dataLength: 8, truncated: false });
		expect(readWav(riff([ds64(2n ** 64n - 1n), pcm16, largeData], 'RF64'))).toMatchObject({ truncated: false });
		expect(readWav(riff([pcm16, largeData], 'RF64'))).toMatchObject({ dataLength: 8, truncated: false });
	});

	test('a ds64 chunk that states more than there is', () => {
		const file = riff([ds64(5_000_000_000n), pcm16, largeData], 'RF64');
		expect(readWav(file)).toMatchObject({ dataLength: 8, truncated: true });
	});

	test('RIFX is big-endian throughout', async () => {
		const contents = Uint8Array.from([0x40, 0x00, 0xc0, 0x00]);
		const file = riff([formatChunk({ tag: 1, bits: 16 }, false), { id: 'data', contents }], 'RIFX');
		expect(await samplesOf(file)).toEqual([0.5, -0.5]);
	});
});

describe('sample formats', () => {
	async function decode(fields: Parameters<typeof formatChunk>[0], contents: number[]): Promise<number[]> {
		return samplesOf(riff([formatChunk(fields), { id: 'data', contents: Uint8Array.from(contents) }]));
	}

	test('8 bits are unsigned', async () => {
		expect(await decode({ tag: 1, bits: 8 }, [0, 0x80, 0xc0])).toEqual([-1, 0, 0.5]);
	});

	test('12 bits lie in the upper part of 16', async () => {
		expect(await decode({ tag: 1, bits: 12 }, [0xf0, 0x7f])).toEqual([2047 / 2048]);
	});

	test('extensible PCM of 20 valid bits in 24', async () => {
		const fields = { tag: 0xfffe, bits: 24, extra: extensibleFields(1, 20) };
		expect(await decode(fields, [0x00, 0x00, 0x40, 0x10, 0x00, 0x00])).toEqual([0.5, 1 / 524288]);
	});

	test('extensible floating point', async () => {
		const fields = { tag: 0xfffe, bits: 32, extra: extensibleFields(3, 32) };
		expect(await decode(fields, [0, 0, 0, 0x3f])).toEqual([0.5]);
	});

	test('extensible without its fields is PCM', async () => {
		expect(await decode({ tag: 0xfffe, bits: 16 }, [0x00, 0x40])).toEqual([0.5]);
	});

	test('24 bits in 4 bytes if the byte rate agrees', async () => {
		expect(await decode({ tag: 1, bits: 24, blockAlign: 4 }, [0, 0, 0, 0x40, 0, 0, 0, 0xc0])).toEqual([0.5, -0.5]);
	});

	test.each([0, 1, 3, 4])('a block alignment of %i that lies is not believed', async (blockAlign) => {
		const fields = { tag: 1, bits: 16, blockAlign, byteRate: 48000 };
		expect(await decode(fields, [...fourSamples])).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('the oldest header has no bits per sample', async () => {
		const old = { id: 'fmt ', contents: pcm16.contents.subarray(0, 14) };
		expect(await samplesOf(riff([old, data]))).toEqual([0.5, -0.5, 0.25, -1]);
	});

	test('A-law and µ-law', async () => {
		expect(await decode({ tag: 6, bits: 8 }, [0xd5])).toEqual([8 / 32768]);
		expect(await decode({ tag: 7, bits: 8 }, [0x80])).toEqual([32124 / 32768]);
	});
});

describe('speakers', () => {
	const layoutOf = (channels: number, mask?: number) => {
		const extra = mask === undefined ? [] : extensibleFields(1, 16, mask);
		const fields = { tag: mask === undefined ? 1 : 0xfffe, bits: 16, channels, extra };
		return openedWav(riff([formatChunk(fields), { id: 'data', contents: new Uint8Array(64) }])).source.layout;
	};

	test('one channel and two need none', () => {
		expect(layoutOf(1, 4)).toBeUndefined();
		expect(layoutOf(2)).toBeUndefined();
	});

	test('the channel mask names them', () => {
		expect(layoutOf(6, 0x3f)).toEqual(['L', 'R', 'C', 'LFE', 'Lb', 'Rb']);
		expect(layoutOf(6, 0x60f)).toEqual(['L', 'R', 'C', 'LFE', 'Ls', 'Rs']);
		expect(layoutOf(4, 0x107)).toEqual(['L', 'R', 'C', 'Cs']);
	});

	test('also those above the listener', () => {
		expect(layoutOf(8, 0x503f)).toEqual(['L', 'R', 'C', 'LFE', 'Lb', 'Rb', 'Lvh', 'Rvh']);
		expect(layoutOf(7, 0x80f | 0x20000 | 0x8000)).toEqual(['L', 'R', 'C', 'LFE', 'Ts', 'Lvb', 'Rvb']);
	});

	test('without a mask they are those of WAVE', () => {
		expect(layoutOf(6)).toEqual(['L', 'R', 'C', 'LFE', 'Ls', 'Rs']);
		expect(layoutOf(3, 0)).toEqual(['L', 'R', 'C']);
		expect(layoutOf(9)).toBeUndefined();
	});

	test('a mask that names others than there are says nothing', () => {
		expect(layoutOf(6, 0x3)).toBeUndefined();
		expect(layoutOf(3, 0x80000003)).toBeUndefined();
	});
});

describe('other codecs inside', () => {
	test('MP3 is handed on', () => {
		const contents = Uint8Array.from([0xff, 0xfb, 0x90, 0x64, 1, 2]);
		const mp3 = formatChunk({ tag: 0x55, bits: 0, blockAlign: 1 });
		const opened = openWav(riff([mp3, { id: 'data', contents }]));
		if (!('wrapped' in opened)) throw new Error('not wrapped');
		expect(opened).toMatchObject({ wrapped: 'mp3', wav: { truncated: false } });
		expect([...opened.payload]).toEqual([...contents]);
	});

	test.each([
		[0x31, 'GSM 6.10'],
		[0xff, 'AAC'],
		[0x161, 'Windows Media Audio'],
		[0x4242, '0x4242'],
	])('tag %i is refused by name', (tag, name) => {
		const error = errorOf(() => openWav(riff([formatChunk({ tag, bits: 16 }), data])));
		expect(error.code).toBe('unsupported');
		expect(error.message).toContain(name);
	});

	test('an unknown sub-format', () => {
		const extra = extensibleFields(1, 16).map((byte, i) => (i === 12 ? 1 : byte));
		const file = riff([formatChunk({ tag: 0xfffe, bits: 16, extra }), data]);
		expect(errorOf(() => openWav(file)).code).toBe('unsupported');
	});

	test('ADPCM of other than 4 bits', () => {
		const file = riff([formatChunk({ tag: 0x11, bits: 3, blockAlign: 256 }), data]);
		expect(errorOf(() => openWav(file)).code).toBe('unsupported');
	});
});

describe('damage', () => {
	test.each([
		['no format', riff([data])],
		['no data', riff([pcm16])],
		['only a header', riff([])],
		['a cut header', riff([pcm16, data]).subarray(0, 30)],
		['no channels', riff([formatChunk({ tag: 1, bits: 16, channels: 0 }), data])],
		['65 channels', riff([formatChunk({ tag: 1, bits: 16, channels: 65 }), data])],
		['a rate of 0', riff([formatChunk({ tag: 1, bits: 16, sampleRate: 0 }), data])],
		['a rate of 999', riff([formatChunk({ tag: 1, bits: 16, sampleRate: 999 }), data])],
		['a rate of 768001', riff([formatChunk({ tag: 1, bits: 16, sampleRate: 768001 }), data])],
		['IMA blocks too small', riff([formatChunk({ tag: 0x11, bits: 4, blockAlign: 3 }), data])],
		['MS blocks too small', riff([formatChunk({ tag: 2, bits: 4, blockAlign: 0 }), data])],
	])('%s', (_, file) => {
		expect(errorOf(() => openWav(file)).code).toBe('corrupt');
	});

	test('the limits themselves are fine', () => {
		for (const sampleRate of [1000, 768_000]) {
			expect(readWav(riff([formatChunk({ tag: 1, bits: 16, sampleRate }), data])).sampleRate).toBe(sampleRate);
		}
		expect(openedWav(riff([formatChunk({ tag: 1, bits: 8, channels: 64 }), data])).source.channels).toBe(64);
	});

	test('2000 mutated files give audio or a typed error', async () => {
		const random = seededRandom(0x57a7);
		const contents = Uint8Array.from({ length: 600 }, () => Math.floor(random() * 256));
		const originals = [
			riff([pcm16, { id: 'data', contents }]),
			riff([
				formatChunk({ tag: 0xfffe, bits: 24, channels: 2, extra: extensibleFields(1, 20) }),
				{ id: 'data', contents },
			]),
			riff([formatChunk({ tag: 3, bits: 64 }), { id: 'data', contents }]),
			riff([formatChunk({ tag: 0x11, bits: 4, channels: 2, blockAlign: 64 }), { id: 'data', contents }]),
			riff([formatChunk({ tag: 2, bits: 4, channels: 2, blockAlign: 64 }), { id: 'data', contents }]),
		];
		let decoded = 0;
		for (let i = 0; i < 2000; i++) {
			const file = mutate(originals[i % originals.length], random, 60);
			try {
				if ('wrapped' in openWav(file)) continue;
				const opened = openedWav(file);
				const channels = await collect(opened.source);
				expect(channels[0].length).toBeLessThanOrEqual(opened.frames);
				expect(channels.every((samples) => samples.every((sample) => Math.abs(sample) <= 16))).toBe(true);
				decoded++;
			} catch (error) {
				if (!(error instanceof VoiceNoteError)) throw error;
			}
		}
		expect(decoded).toBeGreaterThan(200);
	});
});
