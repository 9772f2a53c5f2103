/** Files are opened in slices: whatever is looked through to the end lets others run on the way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAudio } from '../../../nodes/Sendblue/voiceNote/pipeline/openAudio';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import { joinBytes } from '../../support/bytes.cts';
import { simpleBlock, webmFile } from '../../support/core/ebmlFile.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { tone } from '../../support/quality/index.cts';

const fixture = (file: string): Uint8Array =>
	new Uint8Array(readFileSync(join(__dirname, '../../fixtures/formats', file)));

const PACKETS = 250;

/** Packets of 20 ms. */
async function manyPackets(): Promise<Uint8Array[]> {
	return (await opusAudio([tone(300, PACKETS / 50, 24_000)])).packets;
}

/** The same, each on a page of its own. */
async function manyPages(): Promise<Uint8Array> {
	return oggOpusFile(await manyPackets(), { packetsPerPage: 1 });
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

/** Packets that are only counted, not decoded: a rest after some dozen of them is often enough. */
const COUNTED_PER_REST = 32;

test('Ogg rests after each page, and after some packets if its length is counted', async () => {
	expect(await pausesOf(await manyPages())).toBeGreaterThan(PACKETS + PACKETS / COUNTED_PER_REST);
	expect(await pausesOf(fixture('vorbis.ogg'))).toBeGreaterThan(2);
	expect(await pausesOf(fixture('flac.oga'))).toBeGreaterThan(2);
});

test('WebM and CAF rest after some packets, and after each large one', async () => {
	const webm = (packets: Uint8Array[]): Uint8Array => webmFile([packets.map((packet) => simpleBlock([packet]))]);
	const packets = await manyPackets();
	const many = webm(packets);
	expect(await pausesOf(many)).toBeGreaterThan(PACKETS / COUNTED_PER_REST);
	const note = await toVoiceNote(many);
	expect(await pausesOf(note.bytes)).toBeGreaterThan(PACKETS / COUNTED_PER_REST);
	const large = packets.slice(0, 20).map((packet) => joinBytes(packet, new Uint8Array(20_000)));
	expect(await pausesOf(webm(large))).toBeGreaterThanOrEqual(20);
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
