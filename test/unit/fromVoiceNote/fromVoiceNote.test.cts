import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { fromVoiceNote, readVoiceNote, toVoiceNote } from '../../../nodes/Sendblue/voiceNote';
import { readCaf } from '../../../nodes/Sendblue/voiceNote/containers/caf/readCaf';
import { oggOpusTrack } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggMappings';
import { oggPages } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggPages';
import { indexOgg } from '../../../nodes/Sendblue/voiceNote/containers/ogg/oggStreams';
import { reconcile } from '../../../nodes/Sendblue/voiceNote/pipeline/reconcile';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';
import type { OpusTrack } from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusHead';

import { audioData, cafOf, description, packetTable } from '../../support/core/cafFile.cts';
import { decodeVoiceNote, packetsOfCaf } from '../../support/core/decodeVoiceNote.cts';
import { oggChecksum, oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { largestDifference, signalToNoise, testSignal } from '../../support/pcm/signals.cts';
import { wav16 } from '../../support/quality/wav.cts';

const APPLE_NOTE = resolve(__dirname, '../../fixtures/apple/voiceNote.caf');

/** Our own voice note of some seconds of test signal. */
async function ourNote(seconds: number): Promise<Uint8Array> {
	return (await toVoiceNote(wav16(testSignal(1, 24_000, seconds), 24_000))).bytes;
}

async function trackOf(ogg: Uint8Array): Promise<OpusTrack> {
	const { streams, headless, cut, wrongChecksums } = await indexOgg(ogg, new WorkSlices());
	expect({ streams: streams.length, headless, cut, wrongChecksums }).toEqual({
		streams: 1,
		headless: [],
		cut: false,
		wrongChecksums: false,
	});
	const track = await oggOpusTrack(ogg, streams[0], new WorkSlices());
	const { opus } = reconcile({ sourceFormat: 'ogg/opus', tracks: [track], findings: [] });
	if (!opus) throw new Error('no Opus');
	return opus;
}

const packetsOf = async (ogg: Uint8Array): Promise<Uint8Array[]> => [
	...((await trackOf(ogg)).packets() as Iterable<Uint8Array>),
];

/** The samples of a mono 16-bit WAV file whose header has 44 bytes. */
function wavSamples(wav: Uint8Array): Float32Array {
	const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
	expect(view.getUint32(40, true)).toBe(wav.length - 44);
	return Float32Array.from({ length: (wav.length - 44) / 2 }, (_, i) => view.getInt16(44 + 2 * i, true) / 32_768);
}

/** A CAF file around stereo or odd Opus packets. */
function opusCaf(packets: Uint8Array[], fields: { channels?: number; frames: number; valid: number; priming: number }) {
	const remainderFrames = packets.length * fields.frames - fields.valid - fields.priming;
	return cafOf(
		description({ sampleRate: 48_000, framesPerPacket: fields.frames, channels: fields.channels ?? 1 }),
		packetTable({
			validFrames: fields.valid,
			primingFrames: fields.priming,
			remainderFrames,
			table: packets.map(({ length }) => length),
		}),
		audioData(packets),
	);
}

describe('a voice note as Ogg Opus', () => {
	it.each([0.12, 1, 2.0123, 5])('of %d s holds the same packets, and ends to the sample', async (seconds) => {
		const note = await ourNote(seconds);
		const { bytes, info, hints } = await fromVoiceNote(note);

		const { validFrames, primingFrames } = readVoiceNote(note);
		expect(info).toEqual({
			method: 'remuxed',
			sourceFormat: 'caf/opus',
			format: 'ogg',
			durationSeconds: validFrames / 24_000,
			bytes: bytes.length,
			sampleRate: 48_000,
			channels: 1,
		});
		expect(hints).toEqual([]);
		const track = await trackOf(bytes);
		expect(track).toMatchObject({
			channels: 1,
			preSkip: 2 * primingFrames,
			validSamples: 2 * validFrames,
			outputGainDb: 0,
		});
		expect(await packetsOf(bytes)).toEqual(packetsOfCaf(note));
	});

	it('comes back as the voice note it was', async () => {
		const note = await ourNote(1.5);
		const { bytes } = await fromVoiceNote(note);
		const again = await toVoiceNote(bytes);

		expect(again.info.method).toBe('remuxed');
		expect(Buffer.from(again.bytes).equals(Buffer.from(note))).toBe(true);
	});

	it('has more bits than a voice note where the audio has to be coded a second time', async () => {
		const wav = wav16(testSignal(1, 24_000, 4), 24_000);
		const [note, ogg] = [await toVoiceNote(wav), await fromVoiceNote(wav)];
		const bits = (packets: Uint8Array[]): number => packets.reduce((sum, { length }) => sum + 8 * length, 0);

		expect(ogg.info.method).toBe('encoded');
		expect(bits(await packetsOf(ogg.bytes))).toBeGreaterThan(1.3 * bits(packetsOfCaf(note.bytes)));
	});

	it('has pages as the specifications ask for', async () => {
		const { bytes } = await fromVoiceNote(await ourNote(3.3));
		const pages = [...oggPages(bytes)];

		expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
		expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
		expect(pages.map(({ first }) => first)).toEqual(pages.map((_, index) => index === 0));
		expect(pages.map(({ last }) => last)).toEqual(pages.map((_, index) => index === pages.length - 1));
		expect(pages.some(({ continued }) => continued)).toBe(false);
		// Both headers stand alone on a page of granule position 0; then a page per second; the last trims the end.
		expect(pages.map(({ granulePosition }) => granulePosition)).toEqual([
			0,
			0,
			48_000,
			96_000,
			144_000,
			Math.round(3.3 * 48_000) + 312,
		]);
		let start = 0;
		for (const page of pages) {
			const end = page.offset + 27 + page.segmentSizes.length + page.body.length;
			const copy = Uint8Array.from(bytes.subarray(start, end));
			const stated = new DataView(copy.buffer).getUint32(22, true);
			copy.fill(0, 22, 26);
			expect(stated).toBe(oggChecksum(copy));
			start = end;
		}
		expect(start).toBe(bytes.length);
	});

	it('keeps stereo, packets of 60 ms and long pre-skips without re-encoding', async () => {
		const stereo = await opusAudio(testSignal(2, 48_000, 1), { sampleRate: 48_000, frameMs: 60, bitrate: 128_000 });
		const caf = opusCaf(stereo.packets, { channels: 2, frames: 2_880, valid: 40_000, priming: 3_840 });
		const { bytes, info } = await fromVoiceNote(caf);

		expect(info).toMatchObject({ method: 'remuxed', channels: 2, durationSeconds: 40_000 / 48_000 });
		expect(await trackOf(bytes)).toMatchObject({ channels: 2, preSkip: 3_840, validSamples: 40_000 });
		// Packets behind the end are left out: 43,840 samples are 15.2 packets.
		expect(await packetsOf(bytes)).toEqual(stereo.packets.slice(0, 16));
	});

	it('puts packets of several kilobytes on pages of their own', async () => {
		const { packets } = await opusAudio(testSignal(2, 48_000, 2), {
			sampleRate: 48_000,
			frameMs: 60,
			bitrate: 510_000,
			application: 'audio',
		});
		const total = packets.reduce((sum, { length }) => sum + length, 0);
		expect(total).toBeGreaterThan(70_000);
		const frames = packets.length * 2_880;
		const { bytes } = await fromVoiceNote(
			opusCaf(packets, { channels: 2, frames: 2_880, valid: frames - 312, priming: 312 }),
		);

		expect(await packetsOf(bytes)).toEqual(packets);
		expect((await trackOf(bytes)).validSamples).toBe(frames - 312);
	});

	it('keeps the output gain of an Ogg file', async () => {
		const { packets, preSkip, endGranule } = await opusAudio(testSignal(1, 24_000, 0.5));
		const { bytes, info } = await fromVoiceNote(oggOpusFile(packets, { preSkip, endGranule, gain: -1_536 }));

		expect(info).toMatchObject({ method: 'remuxed', sourceFormat: 'ogg/opus', durationSeconds: 0.5 });
		expect((await trackOf(bytes)).outputGainDb).toBe(-6);
	});

	it('is encoded if packets are lost', async () => {
		const { packets, preSkip } = await opusAudio(testSignal(1, 24_000, 0.5));
		const lossy = packets.map((packet, index) => (index === 7 ? new Uint8Array(0) : packet));
		const { bytes, info } = await fromVoiceNote(opusCaf(lossy, { frames: 960, valid: 24_000, priming: preSkip }));

		expect(info).toMatchObject({ method: 'encoded', channels: 1, durationSeconds: 0.5 });
		expect(await trackOf(bytes)).toMatchObject({ preSkip: 312, validSamples: 24_000 });
	});

	it('is encoded from audio that is not Opus', async () => {
		const wav = wav16(testSignal(2, 44_100, 0.7), 44_100);
		const { bytes, info } = await fromVoiceNote(wav, { format: 'ogg' });

		expect(info).toMatchObject({ method: 'encoded', sourceFormat: 'wav', channels: 1, durationSeconds: 0.7 });
		const note = await toVoiceNote(bytes);
		const heard = await decodeVoiceNote(note.bytes);
		expect(heard).toHaveLength(16_800);
	});
});

describe('a voice note as WAV', () => {
	it.each([
		[16_000, 1],
		[24_000, 1],
		[16_000, 2.0123],
	])('of %d Hz and %d s has every sample', async (sampleRate, seconds) => {
		const note = await ourNote(seconds);
		const { bytes, info } = await fromVoiceNote(note, { format: 'wav', sampleRate });

		const samples = Math.round((readVoiceNote(note).validFrames * sampleRate) / 24_000);
		expect(info).toEqual({
			method: 'decoded',
			sourceFormat: 'caf/opus',
			format: 'wav',
			durationSeconds: samples / sampleRate,
			bytes: 44 + 2 * samples,
			sampleRate,
			channels: 1,
		});
		expect(bytes).toHaveLength(44 + 2 * samples);
	});

	it('sounds as libopus decodes the note', async () => {
		const note = await ourNote(1);
		const { bytes } = await fromVoiceNote(note, { format: 'wav', sampleRate: 24_000 });

		expect(largestDifference([wavSamples(bytes)], [await decodeVoiceNote(note)])).toBeLessThan(1 / 32_768);
	});

	it('leaves 16-bit mono audio of the same rate as it is', async () => {
		const wav = wav16(testSignal(1, 16_000, 0.3), 16_000);
		expect(Buffer.from((await fromVoiceNote(wav, { format: 'wav' })).bytes).equals(Buffer.from(wav))).toBe(true);
	});

	it('mixes stereo down and resamples it', async () => {
		const [left] = testSignal(1, 48_000, 0.5);
		const { bytes } = await fromVoiceNote(wav16([left, left], 48_000), { format: 'wav', sampleRate: 24_000 });
		const [expected] = testSignal(1, 24_000, 0.5, 0.5);

		// The signals differ in their noise, which lies 26 dB below the tone.
		expect(signalToNoise([wavSamples(bytes)], [expected])).toBeGreaterThan(15);
	});
});

describe('what cannot be converted', () => {
	it.each([
		['text', Buffer.from('Hello, this is no audio at all'), 'notAudio'],
		['nothing', new Uint8Array(0), 'notAudio'],
	])('is refused: %s', async (_, bytes, code) => {
		for (const format of ['ogg', 'wav'] as const) {
			expect((await voiceNoteErrorOf(() => fromVoiceNote(bytes, { format }))).code).toBe(code);
		}
	});

	it('is refused: a note without a sample', async () => {
		const { packets } = await opusAudio(testSignal(1, 24_000, 0.02));
		const empty = opusCaf(packets.slice(0, 1), { frames: 960, valid: 0, priming: 960 });
		for (const format of ['ogg', 'wav'] as const) {
			expect((await voiceNoteErrorOf(() => fromVoiceNote(empty, { format }))).code).toBe('notAudio');
		}
	});

	it.each([{ format: 'flac' as 'ogg' }, { format: 'wav' as const, sampleRate: 44_100 }])(
		'is refused: the option %j',
		async (options) => {
			const note = await ourNote(0.1);
			expect((await voiceNoteErrorOf(() => fromVoiceNote(note, options))).code).toBe('badOption');
		},
	);

	it('stops when it is cancelled', async () => {
		const note = await ourNote(0.1);
		const stop = new AbortController();
		stop.abort();
		expect((await voiceNoteErrorOf(() => fromVoiceNote(note, { signal: stop.signal }))).code).toBe('cancelled');
	});
});

describe("Apple's own voice note", () => {
	it('goes into Ogg packet by packet', async () => {
		const note = readFileSync(APPLE_NOTE);
		const { bytes, info } = await fromVoiceNote(note);

		expect(info).toMatchObject({ method: 'remuxed', sourceFormat: 'caf/opus', durationSeconds: 3 });
		expect(await trackOf(bytes)).toMatchObject({ preSkip: 312, validSamples: 144_000 });
		expect(await packetsOf(bytes)).toEqual(packetsOfCaf(note));
		expect(readCaf(note).packetTable?.packetSizes).toHaveLength(151);
	});

	it('has 48,000 samples at 16 kHz', async () => {
		const { info } = await fromVoiceNote(readFileSync(APPLE_NOTE), { format: 'wav' });
		expect(info).toMatchObject({ method: 'decoded', durationSeconds: 3, bytes: 44 + 96_000 });
	});
});
