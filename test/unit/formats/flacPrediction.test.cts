/** FLAC's predictors of every length, against the samples that were encoded. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeFile, snrDb } from '../../support/formats/decodeFile.cts';
import { run, testWithTools, withDirectory } from '../../support/pcm/tools.cts';
import { fromFloat32Le, speechLike, wav16 } from '../../support/quality/index.cts';

const RATE = 44_100;

/** Order 0 leaves FLAC its fixed predictors only. */
for (const order of [0, 1, 2, 3, 7, 8, 11, 12, 13, 32]) {
	testWithTools(['flac', 'ffmpeg'], `predictors of up to ${order} coefficients`, () =>
		withDirectory(async (directory) => {
			const path = (name: string) => join(directory, name);
			writeFileSync(path('in.wav'), wav16([speechLike(1, RATE, 1), speechLike(1, RATE, 2)], RATE));
			run('flac', ['-s', '-f', '--lax', '-l', String(order), '-o', path('in.flac'), path('in.wav')]);
			const { channels } = await decodeFile(new Uint8Array(readFileSync(path('in.flac'))));
			const left = ['-af', 'pan=mono|c0=c0', '-f', 'f32le', '-'];
			expect(snrDb(fromFloat32Le(run('ffmpeg', ['-v', 'error', '-i', path('in.wav'), ...left])), channels[0])).toBe(
				Infinity,
			);
		}),
	);
}
