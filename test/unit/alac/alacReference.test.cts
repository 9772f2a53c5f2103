import { AlacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/alac/alacDecoder';
import type { IntegerSignal } from '../../support/pcm/alacStreams.cjs';
import type { CafFile } from '../../support/caf.cjs';
import { kept } from '../../support/kept.cts';

import { alacByFfmpeg, alacBySndfile, integerSignal } from '../../support/pcm/alacStreams.cts';
import { testWithTools, withDirectory } from '../../support/pcm/tools.cts';

/** The speakers in the order ffmpeg takes its input, by the number of channels. */
const FFMPEG_ORDER: Record<number, string[]> = {
	1: ['C'],
	2: ['L', 'R'],
	6: ['L', 'R', 'C', 'LFE', 'Ls', 'Rs'],
};

/** Decodes all packets and expects the very samples that went in; `inputOrder` names the input's channels. */
function expectLossless(stream: CafFile, signal: IntegerSignal, inputOrder?: string[]): void {
	const decoder = new AlacDecoder(stream.cookie);
	expect(decoder).toMatchObject({ channels: signal.channels, sampleRate: 44100 });
	const blocks = stream.packets.map((packet) => kept(decoder.decode(packet)));
	decoder.free();
	const expected = integerSignal(signal);
	decoder.layout.forEach((speaker, channel) => {
		const input = expected[inputOrder === undefined ? channel : inputOrder.indexOf(speaker)];
		const decoded = blocks.flatMap((block) => [...block[channel]]);
		// The last packet may be filled up.
		expect(decoded.length).toBeGreaterThanOrEqual(signal.frames);
		expect(decoded.length).toBeLessThan(signal.frames + decoder.framesPerPacket);
		const wrong = input.findIndex((sample, i) => decoded[i] !== Math.fround(sample / 2 ** (signal.bits - 1)));
		expect(wrong).toBe(-1);
	});
}

describe('by ffmpeg', () => {
	const signals: IntegerSignal[] = [
		{ kind: 'tone', channels: 1, frames: 10_000, bits: 16 },
		{ kind: 'tone', channels: 2, frames: 10_000, bits: 16 },
		{ kind: 'tone', channels: 6, frames: 9000, bits: 16 },
		{ kind: 'tone', channels: 1, frames: 10_000, bits: 24 },
		{ kind: 'tone', channels: 2, frames: 10_000, bits: 24 },
		{ kind: 'tone', channels: 6, frames: 5000, bits: 24 },
		{ kind: 'noise', channels: 2, frames: 5000, bits: 16 },
		{ kind: 'noise', channels: 1, frames: 5000, bits: 24 },
		{ kind: 'noise', channels: 2, frames: 5000, bits: 24 },
		{ kind: 'clicks', channels: 2, frames: 20_000, bits: 16 },
	];
	for (const signal of signals) {
		const title = `${signal.kind}, ${signal.bits} bits, ${signal.channels} channels`;
		testWithTools(['ffmpeg'], title, () =>
			withDirectory((directory) =>
				expectLossless(alacByFfmpeg(directory, signal), signal, FFMPEG_ORDER[signal.channels]),
			),
		);
	}

	for (const order of [1, 4, 8, 16, 30]) {
		testWithTools(['ffmpeg'], `prediction order ${order}`, () =>
			withDirectory((directory) => {
				const signal: IntegerSignal = { kind: 'tone', channels: 2, frames: 9000, bits: 16 };
				const orders = ['-min_prediction_order', String(order), '-max_prediction_order', String(order)];
				expectLossless(alacByFfmpeg(directory, signal, orders), signal);
			}),
		);
	}

	for (const level of [0, 1]) {
		testWithTools(['ffmpeg'], `compression level ${level}`, () =>
			withDirectory((directory) => {
				const signal: IntegerSignal = { kind: 'tone', channels: 2, frames: 9000, bits: 16 };
				expectLossless(alacByFfmpeg(directory, signal, ['-compression_level', String(level)]), signal);
			}),
		);
	}
});

describe("by Apple's encoder in libsndfile", () => {
	const signals: IntegerSignal[] = [];
	for (const bits of [16, 20, 24, 32]) {
		for (const channels of [1, 2]) {
			signals.push({ kind: 'tone', channels, frames: 10_000, bits });
			// libsndfile 1.2 writes incompressible stereo of these depths wrongly, and cannot read it back itself.
			const isBroken = channels === 2 && (bits === 20 || bits === 24);
			if (!isBroken) signals.push({ kind: 'noise', channels, frames: 5000, bits });
			signals.push({ kind: 'clicks', channels, frames: 20_000, bits });
		}
	}
	for (const channels of [3, 4, 5, 6, 7, 8]) signals.push({ kind: 'tone', channels, frames: 5000, bits: 16 });
	signals.push({ kind: 'tone', channels: 6, frames: 5000, bits: 24 });

	for (const signal of signals) {
		const title = `${signal.kind}, ${signal.bits} bits, ${signal.channels} channels`;
		testWithTools(['sndfile-convert'], title, () =>
			withDirectory((directory) => expectLossless(alacBySndfile(directory, signal), signal)),
		);
	}
});
