/** The options that change what is heard: loudness, silent ends, silence in front, longest duration. */
import { LoudnessMeter } from '../../../nodes/Sendblue/voiceNote/dsp/loudness';
import { toVoiceNote, toVoiceNotes } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { decodeVoiceNote } from '../../support/core/decodeVoiceNote.cts';
import { faultsOf } from '../../support/core/fidelity.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { concat, peak, rms, scale, silence, speechLike, toDecibels, wavFloat } from '../../support/quality/index.cts';

const RATE = 24_000;
const speech = speechLike(3, RATE, 11);
const wav = (samples: Float32Array) => wavFloat([samples], RATE);

async function heard(samples: Float32Array, options: Parameters<typeof toVoiceNote>[1]): Promise<Float32Array> {
	return decodeVoiceNote((await toVoiceNote(wav(samples), options)).bytes);
}

function loudnessOf(samples: Float32Array) {
	const meter = new LoudnessMeter(RATE);
	meter.push(samples);
	return meter.finish();
}

describe('Normalise Loudness', () => {
	test.each([
		['quiet speech', scale(speech, 0.1)],
		['loud speech', scale(speech, 0.9 / peak(speech))],
	])('%s comes out at −16 LUFS', async (_, samples) => {
		const { integratedLufs, truePeakDbtp } = loudnessOf(await heard(samples, { normaliseLoudness: true }));
		expect(integratedLufs).toBeGreaterThan(-17);
		expect(integratedLufs).toBeLessThan(-15);
		// Opus may overshoot the limiter's ceiling of −1.5 dBTP a little, but must not clip.
		expect(truePeakDbtp).toBeLessThan(0);
	});

	test('leaves the level alone if it is not asked for', async () => {
		const quiet = scale(speech, 0.1);
		expect(Math.abs(toDecibels(rms(await heard(quiet, {})) / rms(quiet)))).toBeLessThan(0.5);
	});

	test('does not lift silence', async () => {
		expect(rms(await heard(silence(1, RATE), { normaliseLoudness: true }))).toBeLessThan(1e-4);
	});
});

test('Trim Silence cuts the ends to a tenth of a second and keeps pauses inside', async () => {
	const pause = silence(1, RATE);
	const talk = concat(speech, pause, speech);
	const trimmed = await heard(concat(silence(2, RATE), talk, silence(3, RATE)), { trimSilence: true });
	const seconds = trimmed.length / RATE;
	expect(seconds).toBeGreaterThan(talk.length / RATE - 0.5);
	expect(seconds).toBeLessThan(talk.length / RATE + 0.25);
});

test('Leading Silence puts exactly that much silence in front', async () => {
	const delayed = await heard(speech, { leadingSilenceMs: 150 });
	const lead = 0.15 * RATE;
	expect(delayed.length).toBe(speech.length + lead);
	expect(rms(delayed.subarray(0, lead - 240))).toBeLessThan(1e-3);
	expect(faultsOf(speech, delayed.subarray(lead))).toEqual([]);
});

test('Opus that would be moved is encoded if the sound is to change', async () => {
	const audio = await opusAudio([speech]);
	const file = oggOpusFile(audio.packets, audio);
	expect((await toVoiceNote(file)).info.method).toBe('remuxed');
	expect((await toVoiceNote(file, { leadingSilenceMs: 100 })).info.method).toBe('encoded');
});

describe('Maximum Duration', () => {
	const maximum = (seconds: number, onExceed: 'fail' | 'cut' | 'split') => ({ maximumDuration: { seconds, onExceed } });

	test('refuses longer audio, encoded or moved', async () => {
		const audio = await opusAudio([speech]);
		for (const file of [wav(speech), oggOpusFile(audio.packets, audio)]) {
			const error = await voiceNoteErrorOf(() => toVoiceNote(file, maximum(2, 'fail')));
			expect(error).toMatchObject({ code: 'limit', message: expect.stringContaining('2 seconds') });
		}
	});

	test('lets audio of exactly that length pass untouched', async () => {
		const { info, hints } = await toVoiceNote(wav(speech), maximum(3, 'cut'));
		expect(info.durationSeconds).toBe(3);
		expect(hints).toEqual([]);
	});

	test('cuts longer audio with a short fade and says so', async () => {
		const { bytes, info, hints } = await toVoiceNote(wav(speech), maximum(1.25, 'cut'));
		const cut = await decodeVoiceNote(bytes);
		const upToFade = cut.length - 0.04 * RATE;
		expect(info.durationSeconds).toBe(1.25);
		expect(hints).toEqual([expect.stringContaining('1.25 seconds')]);
		expect(faultsOf(speech.slice(0, upToFade), cut.subarray(0, upToFade))).toEqual([]);
		expect(rms(cut.subarray(-120))).toBeLessThan(rms(cut) / 4);
	});

	test('cuts Opus that could otherwise be moved', async () => {
		const audio = await opusAudio([speech]);
		const { info } = await toVoiceNote(oggOpusFile(audio.packets, audio), maximum(1, 'cut'));
		expect(info).toMatchObject({ method: 'encoded', durationSeconds: 1 });
	});

	test('splits longer audio into notes that give the whole again', async () => {
		const notes = await toVoiceNotes(wav(speech), maximum(1.25, 'split'));
		expect(notes.map(({ info }) => info.durationSeconds)).toEqual([1.25, 1.125, 0.625]);
		const parts = await Promise.all(notes.map(({ bytes }) => decodeVoiceNote(bytes)));
		expect(faultsOf(speech, concat(...parts))).toEqual([]);
	});

	test.each([
		[2.98, [2, 1]],
		[2.5, [2, 1]],
		[1.45, [1.45, 0.825, 0.725]],
	])('split at %d s leaves no note that is over at once', async (seconds, durations) => {
		const notes = await toVoiceNotes(wav(speech), maximum(seconds, 'split'));
		expect(notes.map(({ info }) => info.durationSeconds)).toEqual(durations);
	});

	test('does not leave an empty note where the length comes out even', async () => {
		const notes = await toVoiceNotes(wav(speech), maximum(1.5, 'split'));
		expect(notes.map(({ info }) => info.durationSeconds)).toEqual([1.5, 1.5]);
	});

	test('one voice note cannot be split', async () => {
		const error = await voiceNoteErrorOf(() => toVoiceNote(wav(speech), maximum(1, 'split')));
		expect(error.code).toBe('badOption');
	});

	test.each([0, -1, Number.NaN, Infinity])('%p seconds are refused', async (seconds) => {
		expect((await voiceNoteErrorOf(() => toVoiceNote(wav(speech), maximum(seconds, 'cut')))).code).toBe('badOption');
	});
});

test.each([-1, 10_001, Number.NaN])('a leading silence of %p ms is refused', async (leadingSilenceMs) => {
	expect((await voiceNoteErrorOf(() => toVoiceNote(wav(speech), { leadingSilenceMs }))).code).toBe('badOption');
});

test('a fifth of a second is enough for all of them', async () => {
	const short = speech.slice(2_400, 2_400 + 0.2 * RATE);
	const { info } = await toVoiceNote(wav(short), { normaliseLoudness: true, trimSilence: true, leadingSilenceMs: 20 });
	expect(info.durationSeconds).toBeGreaterThan(0.1);
});
