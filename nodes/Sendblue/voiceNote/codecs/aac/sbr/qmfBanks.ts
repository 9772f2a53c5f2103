import type { QmfAnalysis, QmfSynthesis } from './qmf';
import { createScalarSynthesis, ScalarAnalysis } from './scalarQmf';
import { createVectorAnalysis, createVectorSynthesis } from './vectorQmf';

/** @param frameLength Samples of the core in a frame. */
export function createQmfAnalysis(frameLength: number): QmfAnalysis {
	return createVectorAnalysis(frameLength) ?? new ScalarAnalysis(frameLength);
}

/**
 * @param bands 32 for sound at the core's rate, 64 for twice that.
 * @param frameLength Samples of the core in a frame.
 */
export function createQmfSynthesis(bands: 32 | 64, frameLength: number): QmfSynthesis {
	return createVectorSynthesis(bands, frameLength) ?? createScalarSynthesis(bands, frameLength);
}
