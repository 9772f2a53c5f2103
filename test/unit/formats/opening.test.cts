/** Files are opened in slices: whatever is looked through to the end lets others run on the way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAudio } from '../../../nodes/Sendblue/voiceNote/pipeline/openAudio';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { tone } from '../../support/quality/index.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));

/** Half a second in packets of 20 ms, each on a page of its own. */
async function manyPages(): Promise<Uint8Array> {
	const { packets } = await opusAudio([tone(300, 0.5, 24_000)]);
	return oggOpusFile(packets, { packetsPerPage: 1 });
}

beforeEach(() => {
	// Every look at the clock finds the slice used up.
	let now = 0;
	jest.spyOn(performance, 'now').mockImplementation(() => (now += 1_000));
});
afterEach(() => jest.restoreAllMocks());

/** How often others got the thread until the audio could be asked for. */
async function pausesOf(bytes: Uint8Array): Promise<number> {
	let pauses = 0;
	const slices = new WorkSlices(async () => void pauses++);
	const input = await openAudio(bytes, {}, slices);
	input.decode();
	return pauses;
}

test('Ogg rests after each page, and again if its length is counted', async () => {
	expect(await pausesOf(await manyPages())).toBeGreaterThan(2 * 25);
	expect(await pausesOf(fixture('vorbis.ogg'))).toBeGreaterThan(4);
	expect(await pausesOf(fixture('flac.oga'))).toBeGreaterThan(2);
});

test('WebM and CAF rest after each packet', async () => {
	expect(await pausesOf(fixture('opus.webm'))).toBeGreaterThanOrEqual(25);
	expect(await pausesOf(fixture('aac.mkv'))).toBeGreaterThanOrEqual(8);
	const note = await toVoiceNote(fixture('opus.webm'));
	expect(await pausesOf(note.bytes)).toBeGreaterThanOrEqual(25);
});

test('MP3 rests after each frame if its information is compared with what is there', async () => {
	const bytes = new Uint8Array(readFileSync(join(__dirname, '../../fixtures/mp3/speech5s.mp3')));
	expect(await pausesOf(bytes)).toBeGreaterThanOrEqual(200);
});

test('a transport stream rests after each of its packets, in all passes', async () => {
	const bytes = fixture('aac.mpegts');
	expect(await pausesOf(bytes)).toBeGreaterThanOrEqual((2 * bytes.length) / 188);
});

test('opening can be cancelled on the way', async () => {
	const controller = new AbortController();
	const slices = new WorkSlices(async () => controller.abort(), controller.signal);
	expect(await voiceNoteErrorOf(async () => await openAudio(await manyPages(), {}, slices))).toMatchObject({
		code: 'cancelled',
	});
});
