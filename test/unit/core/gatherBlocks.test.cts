import { BlockGatherer } from '../../../nodes/Sendblue/voiceNote/conversion/gatherBlocks';

const block = (length: number, from: number) => Float32Array.from({ length }, (_, i) => from + i);

test('short blocks come out joined, in their order, once they are enough', () => {
	const gatherer = new BlockGatherer();
	expect(gatherer.push(block(2_000, 0))).toBeUndefined();
	expect(gatherer.push(new Float32Array(0))).toBeUndefined();
	expect(gatherer.push(block(2_096, 2_000))).toEqual(block(4_096, 0));
	expect(gatherer.push(block(5, 4_096))).toBeUndefined();
	expect(gatherer.flush()).toEqual(block(5, 4_096));
	expect(gatherer.flush()).toHaveLength(0);
});

test('a large block passes uncopied', () => {
	const large = block(4_096, 0);
	expect(new BlockGatherer().push(large)).toBe(large);
});
