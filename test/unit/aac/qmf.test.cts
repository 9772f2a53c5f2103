/** The QMF banks of spectral band replication, in JavaScript and by vector instructions. */
import type { QmfAnalysis, QmfSynthesis } from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/qmf';
import {
	createQmfSignals,
	createScalarSynthesis,
	MAX_SLOTS,
	ScalarAnalysis,
} from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/qmf';
import {
	createVectorAnalysis,
	createVectorSynthesis,
} from '../../../nodes/Sendblue/voiceNote/codecs/aac/sbr/vectorQmf';
import { snr } from '../../support/aac/decode.cts';
import { noise } from '../../support/quality/index.cts';

const FRAMES = 6;
/** Samples of the core by which both banks together are late. */
const DELAY = 289;
/** What the banks keep of a sound; and what single precision leaves of it, against double. */
const MIN_RECONSTRUCTION = 55;
const MIN_AGREEMENT = 115;

interface Banks {
	analysis: QmfAnalysis;
	synthesis: QmfSynthesis;
}

const scalarBanks = (bands: 32 | 64, frameLength: number): Banks => ({
	analysis: new ScalarAnalysis(frameLength),
	synthesis: createScalarSynthesis(bands, frameLength),
});

function vectorBanks(bands: 32 | 64, frameLength: number): Banks {
	const [analysis, synthesis] = [createVectorAnalysis(frameLength), createVectorSynthesis(bands, frameLength)];
	if (!analysis || !synthesis) throw new Error('This processor has no vector instructions');
	return { analysis, synthesis };
}

/** What comes out of both banks, one behind the other, of the lower 32 bands. */
function throughBanks({ analysis, synthesis }: Banks, sound: Float32Array, frameLength: number): Float32Array {
	const out = new Float32Array((sound.length / 32) * synthesis.bands);
	const slots = frameLength / 32;
	const low = createQmfSignals(32, MAX_SLOTS + 8);
	for (let start = 0; start < sound.length; start += frameLength) {
		analysis.analyse(sound.subarray(start, start + frameLength), low, 4);
		synthesis.real.fill(0);
		synthesis.imaginary.fill(0);
		for (let band = 0; band < 32; band++) {
			for (let slot = 0; slot < slots; slot++) {
				synthesis.real[band * MAX_SLOTS + slot] = low.real[band * low.stride + 4 + slot];
				synthesis.imaginary[band * MAX_SLOTS + slot] = low.imaginary[band * low.stride + 4 + slot];
			}
		}
		const first = (start / 32) * synthesis.bands;
		synthesis.synthesize(out.subarray(first, first + slots * synthesis.bands));
	}
	return out;
}

describe.each([
	[32, 1_024],
	[64, 1_024],
	[32, 960],
	[64, 960],
] as const)('%i bands, frames of %i samples', (bands, frameLength) => {
	const sound = noise(1, FRAMES * frameLength, 0.3, 5);

	test('both banks do the same', () => {
		const expected = throughBanks(scalarBanks(bands, frameLength), sound, frameLength);
		const actual = throughBanks(vectorBanks(bands, frameLength), sound, frameLength);
		expect(snr(expected, actual)).toBeGreaterThan(MIN_AGREEMENT);
	});

	test('a sound comes through them, late', () => {
		const out = throughBanks(vectorBanks(bands, frameLength), sound, frameLength);
		const late = (DELAY * bands) / 32;
		const heard = Float32Array.from({ length: sound.length - DELAY }, (_, i) => out[late + (i * bands) / 32]);
		expect(snr(sound.subarray(0, heard.length), heard)).toBeGreaterThan(bands === 32 ? MIN_RECONSTRUCTION : 20);
	});

	test('what was cleared is forgotten', () => {
		const { analysis, synthesis } = vectorBanks(bands, frameLength);
		throughBanks({ analysis, synthesis }, sound, frameLength);
		analysis.clear();
		synthesis.clear();
		const silence = new Float32Array(frameLength);
		expect(throughBanks({ analysis, synthesis }, silence, frameLength).every((sample) => sample === 0)).toBe(true);
	});
});
