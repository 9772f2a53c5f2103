import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fromVoiceNote, readVoiceNote, toVoiceNote } from '../../../nodes/Sendblue/voiceNote';
import { decodeVoiceNote, packetsOfCaf } from '../../support/core/decodeVoiceNote.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { wav16 } from '../../support/quality/wav.cts';
import { largestDifference, testSignal } from '../../support/pcm/signals.cts';
import { ffmpegDecode, run, soxDecode, testWithTools, withDirectory } from '../../support/pcm/tools.cts';

const SECONDS = [0.12, 1, 3.3, 12.345];

async function noteOf(seconds: number): Promise<Uint8Array> {
	return (await toVoiceNote(wav16(testSignal(1, 24_000, seconds), 24_000))).bytes;
}

/** A voice note as an Ogg file on disk. */
async function withOgg<T>(note: Uint8Array, body: (path: string) => Promise<T> | T): Promise<T> {
	const { bytes } = await fromVoiceNote(note);
	return await withDirectory(async (directory) => {
		const path = join(directory, 'note.ogg');
		writeFileSync(path, bytes);
		return await body(path);
	});
}

testWithTools(['opusinfo'], 'opusinfo finds the right length and nothing to warn of', async () => {
	for (const seconds of SECONDS) {
		await withOgg(await noteOf(seconds), (path) => {
			const report = run('opusinfo', [path]).toString();
			expect(report).not.toMatch(/warning|error|invalid|corrupt|hole|negative/i);
			expect(report).toMatch(/Pre-skip: 312\n/);
			expect(report).toMatch(/Playback gain: 0 dB/);
			expect(report).toMatch(/Channels: 1\n/);
			const [, minutes, rest] = /Playback length: (\d+)m:([\d.]+)s/.exec(report) ?? [];
			expect(Number(minutes) * 60 + Number(rest)).toBeCloseTo(seconds, 2);
		});
	}
});

testWithTools(['opusinfo'], 'opusinfo accepts stereo with packets of 60 ms and a gain', async () => {
	const { packets, preSkip, packetSamples } = await opusAudio(testSignal(2, 24_000, 5), {
		frameMs: 60,
		bitrate: 96_000,
	});
	const source = oggOpusFile(packets, {
		channels: 2,
		preSkip,
		packetSamples,
		endGranule: 5 * 48_000 + preSkip,
		gain: 512,
	});
	await withOgg(source, (path) => {
		const report = run('opusinfo', [path]).toString();
		expect(report).not.toMatch(/warning|error|invalid|corrupt|hole|negative/i);
		expect(report).toMatch(/Playback gain: 2 dB/);
		expect(report).toMatch(/Playback length: 0m:05\.0+s/);
	});
});

testWithTools(['opusdec'], 'opusdec decodes to exactly the samples that are heard', async () => {
	for (const seconds of SECONDS) {
		const note = await noteOf(seconds);
		await withOgg(note, (path) => {
			const samples = run('opusdec', ['--quiet', '--rate', '48000', '--no-dither', path, '-']).length / 2;
			expect(samples).toBe(2 * readVoiceNote(note).validFrames);
		});
	}
});

testWithTools(['ffmpeg', 'ffprobe'], "ffmpeg reads the note's own packets, with their right times", async () => {
	const note = await noteOf(3.3);
	await withOgg(note, (path) => {
		const sizes = run('ffprobe', ['-v', 'error', '-show_entries', 'packet=size', '-of', 'csv=p=0', path]);
		expect(sizes.toString().trim().split(/\s+/).map(parseFloat)).toEqual(
			packetsOfCaf(note).map(({ length }) => length),
		);
		const duration = run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path]);
		// ffprobe 5 counts the pre-skip of 6.5 ms in.
		expect(Number(duration.toString())).toBeCloseTo(3.3, 1);
	});
});

testWithTools(['ffmpeg'], 'ffmpeg decodes the Ogg file to what libopus decodes the note to', async () => {
	const note = await noteOf(1);
	const [theirs] = await withOgg(note, (path) => ffmpegDecode(path, 1));
	const ours = await decodeVoiceNote(note);
	// At 48 kHz, of which every second sample stands where one of ours does; the decoders' low-passes differ a little.
	const everySecond = Float32Array.from({ length: ours.length }, (_, i) => theirs[2 * i]);
	expect(largestDifference([everySecond], [ours])).toBeLessThan(0.05);
});

testWithTools(['soxi', 'sox'], 'soxi and sox read the WAV file sample by sample', async () => {
	for (const sampleRate of [16_000, 24_000]) {
		const note = await noteOf(2.0123);
		const { bytes } = await fromVoiceNote(note, { format: 'wav', sampleRate });
		await withDirectory((directory) => {
			const path = join(directory, 'note.wav');
			writeFileSync(path, bytes);
			const fact = (option: string): string => run('soxi', [option, path]).toString().trim();
			const samples = Math.round((readVoiceNote(note).validFrames * sampleRate) / 24_000);
			expect([fact('-r'), fact('-c'), fact('-b'), fact('-s')]).toEqual([`${sampleRate}`, '1', '16', `${samples}`]);
			expect(soxDecode(path, 1)[0]).toHaveLength(samples);
		});
	}
});

/** What a phone or a Mac may send, as ffmpeg makes it. */
const NOTES: ReadonlyArray<[string, string, string[]]> = [
	['PCM in CAF', 'caf', ['-c:a', 'pcm_s16be']],
	['Apple Lossless in CAF', 'caf', ['-c:a', 'alac']],
	['AAC in M4A', 'm4a', ['-c:a', 'aac', '-b:a', '64k']],
	['A-law in CAF', 'caf', ['-c:a', 'pcm_alaw']],
];

describe('notes in other codecs', () => {
	for (const [title, extension, options] of NOTES) {
		testWithTools(['ffmpeg'], `${title} becomes WAV and Ogg`, async () => {
			await withDirectory(async (directory) => {
				const source = join(directory, 'source.wav');
				const path = join(directory, `note.${extension}`);
				writeFileSync(source, wav16(testSignal(1, 44_100, 1), 44_100));
				run('ffmpeg', ['-v', 'error', '-i', source, ...options, path]);
				const note = Uint8Array.from(readFileSync(path));
				const wav = await fromVoiceNote(note, { format: 'wav' });
				const ogg = await fromVoiceNote(note);

				expect(wav.info.method).toBe('decoded');
				expect(ogg.info.method).toBe('encoded');
				for (const { info } of [wav, ogg]) {
					expect(info.sourceFormat).toContain(extension);
					expect(info.channels).toBe(1);
					expect(Math.abs(info.durationSeconds - 1)).toBeLessThan(0.06);
				}
			});
		});
	}
});
