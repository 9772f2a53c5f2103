import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVoiceNote } from '../../../nodes/Sendblue/voiceNote/containers/caf/readVoiceNote';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { blockGroup, simpleBlock, webmFile } from '../../support/core/ebmlFile.cts';
import { oggOpusFile, oggPage } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { cpuNow } from '../../support/clock.cts';
import { createRandom } from '../../support/random.cts';
import { speechLike, wav16 } from '../../support/quality/index.cts';

const FILES_PER_FORMAT = 500;
/** The files of one format may take the processor this long together; the rest is left out, and the test says how many ran. */
const BUDGET_MS = 4_000;
const FEWEST_FILES = 20;
const LONGEST_MS = 2_000;

type Random = () => number;

/** Changes a few bytes (mostly near the start, if the headers are), and now and then cuts or repeats a piece. */
function mutate(original: Uint8Array, random: Random): Uint8Array {
	const bytes = Uint8Array.from(original);
	const at = (length: number): number => Math.floor(random() * length);
	for (let changes = 1 + at(6); changes > 0; changes--) {
		const place = at(random() < 0.6 ? Math.min(200, bytes.length) : bytes.length);
		bytes[place] = random() < 0.4 ? [0, 1, 0x7f, 0x80, 0xff][at(5)] : at(256);
	}
	const kind = random();
	if (kind < 0.2) return bytes.subarray(0, at(bytes.length));
	if (kind < 0.3) {
		const from = at(bytes.length);
		return Uint8Array.from(Buffer.concat([bytes.subarray(0, from), bytes.subarray(at(from + 1))]));
	}
	return bytes;
}

/** Checksums would hide every change from the code behind them: gives the pages of an Ogg file right ones. */
function withChecksums(bytes: Uint8Array): Uint8Array {
	const file = Buffer.from(bytes);
	for (let start = file.indexOf('OggS'); start >= 0; start = file.indexOf('OggS', start + 1)) {
		const lacing = [...file.subarray(start + 27, start + 27 + (file[start + 26] ?? 0))];
		const size = lacing.reduce((sum, value) => sum + value, 0);
		const body = file.subarray(start + 27 + lacing.length, start + 27 + lacing.length + size);
		if (body.length < size || file.length < start + 27) continue;
		const flags = file[start + 5];
		const page = oggPage({
			serial: file.readUInt32LE(start + 14),
			sequence: file.readUInt32LE(start + 18),
			granule: file.readBigInt64LE(start + 6),
			continued: (flags & 1) > 0,
			first: (flags & 2) > 0,
			last: (flags & 4) > 0,
			lacing,
			body,
		});
		file.set(page, start);
	}
	return file;
}

const speech = speechLike(0.3, 24_000, 21);
const fixture = (path: string): Uint8Array => Uint8Array.from(readFileSync(join(__dirname, '../../fixtures', path)));

const FORMATS: Array<[string, () => Promise<Uint8Array>, ((bytes: Uint8Array) => Uint8Array)?]> = [
	['WAV', async () => wav16([speech], 24_000)],
	['MP3', async () => fixture('mp3/mpeg25.mp3').subarray(0, 1_200)],
	[
		'Ogg Opus, moved',
		async () => oggOpusFile((await opusAudio([speech])).packets, { packetsPerPage: 5 }),
		withChecksums,
	],
	[
		'Ogg Opus, encoded',
		async () => oggOpusFile((await opusAudio([speech], { frameMs: 10 })).packets, { packetsPerPage: 5 }),
		withChecksums,
	],
	[
		'WebM Opus',
		async () => {
			const { packets } = await opusAudio([speech]);
			const groups = [packets.slice(0, 7), packets.slice(7, 14)];
			const blocks = [simpleBlock(groups[0], 1, 'xiph'), simpleBlock(groups[1], 1, 'ebml')];
			return webmFile([blocks, packets.slice(14).map((packet) => blockGroup([packet], 1, 1_000))]);
		},
	],
	['CAF Opus', async () => (await toVoiceNote(wav16([speech], 24_000))).bytes],
];

describe('damaged files give a voice note or a plain error, and soon', () => {
	test.each(FORMATS)('%s', async (name, originalOf, repair = (bytes) => bytes) => {
		const original = await originalOf();
		const random = createRandom(name.length * 7_919);
		const end = cpuNow() + BUDGET_MS;
		let files = 0;
		const outcomes = new Set<string>();
		for (; files < FILES_PER_FORMAT && cpuNow() < end; files++) {
			const bytes = repair(mutate(original, random));
			const start = cpuNow();
			try {
				const note = await toVoiceNote(bytes);
				expect(readVoiceNote(note.bytes).durationSeconds).toBe(note.info.durationSeconds);
				outcomes.add(note.info.method);
			} catch (error) {
				if (!(error instanceof VoiceNoteError))
					throw new Error(
						`${name} ${files}: ${String((error as Error).stack)}\n${Buffer.from(bytes).toString('base64').slice(0, 4_000)}`,
					);
				expect(error.code).not.toBe('invalidOutput');
				expect(error.message).not.toBe('');
				outcomes.add(error.code);
			}
			expect(cpuNow() - start).toBeLessThan(LONGEST_MS);
		}
		expect(files).toBeGreaterThanOrEqual(FEWEST_FILES);
		expect(outcomes.size).toBeGreaterThan(1);
	});
});

test('every cut of a short file is survived', async () => {
	for (const file of [
		oggOpusFile((await opusAudio([speech.subarray(0, 3_000)])).packets),
		(await toVoiceNote(wav16([speech.subarray(0, 3_000)], 24_000))).bytes,
	]) {
		for (let length = 0; length < file.length; length += 3) {
			try {
				await toVoiceNote(file.subarray(0, length));
			} catch (error) {
				expect(error).toBeInstanceOf(VoiceNoteError);
			}
		}
	}
});
