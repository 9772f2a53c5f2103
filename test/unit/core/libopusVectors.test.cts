import type { Libopus } from '../../../nodes/Sendblue/voiceNote/codecs/opus/opusCodec';
import { libopusModule } from '../../../nodes/Sendblue/voiceNote/vendor/libopus';
import { scalarLibopusModule } from '../../../nodes/Sendblue/voiceNote/vendor/scalarLibopus';
import { toHex } from '../../support/bytes.cts';
import { concat, noise, silence, speechLike, tone } from '../../support/quality/index.cts';

// The build with vector instructions has code of our own in the place of some of libopus'; the other one has none.

const FRAME = 480;
const MAX_BYTES = 1_276;
const FLOAT_BYTES = 4;

const quiet = concat(silence(0.2, 24_000), speechLike(4, 24_000, 31), noise(0.5, 24_000, 32), tone(330, 0.5, 24_000));
/** Far beyond full scale, which takes the fixed-point code to its limits. */
const overdriven = quiet.map((sample) => sample * 40);

function packetsOf(module: Uint8Array, samples: Float32Array, bitrate: number, complexity: number): string[] {
	const library = new WebAssembly.Instance(new WebAssembly.Module(module)).exports as Libopus;
	library._initialize();
	const encoder = library.createEncoder(24_000, bitrate, complexity);
	const pcm = library.allocate(FRAME * FLOAT_BYTES);
	const packet = library.allocate(MAX_BYTES);
	return Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) => {
		new Float32Array(library.memory.buffer, pcm, FRAME).set(samples.subarray(frame * FRAME, (frame + 1) * FRAME));
		const bytes = library.encode(encoder, pcm, FRAME, packet, MAX_BYTES);
		return toHex(new Uint8Array(library.memory.buffer, packet, bytes));
	});
}

describe('packets are the same with and without vector instructions', () => {
	test.each([
		// Every number of states that libopus keeps: two, two without warping, three, four.
		[32_000, 5],
		[12_000, 3],
		[20_000, 7],
		[24_000, 10],
		[8_000, 10],
		[64_000, 5],
	])('%i bit/s, complexity %i', (bitrate, complexity) => {
		for (const samples of [quiet, overdriven]) {
			const packets = packetsOf(libopusModule, samples, bitrate, complexity);
			expect(packets).toEqual(packetsOf(scalarLibopusModule, samples, bitrate, complexity));
			expect(new Set(packets).size).toBeGreaterThan(100);
		}
	});
});
