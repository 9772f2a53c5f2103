/** Audio of more than four hours is refused before it is decoded, which would take minutes, whatever it is to become. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromVoiceNote, toVoiceNote, VoiceNoteError } from '../../../nodes/Sendblue/voiceNote';

const LIMIT_SECONDS = 4 * 3_600;

/** More than is needed on a slow machine, and a small part of what decoding four hours takes. */
const MAX_CPU_MS = 3_000;

const SPEECH = readFileSync(join(__dirname, '../../../demo/hello.mp3'));

/** µ-law at 8 kHz: a byte per sample. */
function telephoneWav(seconds: number): Buffer {
	const samples = seconds * 8_000;
	const wav = Buffer.alloc(46 + samples, 0xff);
	wav.write('RIFF', 0);
	wav.writeUInt32LE(38 + samples, 4);
	wav.write('WAVEfmt ', 8);
	wav.writeUInt32LE(18, 16);
	wav.writeUInt16LE(7, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(8_000, 24);
	wav.writeUInt32LE(8_000, 28);
	wav.writeUInt16LE(1, 32);
	wav.writeUInt16LE(8, 34);
	wav.writeUInt16LE(0, 36);
	wav.write('data', 38);
	wav.writeUInt32LE(samples, 42);
	return wav;
}

/** AAC frames without a channel, 1,024 samples at 8 kHz each. */
function emptyAac(seconds: number): Buffer {
	const frame = Buffer.from([0xff, 0xf1, 0x6c, 0x40, 0x01, 0x1f, 0xfc, 0xe0]);
	return Buffer.alloc(frame.length * Math.ceil((seconds * 8_000) / 1_024), frame);
}

/** AMR at 4.75 kb/s: frames of 13 bytes, 20 ms each. */
const amr = (seconds: number): Buffer =>
	Buffer.concat([
		Buffer.from('#!AMR\n'),
		Buffer.alloc(seconds * 50 * 13, Buffer.from([0x04, ...Array(12).fill(0x80)])),
	]);

const mp3 = (seconds: number): Buffer => Buffer.concat(Array<Buffer>(Math.ceil(seconds / 5.8)).fill(SPEECH));

async function refusal(convert: () => Promise<unknown>): Promise<{ error: unknown; cpuMs: number }> {
	const start = process.cpuUsage();
	const error = await convert().catch((caught: unknown) => caught);
	const { user, system } = process.cpuUsage(start);
	return { error, cpuMs: (user + system) / 1_000 };
}

const TOO_LONG = LIMIT_SECONDS + 60;
const FILES: [string, () => Buffer][] = [
	['WAV', () => telephoneWav(TOO_LONG)],
	['MP3', () => mp3(TOO_LONG)],
	['AAC', () => emptyAac(TOO_LONG)],
	['AMR', () => amr(TOO_LONG)],
];

describe.each(FILES)('%s', (_name, make) => {
	const bytes = make();
	test.each([
		['a voice note', async () => await toVoiceNote(bytes)],
		['Ogg', async () => await fromVoiceNote(bytes)],
		['MP3', async () => await fromVoiceNote(bytes, { format: 'mp3' })],
		['WAV', async () => await fromVoiceNote(bytes, { format: 'wav' })],
		['what is plainest', async () => await fromVoiceNote(bytes, { format: 'automatic' })],
	])('is refused on its way to %s', async (_to, convert) => {
		const { error, cpuMs } = await refusal(convert);
		expect(error).toBeInstanceOf(VoiceNoteError);
		expect(error).toMatchObject({
			code: 'limit',
			message: 'The audio is longer than 4 hours',
			hint: 'Cut it into shorter parts first.',
		});
		expect(cpuMs).toBeLessThan(MAX_CPU_MS);
	});
});

test('is cut all the same where that is wanted', async () => {
	const { info } = await toVoiceNote(telephoneWav(TOO_LONG), { maximumDuration: { seconds: 1, onExceed: 'cut' } });
	expect(info.durationSeconds).toBeCloseTo(1, 1);
});
