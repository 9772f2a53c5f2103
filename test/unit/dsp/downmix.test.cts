import { standardLayout } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { createDownmix } from '../../../nodes/Sendblue/voiceNote/dsp/downmix';
import type { Speaker } from '../../../nodes/Sendblue/voiceNote/pcm/speakers';
import { VORBIS_CHANNEL_ORDERS, WAVE_CHANNEL_ORDERS } from '../../../nodes/Sendblue/voiceNote/pcm/speakers';
import { noise, rms, toDecibels, tone } from '../../support/quality/index.cts';

const RATE = 24_000;
const constant = (value: number): Float32Array => new Float32Array(4).fill(value);

/** AAC's own orders, by its channel configurations. */
const AAC_CHANNEL_ORDERS = Object.fromEntries(
	[1, 2, 3, 4, 5, 6, 7, 11, 12, 14].map((configuration) => [
		configuration,
		standardLayout(configuration).flatMap(({ speakers }) => speakers),
	]),
);

/** What one channel alone contributes to the mix, as a factor. */
function weightOf(label: Speaker, order: readonly Speaker[]): number {
	const block = order.map((other) => constant(other === label ? 1 : 0));
	return createDownmix(order)(block)[0];
}

describe('createDownmix', () => {
	it('averages stereo, so that equal channels keep their level and never gain 3 dB', () => {
		const channel = tone(440, 0.1, RATE, 0.9);
		const mono = createDownmix(2)([channel, channel]);
		expect(mono).toEqual(channel);
	});

	it('takes 6 dB off a channel that stands alone in stereo', () => {
		const channel = tone(440, 0.1, RATE, 0.9);
		const mono = createDownmix(['L', 'R'])([channel, new Float32Array(channel.length)]);
		expect(toDecibels(rms(mono) / rms(channel))).toBeCloseTo(-6.02, 2);
	});

	it('returns mono as it is, without a copy', () => {
		const channel = noise(0.01, RATE);
		expect(createDownmix(1)([channel])).toBe(channel);
		expect(createDownmix(['C'])([channel])).toBe(channel);
	});

	it.each([
		['WAVE', WAVE_CHANNEL_ORDERS],
		['Vorbis', VORBIS_CHANNEL_ORDERS],
		['AAC', AAC_CHANNEL_ORDERS],
	])('never exceeds full scale in any %s layout, and reaches it', (_, orders) => {
		for (const order of Object.values(orders)) {
			const full = createDownmix(order)(order.map(() => constant(1)));
			expect(full[0]).toBeCloseTo(1, 6);
			expect(order).toHaveLength(new Set(order).size);
		}
	});

	it('mixes 5.1 by ITU-R BS.775: front -3 dB and surround -6 dB against the centre, no LFE', () => {
		for (const order of [WAVE_CHANNEL_ORDERS[6], VORBIS_CHANNEL_ORDERS[6], AAC_CHANNEL_ORDERS[6]]) {
			const centre = weightOf('C', order);
			expect(centre).toBeCloseTo(1 / (1 + Math.SQRT2 + 1), 6);
			expect(toDecibels(weightOf('L', order) / centre)).toBeCloseTo(-3.01, 2);
			expect(toDecibels(weightOf('R', order) / centre)).toBeCloseTo(-3.01, 2);
			expect(toDecibels(weightOf('Ls', order) / centre)).toBeCloseTo(-6.02, 2);
			expect(toDecibels(weightOf('Rs', order) / centre)).toBeCloseTo(-6.02, 2);
			expect(weightOf('LFE', order)).toBe(0);
		}
	});

	it.each<[string, Speaker[], number]>([
		['AAC 7.1 with speakers beside the centre', AAC_CHANNEL_ORDERS[7], 1 + 4 * Math.SQRT1_2 + 2 * 0.5],
		['AAC 7.1 with speakers above', AAC_CHANNEL_ORDERS[14], 1 + 2 * Math.SQRT1_2 + 4 * 0.5],
		['ALAC 7.1', ['C', 'Lc', 'Rc', 'L', 'R', 'Ls', 'Rs', 'LFE'], 1 + 4 * Math.SQRT1_2 + 2 * 0.5],
		['5.1.2', ['L', 'R', 'C', 'LFE', 'Ls', 'Rs', 'Lvh', 'Rvh'], 1 + 2 * Math.SQRT1_2 + 4 * 0.5],
		['a speaker overhead', ['L', 'R', 'C', 'LFE', 'Ts'], 1 + 2 * Math.SQRT1_2 + 0.5],
	])('keeps the bass effects out of %s and the centre in front', (_, order, total) => {
		expect(weightOf('LFE', order)).toBe(0);
		expect(weightOf('C', order)).toBeCloseTo(1 / total, 6);
		expect(weightOf('L', order)).toBeCloseTo(Math.SQRT1_2 / total, 6);
	});

	it('averages mere numbers of channels, and what is nothing but bass effects', () => {
		const block = [constant(0.3), constant(0.6), constant(0.9)];
		expect(createDownmix(3)(block)[0]).toBeCloseTo(0.6, 6);
		expect(createDownmix(['LFE'])([constant(0.3)])[0]).toBeCloseTo(0.3, 6);
	});

	it.each([1, 2, 6])('turns samples that are not finite into silence (%i channels)', (channels) => {
		const bad = new Float32Array([0.5, NaN, Infinity, -Infinity, 0.5]);
		const mono = createDownmix(channels)(new Array<Float32Array>(channels).fill(bad));
		expect(Array.from(mono, (sample) => Number(sample.toFixed(6)))).toEqual([0.5, 0, 0, 0, 0.5]);
		expect(bad[1]).toBeNaN();
	});

	it('takes empty blocks', () => {
		expect(createDownmix(2)([new Float32Array(0), new Float32Array(0)])).toHaveLength(0);
	});

	it('mixes every block afresh, whatever came before', () => {
		const order = WAVE_CHANNEL_ORDERS[6];
		const block = order.map(() => constant(0.5));
		const downmix = createDownmix(order);
		const first = downmix(block).slice();
		expect(downmix(block)).toEqual(first);
	});

	it('refuses blocks with other channels than announced', () => {
		const corrupt = expect.objectContaining({ name: 'VoiceNoteError', code: 'corrupt' });
		expect(() => createDownmix(2)([constant(1)])).toThrow(corrupt);
		expect(() => createDownmix(2)([])).toThrow(corrupt);
		expect(() => createDownmix(2)([constant(1), new Float32Array(3)])).toThrow(corrupt);
	});

	it('refuses a layout without channels', () => {
		const unsupported = expect.objectContaining({ name: 'VoiceNoteError', code: 'unsupported' });
		expect(() => createDownmix(0)).toThrow(unsupported);
		expect(() => createDownmix([])).toThrow(unsupported);
	});
});
