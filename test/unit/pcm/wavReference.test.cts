import { readFileSync } from 'node:fs';
import { openedWav } from '../../support/pcm/openedTrack.cts';
import type { Encoding } from '../../support/pcm/encoders.cjs';

import { testWithTools, withDirectory, ffmpegDecode, soxDecode } from '../../support/pcm/tools.cts';
import { encodeWithFfmpeg, encodeWithSox } from '../../support/pcm/encoders.cts';
import { collect, expectSame, signalToNoise } from '../../support/pcm/signals.cts';

async function decodeWav(path: string): Promise<Float32Array[]> {
	const opened = openedWav(readFileSync(path));
	expect(opened.truncated).toBe(false);
	return collect(opened.source);
}

const ffmpegCases: Record<string, Encoding> = {
	'unsigned 8-bit': { channels: 1, sampleRate: 8000, options: ['-c:a', 'pcm_u8'] },
	'16-bit stereo': { channels: 2, sampleRate: 44100, options: ['-c:a', 'pcm_s16le'] },
	'16-bit RF64': { channels: 2, sampleRate: 48000, options: ['-c:a', 'pcm_s16le', '-rf64', 'always'] },
	'24-bit extensible': { channels: 2, sampleRate: 96000, options: ['-c:a', 'pcm_s24le'] },
	'24-bit 5.1': { channels: 6, sampleRate: 48000, options: ['-c:a', 'pcm_s24le'] },
	'32-bit': { channels: 1, sampleRate: 24000, options: ['-c:a', 'pcm_s32le'] },
	'32-bit float': { channels: 2, sampleRate: 22050, options: ['-c:a', 'pcm_f32le'] },
	'64-bit float': { channels: 1, sampleRate: 16000, options: ['-c:a', 'pcm_f64le'] },
	'A-law': { channels: 1, sampleRate: 8000, options: ['-c:a', 'pcm_alaw'] },
	'µ-law': { channels: 2, sampleRate: 8000, options: ['-c:a', 'pcm_mulaw'] },
	'MS ADPCM mono': { channels: 1, sampleRate: 22050, options: ['-c:a', 'adpcm_ms'] },
	'MS ADPCM stereo': { channels: 2, sampleRate: 44100, options: ['-c:a', 'adpcm_ms'] },
};

const soxCases: Record<string, Encoding> = {
	'unsigned 8-bit': { channels: 1, sampleRate: 8000, options: ['-e', 'unsigned-integer', '-b', '8'] },
	'16-bit': { channels: 2, sampleRate: 44100, options: ['-e', 'signed-integer', '-b', '16'] },
	'24-bit': { channels: 2, sampleRate: 48000, options: ['-e', 'signed-integer', '-b', '24'] },
	'32-bit': { channels: 1, sampleRate: 24000, options: ['-e', 'signed-integer', '-b', '32'] },
	'32-bit float': { channels: 2, sampleRate: 22050, options: ['-e', 'floating-point', '-b', '32'] },
	'64-bit float': { channels: 1, sampleRate: 16000, options: ['-e', 'floating-point', '-b', '64'] },
	'A-law': { channels: 1, sampleRate: 8000, options: ['-e', 'a-law'] },
	'µ-law': { channels: 2, sampleRate: 8000, options: ['-e', 'u-law'] },
	'MS ADPCM mono': { channels: 1, sampleRate: 22050, options: ['-e', 'ms-adpcm'] },
	'GSM 6.10': { channels: 1, sampleRate: 8000, options: ['-e', 'gsm-full-rate'] },
	'MS ADPCM stereo': { channels: 2, sampleRate: 44100, options: ['-e', 'ms-adpcm'] },
};

describe('written by ffmpeg, as ffmpeg decodes it', () => {
	for (const [name, format] of Object.entries(ffmpegCases)) {
		testWithTools(['ffmpeg'], name, () =>
			withDirectory(async (directory) => {
				const path = encodeWithFfmpeg(directory, 'wav', format);
				expectSame(await decodeWav(path), ffmpegDecode(path, format.channels));
			}),
		);
	}
});

describe('written by sox, as ffmpeg decodes it', () => {
	for (const [name, format] of Object.entries(soxCases)) {
		testWithTools(['ffmpeg', 'sox'], name, () =>
			withDirectory(async (directory) => {
				const path = encodeWithSox(directory, 'wav', format);
				const decoded = await decodeWav(path);
				const reference = ffmpegDecode(path, format.channels);
				// ffmpeg gives the padding of the last ADPCM block too; the fact chunk tells where the audio ends.
				expect(decoded[0].length).toBe(Math.round(0.4 * format.sampleRate));
				expectSame(
					decoded,
					reference.map((samples) => samples.subarray(0, decoded[0].length)),
				);
			}),
		);
	}
});

describe('if ffmpeg is no reference', () => {
	// ffmpeg 5.1 takes the samples of a RIFX file for little-endian ones.
	testWithTools(['sox'], 'big-endian RIFX, as sox decodes it', () =>
		withDirectory(async (directory) => {
			const options = ['-e', 'signed-integer', '-b', '16', '-B'];
			const path = encodeWithSox(directory, 'wav', { channels: 2, sampleRate: 44100, options });
			expectSame(await decodeWav(path), soxDecode(path, 2));
		}),
	);

	for (const channels of [1, 2]) {
		const title = `IMA ADPCM of ${channels} channels`;
		// ffmpeg rounds each code's difference once, the standard and sox sum truncated parts of it.
		const expectStandard = async (path: string) => {
			const decoded = await decodeWav(path);
			expectSame(
				decoded,
				soxDecode(path, channels).map((samples) => samples.subarray(0, decoded[0].length)),
			);
			expect(signalToNoise(decoded, ffmpegDecode(path, channels))).toBeGreaterThan(50);
			return decoded;
		};

		testWithTools(['ffmpeg', 'sox'], `${title} by sox, as sox decodes it`, () =>
			withDirectory(async (directory) => {
				const options = ['-e', 'ima-adpcm'];
				const decoded = await expectStandard(encodeWithSox(directory, 'wav', { channels, sampleRate: 22050, options }));
				expect(decoded[0].length).toBe(8820);
			}),
		);

		testWithTools(['ffmpeg', 'sox'], `${title} by ffmpeg, as sox decodes it`, () =>
			withDirectory(async (directory) => {
				const options = ['-c:a', 'adpcm_ima_wav'];
				const decoded = await expectStandard(
					encodeWithFfmpeg(directory, 'wav', { channels, sampleRate: 22050, options }),
				);
				expect(decoded[0].length).toBeGreaterThanOrEqual(8820);
			}),
		);
	}
});
