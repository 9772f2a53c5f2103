import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVoiceNote } from '../../../nodes/Sendblue/voiceNote/containers/caf/readVoiceNote';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { decodePackets, packetsOfCaf } from '../../support/core/decodeVoiceNote.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { fromFloat32Le, speechLike, wav16 } from '../../support/quality/index.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';

/** Ten seconds are enough of speech; longer clips repeat it. */
const speech = speechLike(10, 24_000, 41);
const clip = (seconds: number): Uint8Array =>
	wav16([Float32Array.from({ length: Math.round(seconds * 24_000) }, (_, i) => speech[i % speech.length])], 24_000);

const notes = new Map<number, Promise<Uint8Array>>();

/** Long clips are made of packets that are moved; to encode them would take too long for a test. */
const LONGEST_ENCODED_SECONDS = 60;

async function makeNote(seconds: number): Promise<Uint8Array> {
	if (seconds <= LONGEST_ENCODED_SECONDS) return (await toVoiceNote(clip(seconds))).bytes;
	const { packets, preSkip } = await opusAudio([speech]);
	const many = Array.from({ length: seconds * 50 + 1 }, (_, i) => packets[i % packets.length]);
	return (await toVoiceNote(oggOpusFile(many, { endGranule: seconds * 48_000 + preSkip }))).bytes;
}

/** The voice note of so many seconds, made once. */
function noteOf(seconds: number): Promise<Uint8Array> {
	const known = notes.get(seconds) ?? makeNote(seconds);
	notes.set(seconds, known);
	return known;
}

async function withNote(bytes: Uint8Array, body: (path: string) => void): Promise<void> {
	await withDirectory((directory) => {
		const path = join(directory, 'AudioMessage.caf');
		writeFileSync(path, bytes);
		body(path);
	});
}

// The encoder takes its time on a busy machine.
jest.setTimeout(120_000);

describe.each([0.3, 5, 60, 600])('%d s', (seconds) => {
	testWithTools(['mediainfo'], 'MediaInfo: Opus, 24 kHz, one channel, the duration to the millisecond', async () => {
		await withNote(await noteOf(seconds), (path) => {
			const [audio] = JSON.parse(run('mediainfo', ['--Output=JSON', path]).toString()).media.track.filter(
				(track: Record<string, string>) => track['@type'] === 'Audio',
			);
			expect(audio.Format.toLowerCase()).toBe('opus');
			expect(Number(audio.SamplingRate)).toBe(24_000);
			expect(Number(audio.Channels)).toBe(1);
			expect(Math.abs(Number(audio.Duration) - seconds)).toBeLessThanOrEqual(0.001);
		});
	});

	testWithTools(['sndfile-info'], 'libsndfile: the description and the packet table as we read them', async () => {
		const note = await noteOf(seconds);
		await withNote(note, (path) => {
			const printed = run('sndfile-info', [path]).toString();
			const valueOf = (name: string): number => Number(new RegExp(`${name}\\s*: (-?\\d+)`).exec(printed)?.[1]);
			const facts = readVoiceNote(note);
			expect(valueOf('Sample rate')).toBe(24_000);
			expect(valueOf('Frames / packet')).toBe(480);
			expect(valueOf('Channels / frame')).toBe(1);
			expect(valueOf('Packets')).toBe(facts.packets);
			expect(valueOf('Valid frames')).toBe(facts.validFrames);
			expect(valueOf('Priming frames')).toBe(facts.primingFrames);
			expect(valueOf('Remainder frames')).toBe(facts.remainderFrames);
		});
	});

	testWithTools(['ffprobe', 'ffmpeg'], 'FFmpeg: every packet, its length, and decoding without a warning', async () => {
		const note = await noteOf(seconds);
		await withNote(note, (path) => {
			const { packets, validFrames } = readVoiceNote(note);
			const entries = 'stream=codec_name,sample_rate,channels,duration:packet=size';
			const probed = JSON.parse(
				run('ffprobe', ['-v', 'error', '-of', 'json', '-show_entries', entries, path]).toString(),
			);
			expect(probed.streams[0]).toMatchObject({ codec_name: 'opus', channels: 1 });
			expect(probed.packets.map(({ size }: { size: string }) => Number(size))).toEqual(
				packetsOfCaf(note).map(({ length }) => length),
			);
			// Up to version 7.1 the priming and remainder frames are counted in.
			const lengths = [packets * 0.02, validFrames / 24_000];
			const duration = Number(probed.streams[0].duration);
			expect(Math.min(...lengths.map((length) => Math.abs(length - duration)))).toBeLessThan(0.0011);
			const decoding = spawnSync('ffmpeg', ['-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-']);
			expect(decoding.stderr.toString()).toBe('');
			expect(decoding.status).toBe(0);
		});
	});
});

testWithTools(['ffmpeg'], 'FFmpeg decodes what libopus decodes', async () => {
	const note = await noteOf(5);
	const [ours] = await decodePackets(packetsOfCaf(note), 1, 48_000);
	await withNote(note, (path) => {
		const theirs = fromFloat32Le(run('ffmpeg', ['-v', 'error', '-c:a', 'libopus', '-i', path, '-f', 'f32le', '-']));
		const frames = Math.min(ours.length, theirs.length);
		expect(frames).toBeGreaterThanOrEqual(240_000);
		// Newer versions leave the priming frames out.
		const start = ours.length - theirs.length > 300 ? 312 : 0;
		let most = 0;
		for (let i = 0; i < frames - 500; i++) most = Math.max(most, Math.abs(ours[i + start] - theirs[i]));
		expect(most).toBeLessThan(2 / 32_768);
	});
});

testWithTools(['ffmpeg'], "every packet of a remuxed file is the source's, by FFmpeg's own count of them", async () => {
	const audio = await opusAudio([speech]);
	const source = oggOpusFile(audio.packets, audio);
	const note = await toVoiceNote(source);
	expect(note.info.method).toBe('remuxed');
	const hashes = (path: string): string[] =>
		run('ffmpeg', ['-v', 'error', '-i', path, '-c', 'copy', '-f', 'framemd5', '-'])
			.toString()
			.split('\n')
			.filter((line) => /^\d/.test(line))
			// Size and hash; behind them FFmpeg tells what it knows of the times.
			.map((line) => line.split(/,\s*/).slice(4, 6).join());
	await withDirectory((directory) => {
		const paths = [join(directory, 'source.ogg'), join(directory, 'AudioMessage.caf')];
		[source, note.bytes].forEach((bytes, i) => writeFileSync(paths[i], bytes));
		expect(hashes(paths[1])).toEqual(hashes(paths[0]));
		expect(hashes(paths[1])).toHaveLength(audio.packets.length);
	});
});

describe("FFmpeg's encoders as sources", () => {
	/** Makes a file of five seconds with FFmpeg and converts it. */
	async function convert(name: string, options: string[]) {
		return withDirectory(async (directory) => {
			const input = join(directory, 'input.wav');
			writeFileSync(input, clip(5));
			const output = join(directory, name);
			run('ffmpeg', ['-v', 'error', '-i', input, ...options, output]);
			return toVoiceNote(Uint8Array.from(readFileSync(output)));
		});
	}

	testWithTools(['ffmpeg'], 'Ogg Opus, mono, 24 kHz, 20 ms is moved, to the sample', async () => {
		const { info } = await convert('a.ogg', [
			'-c:a',
			'libopus',
			'-b:a',
			'24k',
			'-ac',
			'1',
			'-ar',
			'24000',
			'-application',
			'voip',
		]);
		expect(info).toMatchObject({ method: 'remuxed', sourceFormat: 'ogg/opus', durationSeconds: 5, packets: 251 });
	});

	testWithTools(['ffmpeg'], 'WebM Opus is moved, to the sample', async () => {
		const { info } = await convert('a.webm', ['-c:a', 'libopus', '-b:a', '24k', '-ac', '1', '-ar', '24000']);
		expect(info).toMatchObject({ method: 'remuxed', sourceFormat: 'webm/opus' });
		expect(Math.abs(info.durationSeconds - 5)).toBeLessThan(0.001);
	});

	testWithTools(['ffmpeg'], 'Ogg Opus of 60 ms, at a low rate, is encoded, to the sample', async () => {
		const options = [
			'-c:a',
			'libopus',
			'-b:a',
			'12k',
			'-ac',
			'1',
			'-ar',
			'16000',
			'-application',
			'voip',
			'-frame_duration',
			'60',
		];
		expect((await convert('a.ogg', options)).info).toMatchObject({ method: 'encoded', durationSeconds: 5 });
	});

	testWithTools(['ffmpeg'], 'MP3 is encoded, to the sample', async () => {
		expect((await convert('a.mp3', ['-c:a', 'libmp3lame', '-b:a', '64k'])).info).toMatchObject({
			method: 'encoded',
			sourceFormat: 'mp3',
			durationSeconds: 5,
		});
	});

	testWithTools(['ffmpeg'], 'its Opus in CAF is heard in full', async () => {
		const { info } = await convert('a.caf', ['-strict', '-2', '-c:a', 'opus', '-ac', '2', '-ar', '48000']).catch(
			(error: Error) => {
				// Version 8 and newer refuse to write it.
				if (!/unsupported|not yet implemented/i.test(error.message)) throw error;
				return { info: { durationSeconds: 5 } };
			},
		);
		expect(info.durationSeconds).toBeGreaterThanOrEqual(5);
		expect(info.durationSeconds).toBeLessThan(5.1);
	});
});
