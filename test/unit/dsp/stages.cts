import type { MonoStage } from '../../../nodes/Sendblue/voiceNote/dsp/stage';
import { concat } from '../../support/quality/index.cts';

/** Sends blocks through a stage and returns all that comes out. */
export function runBlocks(stage: MonoStage, blocks: readonly Float32Array[]): Float32Array {
	const parts = blocks.map((block) => stage.push(block).slice());
	return concat(...parts, stage.flush());
}

/** Sends a signal through a stage in one block. */
export function run(stage: MonoStage, samples: Float32Array): Float32Array {
	return runBlocks(stage, [samples]);
}
