import { LeadingSilence, MaximumLength } from '../../../nodes/Sendblue/voiceNote/dsp/edges';
import { chainStages, joinBlocks } from '../../../nodes/Sendblue/voiceNote/dsp/stage';
import { Gain } from '../../../nodes/Sendblue/voiceNote/dsp/leveller';
import { concat, splitUnevenly } from '../../support/quality/index.cts';
import { run, runBlocks } from './stages.cts';

const ones = (length: number): Float32Array => new Float32Array(length).fill(1);

describe('LeadingSilence', () => {
	it('puts the silence in front, once', () => {
		const output = runBlocks(new LeadingSilence(50), [ones(10), ones(20)]);
		expect(output).toEqual(concat(new Float32Array(50), ones(30)));
	});

	it('stands even if no audio follows, and costs nothing at length 0', () => {
		expect(runBlocks(new LeadingSilence(5), [])).toEqual(new Float32Array(5));
		const block = ones(3);
		expect(new LeadingSilence(0).push(block)).toBe(block);
	});
});

describe('MaximumLength', () => {
	it.each([0, 1, 70, 99, 100])('leaves audio of %i samples as it is under a limit of 100', (length) => {
		const input = Float32Array.from({ length }, (_, i) => i + 1);
		for (const blocks of [[input], splitUnevenly(input, 9)]) {
			const stage = new MaximumLength(100, 30);
			expect(runBlocks(stage, blocks)).toEqual(input);
			expect(stage.cut).toBe(false);
		}
	});

	it.each([101, 130, 1000])('cuts audio of %i samples at 100 and fades it out', (length) => {
		for (const blocks of [[ones(length)], splitUnevenly(ones(length), 9)]) {
			const stage = new MaximumLength(100, 30);
			const output = runBlocks(stage, blocks);
			expect(stage.cut).toBe(true);
			expect(output).toHaveLength(100);
			expect(output.subarray(0, 70)).toEqual(ones(70));
			for (let i = 70; i < 100; i++) expect(output[i]).toBeLessThan(output[i - 1]);
			expect(output[84]).toBeCloseTo(0.5, 6);
			expect(output[99]).toBeCloseTo(0, 6);
		}
	});

	it('copes with a fade longer than the limit and with none', () => {
		expect(run(new MaximumLength(10, 30), ones(20))).toHaveLength(10);
		expect(run(new MaximumLength(10, 0), ones(20))).toEqual(ones(10));
	});

	it('does not change its input', () => {
		const input = ones(200);
		run(new MaximumLength(100, 30), input);
		expect(input).toEqual(ones(200));
	});
});

describe('chainStages', () => {
	it('flushes every stage through those behind it', () => {
		const chain = chainStages(new MaximumLength(100, 30), new LeadingSilence(5), new Gain(20));
		expect(runBlocks(chain, splitUnevenly(ones(90), 20))).toEqual(concat(new Float32Array(5), ones(90).fill(10)));
	});

	it('passes blocks as they are without a stage', () => {
		const block = ones(4);
		expect(chainStages().push(block)).toBe(block);
		expect(chainStages().flush()).toHaveLength(0);
	});
});

describe('joinBlocks', () => {
	it('joins in order and skips empty blocks', () => {
		const lone = ones(2);
		expect(joinBlocks([new Float32Array(0), lone])).toBe(lone);
		expect(joinBlocks([ones(1), new Float32Array(0), ones(2)])).toEqual(ones(3));
		expect(joinBlocks([])).toHaveLength(0);
	});
});
