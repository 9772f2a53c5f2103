import type { PcmBlock } from '../../../nodes/Sendblue/voiceNote/pcm/pcmSource';
import { AacDecoder } from '../../../nodes/Sendblue/voiceNote/codecs/aac/aacDecoder';
import { adtsFrames } from '../../../nodes/Sendblue/voiceNote/containers/adts/demuxAdts';
import { parseAudioSpecificConfig } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';
import { scalefactorBands } from '../../../nodes/Sendblue/voiceNote/codecs/aac/icsInfo';
import { VoiceNoteError } from '../../../nodes/Sendblue/voiceNote/errors';
import type { Random as RandomChoices } from '../../support/random.cjs';

import { adtsFrame } from '../../support/aac/adtsWriter.cts';
import { joinBytes } from '../../support/bytes.cts';
import { FIXTURES, readFixture } from '../../support/aac/fixtures.cts';
import { Random } from '../../support/random.cts';
import { randomBlocks } from '../../support/aac/randomFrames.cts';
import { cpuNow } from '../../support/clock.cts';

/** Changes, cuts or lengthens some bytes. */
function mutate(random: RandomChoices, bytes: Uint8Array): Uint8Array {
	const changed = Uint8Array.from(bytes);
	const changes = random.integer(1, 6);
	for (let i = 0; i < changes && changed.length > 0; i++) {
		const place = random.integer(0, changed.length - 1);
		changed[place] = random.chance(0.5) ? changed[place] ^ (1 << random.integer(0, 7)) : random.integer(0, 255);
	}
	if (random.chance(0.2)) return changed.subarray(0, random.integer(0, changed.length));
	if (random.chance(0.1)) return joinBytes(...[changed, changed]);
	return changed;
}

/** The result of a call, or the error it threw, which must be ours. */
function attempt<T>(call: () => T): T | VoiceNoteError {
	try {
		return call();
	} catch (error) {
		if (error instanceof VoiceNoteError) return error;
		throw error;
	}
}

/** Sample by sample; quicker than jest's own comparison of large arrays. */
const areSame = (first: PcmBlock, second: PcmBlock) =>
	first.every((channel, i) => channel.every((sample, n) => sample === second[i][n]));

const isFinitePcm = (pcm: PcmBlock) => pcm.every((channel) => channel.every(Number.isFinite));

const streams = [
	...FIXTURES.map(({ name }) => ({ name, bytes: readFixture(name) })),
	...[1, 2, 6].map((channelConfiguration) => {
		const blocks = randomBlocks(
			new Random(channelConfiguration),
			8,
			channelConfiguration,
			scalefactorBands(44100, 1024),
		);
		const options = { sampleRate: 44100, channelConfiguration };
		return {
			name: `random frames in configuration ${channelConfiguration}`,
			bytes: joinBytes(...blocks.map((block) => adtsFrame([block], options))),
		};
	}),
];

describe('damaged frames', () => {
	test.each(streams)('$name: 120 damaged ones leave the good ones as they are', ({ name, bytes }) => {
		const random = new Random(name.length);
		const frames = [...adtsFrames(bytes)];
		const { config } = frames[0];
		const good = frames.slice(-3).map(({ data }) => data);
		const untouched = new AacDecoder(config);
		const [, , expected] = good.map((data) => untouched.decode(data));
		const decoder = new AacDecoder(config);
		let refused = 0;
		for (let i = 0; i < 120; i++) {
			const data = mutate(random, random.pick(frames).data);
			const result = attempt(() => decoder.decode(data));
			if (result instanceof VoiceNoteError) refused++;
			else expect(isFinitePcm(result)).toBe(true);
			// What a frame leaves behind is gone after two more.
			const [, , after] = good.map((next) => decoder.decode(next));
			expect(areSame(after, expected)).toBe(true);
		}
		expect(refused).toBeGreaterThan(10);
	});

	test('bytes of chance are refused or decoded, nothing else', () => {
		const random = new Random(99);
		const decoders = [1, 2, 6].map((configuration) => {
			const config = parseAudioSpecificConfig(Uint8Array.of(0x12, configuration << 3));
			return new AacDecoder(config);
		});
		for (let i = 0; i < 300; i++) {
			const data = Uint8Array.from({ length: random.integer(0, 900) }, () => random.integer(0, 255));
			const result = attempt(() => random.pick(decoders).decode(data, random.integer(1, 4)));
			if (!(result instanceof VoiceNoteError)) expect(isFinitePcm(result)).toBe(true);
		}
	});

	test('a large packet of zeros or ones ends at once', () => {
		for (const filling of [0x00, 0xff, 0xcc, 0xdf]) {
			const decoder = new AacDecoder(parseAudioSpecificConfig(Uint8Array.of(0x12, 0x10)));
			const started = cpuNow();
			attempt(() => decoder.decode(new Uint8Array(1 << 20).fill(filling)));
			expect(cpuNow() - started).toBeLessThan(2000);
		}
	});
});

describe('damaged streams and configurations', () => {
	test.each(streams)('$name: an ADTS stream damaged 30 times is walked to its end', ({ bytes }) => {
		const random = new Random(bytes.length);
		for (let i = 0; i < 30; i++) {
			const damaged = mutate(random, mutate(random, bytes));
			const frames = attempt(() => [...adtsFrames(damaged)]);
			if (frames instanceof VoiceNoteError) continue;
			expect(frames.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThanOrEqual(damaged.length);
		}
	});

	test('configurations of chance are refused or read', () => {
		const random = new Random(5);
		let read = 0;
		for (let i = 0; i < 2000; i++) {
			// Half of them begin like AAC-LC with a layout of its own.
			const bytes = Uint8Array.from({ length: random.integer(0, 40) }, () => random.integer(0, 255));
			if (random.chance(0.5)) bytes.set([0x12, 0x00].slice(0, bytes.length));
			const config = attempt(() => parseAudioSpecificConfig(bytes));
			if (config instanceof VoiceNoteError) continue;
			read++;
			expect(config.channels).toBeGreaterThan(0);
			expect(config.channels).toBeLessThanOrEqual(8);
			expect(config.sampleRate).toBeGreaterThan(0);
		}
		expect(read).toBeGreaterThan(5);
	});
});
