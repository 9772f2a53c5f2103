/** What is said of audio that is lost, and that nothing is said of audio that is not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceOf } from '../../../nodes/Sendblue/voiceNote/pipeline/remarks';
import { joinBytes, latin1 } from '../../support/bytes.cts';
import { decodeFile } from '../../support/formats/decodeFile.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));

test('a moment is called that, and not 0.00 seconds', () => {
	const seconds = 0.004;
	const sentences = [
		sentenceOf({ kind: 'damaged', seconds }),
		sentenceOf({ kind: 'cutShort', seconds }),
		sentenceOf({ kind: 'otherTrack', track: 2, seconds }),
		sentenceOf({ kind: 'joined', converted: 1, seconds }),
		sentenceOf({ kind: 'unreadPart', seconds }),
	];
	for (const sentence of sentences) {
		expect(sentence).toContain('a moment');
		expect(sentence).not.toContain('0.00');
	}
});

test('a placeholder for the frames of an MP3 file is no count', async () => {
	const bytes = fixture('cbr.mp3');
	const tag = Math.max(Buffer.from(bytes).indexOf('Info'), Buffer.from(bytes).indexOf('Xing'));
	expect(tag).toBeGreaterThan(0);
	expect((await decodeFile(bytes)).hints).toEqual([]);
	bytes.fill(0xff, tag + 8, tag + 12);
	expect((await decodeFile(bytes)).hints).toEqual([]);
});

describe('frames of an MP3 file that are counted wrongly', () => {
	const bytes = fixture('vbr.mp3');
	const file = Buffer.from(bytes);
	const tag = Math.max(file.indexOf('Info'), file.indexOf('Xing'));
	const twiceAsMany = (): Buffer => {
		const copy = Buffer.from(file);
		copy.writeUInt32BE(2 * copy.readUInt32BE(tag + 8), tag + 8);
		return copy;
	};

	test('are no early end if all the bytes are there', async () => {
		expect(tag).toBeGreaterThan(0);
		const wrong = await decodeFile(new Uint8Array(twiceAsMany()));
		expect(wrong.hints).toEqual([]);
		expect(wrong.channels).toEqual((await decodeFile(bytes)).channels);
	});

	test.each([0.3, 0.6])('are one if the file ends after %f of it', async (share) => {
		const cut = (from: Buffer): Uint8Array => new Uint8Array(from.subarray(0, share * from.length));
		expect((await decodeFile(cut(file))).hints).toEqual([expect.stringMatching(/ends 0\.\d+ seconds early/)]);
		expect((await decodeFile(cut(twiceAsMany()))).hints).toHaveLength(1);
	});
});

test.each([3, 4, 8])('one of %i packets of a transport stream is lost', async (interval) => {
	const bytes = fixture('aac.mpegts');
	const isAudio = (at: number): boolean => (((bytes[at + 1] & 0x1f) << 8) | bytes[at + 2]) === 0x100;
	const kept: Uint8Array[] = [];
	let count = 0;
	for (let at = 0; at < bytes.length; at += 188) {
		if (!isAudio(at) || ++count % interval !== 0) kept.push(bytes.subarray(at, at + 188));
	}
	expect(count).toBeGreaterThan(10);
	const { hints } = await decodeFile(joinBytes(...kept));
	expect(hints).toContainEqual(expect.stringContaining('damaged'));
});

describe('units of a transport stream', () => {
	const bytes = fixture('aac.mpegts');
	const packets = Array.from({ length: bytes.length / 188 }, (_, i) => bytes.subarray(188 * i, 188 * (i + 1)));
	const isAudio = (packet: Uint8Array): boolean => (((packet[1] & 0x1f) << 8) | packet[2]) === 0x100;
	const tables = packets.filter((packet) => !isAudio(packet));
	/** The first unit: six frames, in 15 packets. */
	const unit = packets.filter(isAudio).slice(0, 15);
	const UNIT_TIME = 34_560;
	const UNIT_SECONDS = UNIT_TIME / 90_000;

	/** The unit at the places given, with the counters and times of a whole stream. */
	const stream = (places: readonly number[], firstTime = 126_000): Uint8Array[] =>
		places.flatMap((place) =>
			unit.map((packet, index) => {
				const copy = packet.slice();
				copy[3] = (copy[3] & 0xf0) | ((place * unit.length + index) & 0x0f);
				if (index > 0) return copy;
				const time = firstTime + place * UNIT_TIME;
				const at = 4 + ((copy[3] & 0x20) !== 0 ? 1 + copy[4] : 0) + 9;
				copy.set([0x21, time >> 22, ((time >> 14) & 0xfe) | 1, (time >> 7) & 0xff, ((time << 1) & 0xfe) | 1], at);
				return copy;
			}),
		);
	const hintsOf = async (audio: Uint8Array[]): Promise<string[]> =>
		(await decodeFile(joinBytes(...tables, ...audio))).hints;

	test('that are lost are told', async () => {
		expect(await hintsOf(stream([0, 1, 2, 4, 5]))).toEqual([sentenceOf({ kind: 'damaged', seconds: UNIT_SECONDS })]);
		const [first, ...others] = stream([0, 1, 2, 3, 4]);
		const hints = await hintsOf([first, ...others.filter((_, index) => index < 20 || index >= 26)]);
		expect(hints).toEqual([expect.stringMatching(/about 0\.1\d seconds\) are damaged/)]);
	});

	test.each([1, 3])(
		'whose last packets are lost are told, also if the next one comes in time (unit %i)',
		async (cut) => {
			const audio = stream([0, 1, 2, 3, 4]);
			const first = cut * unit.length + 4;
			const hints = await hintsOf(audio.filter((_, index) => index < first || index >= (cut + 1) * unit.length));
			expect(hints).toEqual([expect.stringMatching(/about 0\.[23]\d seconds\) are damaged/)]);
		},
	);

	test('that are all there need no remark, also those of recordings that were joined', async () => {
		expect(await hintsOf(stream([0, 1, 2, 3, 4]))).toEqual([]);
		// The times begin anew.
		expect(await hintsOf([...stream([0, 1, 2]), ...stream([0, 1, 2])])).toEqual([]);
		// The counters begin anew, and the times go on.
		expect(await hintsOf([...stream([0, 1, 2]), ...stream([0, 1, 2], 126_000 + 3 * UNIT_TIME)])).toEqual([]);
	});
});

describe('bytes between the frames', () => {
	const zerosIn = (file: string, from: number, to: number): Uint8Array => {
		const bytes = fixture(file);
		return bytes.fill(0, Math.floor(from * bytes.length), Math.floor(to * bytes.length));
	};
	const without = (file: string, from: number, to: number): Uint8Array => {
		const bytes = fixture(file);
		return joinBytes(bytes.subarray(0, from * bytes.length), bytes.subarray(to * bytes.length));
	};
	const lengthOf = async (bytes: Uint8Array): Promise<number> => {
		const { channels, sampleRate } = await decodeFile(bytes);
		return channels[0].length / sampleRate;
	};

	test.each([0x00, 0xff])('that are a hole of %i in AMR are told in seconds', async (value) => {
		const bytes = fixture('amr.amr');
		const whole = await lengthOf(bytes);
		bytes.fill(value, Math.floor(0.4 * bytes.length), Math.floor(0.7 * bytes.length));
		const missing = whole - (await lengthOf(bytes));
		expect(missing / whole).toBeGreaterThan(0.25);
		expect(missing / whole).toBeLessThan(0.35);
		const { hints } = await decodeFile(bytes);
		const [, told] = /about (\d\.\d+) seconds\) are damaged/.exec(hints[0]) ?? [];
		expect(Math.abs(Number(told) - missing)).toBeLessThan(0.05);
		expect(hints).toHaveLength(1);
	});

	test.each(['adts.aac', 'cbr.mp3', 'shine.mp3', 'mpeg2.mp3'])(
		'that are a hole in %s are told in seconds',
		async (file) => {
			const damaged = zerosIn(file, 0.4, 0.7);
			const [remark, ...others] = (await decodeFile(damaged)).hints;
			const [, told] = /about (\d\.\d+) seconds\) are damaged/.exec(remark) ?? [];
			const missing = (await lengthOf(fixture(file))) - (await lengthOf(damaged));
			expect(missing).toBeGreaterThan(0.1);
			expect(Math.abs(Number(told) - missing)).toBeLessThan(0.05);
			expect(others).toEqual([]);
		},
	);

	test('that are the rest of a frame behind which others are lost do not tell how many', async () => {
		expect((await decodeFile(without('adts.aac', 0.4, 0.7))).hints).toEqual([sentenceOf({ kind: 'damaged' })]);
	});

	test.each(['adts.aac', 'shine.mp3'])('that are text between recordings in %s are no damage', async (file) => {
		const bytes = fixture(file);
		const page = latin1('<html><body>502 Bad Gateway</body></html>\r\n'.repeat(100));
		const { hints } = await decodeFile(joinBytes(bytes, page, bytes));
		expect(hints).toEqual([]);
	});

	test('that are tags are no damage', async () => {
		const bytes = fixture('adts.aac');
		const tag = joinBytes('TAG', new Uint8Array(125));
		const id3 = joinBytes('ID3', [4, 0, 0, 0, 0, 0, 20], new Uint8Array(20));
		const { hints } = await decodeFile(joinBytes(bytes, id3, bytes, tag, bytes, tag, id3, bytes));
		expect(hints).toEqual([]);
	});
});
