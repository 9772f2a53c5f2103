import {
	bandLevels,
	compareAudio,
	concat,
	countClips,
	fromFloat32Le,
	measureTone,
	noise,
	peak,
	rms,
	scale,
	silence,
	speechLike,
	sweep,
	toDecibels,
	tone,
	wav16,
	wavFloat,
} from '../../support/quality/index.cts';

const RATE = 24_000;
const speech = speechLike(3, RATE);

describe('compareAudio', () => {
	it('finds nothing wrong with the same audio', () => {
		expect(compareAudio(speech, speech, RATE)).toMatchObject({
			lagSamples: 0,
			lengthRatio: 1,
			inverted: false,
			snrDb: Infinity,
			siSdrDb: Infinity,
			lsdDb: 0,
			clipped: false,
			silent: false,
		});
		expect(compareAudio(speech, speech, RATE).gainDb).toBeCloseTo(0, 9);
		expect(compareAudio(speech, speech, RATE).stoi).toBeCloseTo(1, 9);
	});

	it('sees a delay and takes it out', () => {
		const late = compareAudio(speech, concat(silence(0.05, RATE), speech), RATE);
		expect(late.lagSamples).toBe(1200);
		expect(late.snrDb).toBeGreaterThan(100);
		const early = compareAudio(speech, speech.subarray(333), RATE);
		expect(early.lagSamples).toBe(-333);
		expect(early.snrDb).toBeGreaterThan(100);
	});

	it('sees a gain, which harms the SNR but not the SI-SDR', () => {
		const half = compareAudio(speech, scale(speech, 0.5), RATE);
		expect(half.gainDb).toBeCloseTo(-6.02, 2);
		expect(half.snrDb).toBeCloseTo(6.02, 1);
		expect(half.siSdrDb).toBeGreaterThan(100);
		expect(compareAudio(speech, scale(speech, -1), RATE).inverted).toBe(true);
	});

	it('puts a number on noise', () => {
		const level = rms(speech);
		const hiss = scale(noise(3, RATE, Math.sqrt(3)), level / 10);
		const noisy = speech.map((sample, i) => sample + hiss[i]);
		const { snrDb, siSdrDb, stoi, lsdDb } = compareAudio(speech, noisy, RATE);
		expect(Math.abs(snrDb - 20)).toBeLessThan(0.2);
		expect(Math.abs(siSdrDb - 20)).toBeLessThan(0.2);
		expect(stoi).toBeLessThan(0.99);
		expect(stoi).toBeGreaterThan(0.7);
		expect(lsdDb).toBeGreaterThan(3);
	});

	it('condemns half speed, another voice, and the wrong end first', () => {
		const slow = Float32Array.from({ length: 2 * speech.length }, (_, i) => speech[i >> 1]);
		for (const wrong of [slow, speechLike(3, RATE, 2), speech.slice().reverse()]) {
			const { siSdrDb, stoi } = compareAudio(speech, wrong, RATE);
			expect(siSdrDb).toBeLessThan(0);
			expect(stoi).toBeLessThan(0.6);
		}
		expect(compareAudio(speech, slow, RATE).lengthRatio).toBe(2);
	});

	it('sees silence', () => {
		expect(compareAudio(speech, silence(3, RATE), RATE)).toMatchObject({
			silent: true,
			snrDb: -Infinity,
			siSdrDb: -Infinity,
			stoi: 0,
		});
		expect(compareAudio(speech, new Float32Array(0), RATE)).toMatchObject({ silent: true, lengthRatio: 0 });
	});

	it('sees clipping', () => {
		const clipped = scale(speech, 4).map((sample) => Math.max(-1, Math.min(1, sample)));
		const result = compareAudio(speech, clipped, RATE);
		expect(result.clipped).toBe(true);
		expect(result.siSdrDb).toBeLessThan(25);
		expect(countClips(clipped)).toBeGreaterThan(10);
		expect(countClips(speech)).toBe(0);
	});
});

describe('bandLevels', () => {
	it('puts a tone into its band at its level', () => {
		const levels = bandLevels(tone(1000, 1, RATE, 1), RATE, [0, 500, 2000, 12_000]);
		expect(levels[1]).toBeCloseTo(-3.01, 1);
		expect(levels[0]).toBeLessThan(-60);
		expect(levels[2]).toBeLessThan(-60);
	});
});

describe('measureTone', () => {
	it('finds amplitude, phase and what is left', () => {
		const samples = tone(1234, 0.2, RATE, 0.3);
		const { amplitude, phase, residualDb } = measureTone(samples, 1234, RATE);
		expect(amplitude).toBeCloseTo(0.3, 6);
		expect(phase).toBeCloseTo(-Math.PI / 2, 6);
		expect(residualDb).toBeLessThan(-120);
	});
});

describe('signals', () => {
	it('sweeps from one frequency to the other', () => {
		const samples = sweep(100, 3200, 1, RATE, 0.4);
		const crossings = (from: number, to: number): number => {
			let count = 0;
			for (let i = from + 1; i < to; i++) if (samples[i - 1] < 0 && samples[i] >= 0) count++;
			return count;
		};
		expect(Math.abs(crossings(0, 2400) - 12)).toBeLessThan(3);
		expect(Math.abs(crossings(21_600, 24_000) - 271)).toBeLessThan(6);
		expect(peak(samples)).toBeCloseTo(0.4, 3);
	});

	it('makes the same speech from the same seed, with the spectrum and the pauses of a voice', () => {
		expect(speechLike(1, RATE, 5)).toEqual(speechLike(1, RATE, 5));
		expect(speechLike(1, RATE, 5)).not.toEqual(speechLike(1, RATE, 6));
		expect(speech).toHaveLength(3 * RATE);
		expect(peak(speech)).toBeCloseTo(0.7, 5);
		expect(Math.abs(toDecibels(rms(speech)) + 20)).toBeLessThan(5);
		const [rumble, voice, hiss] = bandLevels(speech, RATE, [0, 80, 4000, 12_000]);
		expect(voice - rumble).toBeGreaterThan(15);
		expect(voice - hiss).toBeGreaterThan(5);
		expect(voice - hiss).toBeLessThan(35);
	});
});

describe('WAV writer', () => {
	it('writes the header and interleaved 16-bit samples, clipped at full scale', () => {
		const bytes = wav16([Float32Array.of(0, 0.5, 2), Float32Array.of(-1, -2, -0.5)], 8000);
		const view = new DataView(bytes.buffer);
		expect(Buffer.from(bytes.subarray(0, 16)).toString('latin1')).toMatch(/^RIFF....WAVEfmt $/s);
		expect([view.getUint32(4, true), view.getUint32(40, true), bytes.length]).toEqual([48, 12, 56]);
		expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true)]).toEqual([1, 2, 8000]);
		const samples = Array.from({ length: 6 }, (_, i) => view.getInt16(44 + 2 * i, true));
		expect(samples).toEqual([0, -32768, 16384, -32768, 32767, -16384]);
	});

	it('writes floats unchanged', () => {
		const samples = Float32Array.of(0.1, -3, 1e-20);
		expect(fromFloat32Le(wavFloat([samples], 8000).subarray(44))).toEqual(samples);
	});
});
