/** What is said of audio that is lost, and that nothing is said of audio that is not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceOf } from '../../../nodes/Sendblue/voiceNote/pipeline/remarks';
import { joinBytes } from '../../support/bytes.cts';
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
