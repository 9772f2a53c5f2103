import { BlockGatherer } from '../../../nodes/Sendblue/voiceNote/pipeline/monoStream';

const counted = (length: number, from: number) => Float32Array.from({ length }, (_, i) => from + i);

/** What comes out block by block, copied, since each is a borrowed buffer. */
function pushed(gatherer: BlockGatherer, samples: Float32Array): Float32Array[] {
	return Array.from(gatherer.push(samples), (block) => block.slice());
}

test('short blocks come out joined, in their order, once they are enough', () => {
	const gatherer = new BlockGatherer();
	expect(pushed(gatherer, counted(2_000, 0))).toEqual([]);
	expect(pushed(gatherer, new Float32Array(0))).toEqual([]);
	expect(pushed(gatherer, counted(2_096, 2_000))).toEqual([counted(4_096, 0)]);
	expect(pushed(gatherer, counted(5, 4_096))).toEqual([]);
	expect(gatherer.flush()).toEqual(counted(5, 4_096));
	expect(gatherer.flush()).toHaveLength(0);
});

test('a long block comes out in parts, and its end with what follows', () => {
	const gatherer = new BlockGatherer();
	pushed(gatherer, counted(100, 0));
	expect(pushed(gatherer, counted(9_000, 100))).toEqual([counted(4_096, 0), counted(4_096, 4_096)]);
	expect(gatherer.flush()).toEqual(counted(908, 8_192));
});

test('what is given may be used again once it was taken', () => {
	const gatherer = new BlockGatherer();
	const given = counted(3_000, 0);
	pushed(gatherer, given);
	given.fill(0);
	expect(pushed(gatherer, counted(1_096, 3_000))).toEqual([counted(4_096, 0)]);
});
