/**
 * The sound of the voice note against that of the command a user would run, `ffmpeg -c:a libopus -b:a 24k -ac 1`, on
 * the same speech and from every kind of source: STOI and mel log-spectral distance, both against the source.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { decodeVoiceNote } from '../../support/core/decodeVoiceNote.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { findLag, fromFloat32Le, melDistance, overlap, rms, stoi } from '../../support/quality/index.cts';

const RATE = 24_000;
const TEXT =
	'Hello Ada, this is a short note about your order. It left our house this morning, and should be with you Thursday.';

/** A source: its file name, and the ffmpeg options that make it of a stereo WAV at 44.1 kHz. */
const SOURCES: Array<[string, string[]]> = [
	['speech.wav', []],
	['speech.flac', []],
	['alac.m4a', ['-c:a', 'alac']],
	['speech.aiff', []],
	['speech.mp3', ['-c:a', 'libmp3lame', '-b:a', '128k']],
	['aac.m4a', ['-c:a', 'aac', '-b:a', '128k']],
	['speech.ogg', ['-c:a', 'libvorbis', '-q:a', '5']],
	['stereo.opus', ['-c:a', 'libopus', '-b:a', '96k']],
	['sixty.webm', ['-c:a', 'libopus', '-ac', '1', '-b:a', '48k', '-frame_duration', '60']],
];

/** Any file as mono samples at 24 kHz, both channels counted alike whatever their format. */
function decodeByFfmpeg(file: string): Float32Array {
	const pcm = ['-ac', '1', '-ar', String(RATE), '-rematrix_maxval', '1', '-f', 'f32le', '-'];
	return fromFloat32Le(run('ffmpeg', ['-v', 'error', '-i', file, ...pcm]));
}

function qualityOf(source: Float32Array, decoded: Float32Array) {
	const lag = findLag(source, decoded, RATE);
	const { reference, decoded: heard } = overlap(source, decoded, lag);
	// ffmpeg mixes stereo of lossy sources 3 dB louder; a difference in level is not one in quality.
	const level = rms(reference) / rms(heard);
	const levelled = heard.map((sample) => sample * level);
	return { stoi: stoi(reference, levelled, RATE), lsdDb: melDistance(reference, levelled, RATE) };
}

testWithTools(
	['ffmpeg', 'espeak-ng'],
	'a voice note sounds no worse than what ffmpeg makes of the same source',
	async () => {
		await withDirectory(async (directory) => {
			const path = (name: string) => join(directory, name);
			run('espeak-ng', ['-v', 'en-us+f2', '-w', path('voice.wav'), TEXT]);
			run('ffmpeg', ['-v', 'error', '-i', path('voice.wav'), '-ar', '44100', '-ac', '2', path('master.wav')]);
			const rows: string[] = [];
			for (const [name, options] of SOURCES) {
				run('ffmpeg', ['-v', 'error', '-i', path('master.wav'), ...options, path(name)]);
				const source = decodeByFfmpeg(path(name));
				const { bytes, info } = await toVoiceNote(readFileSync(path(name)));
				const ours = qualityOf(source, await decodeVoiceNote(bytes));
				run('ffmpeg', [
					'-v',
					'error',
					'-y',
					'-i',
					path(name),
					'-c:a',
					'libopus',
					'-b:a',
					'24k',
					'-ac',
					'1',
					path('theirs.ogg'),
				]);
				const theirs = qualityOf(source, decodeByFfmpeg(path('theirs.ogg')));
				const isWorse = ours.stoi < theirs.stoi || ours.lsdDb > theirs.lsdDb;
				const show = (quality: typeof ours) => `STOI ${quality.stoi.toFixed(4)}, LSD ${quality.lsdDb.toFixed(3)} dB`;
				rows.push(`${isWorse ? 'WORSE ' : ''}${name} (${info.method}): ours ${show(ours)}; ffmpeg ${show(theirs)}`);
			}
			if (process.env.SHOW_QUALITY) console.log(rows.join('\n'));
			expect(rows.filter((row) => row.startsWith('WORSE'))).toEqual([]);
		});
	},
);
