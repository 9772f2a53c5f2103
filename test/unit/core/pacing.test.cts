import { availableParallelism } from 'node:os';
import { PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { toVoiceNote } from '../../../nodes/Sendblue/voiceNote/toVoiceNote';
import { cpuNow } from '../../support/clock.cts';
import { joinBytes } from '../../support/bytes.cts';
import { audioData, cafOf, description, packetTable } from '../../support/core/cafFile.cts';
import { oggOpusFile } from '../../support/core/oggFile.cts';
import { opusAudio } from '../../support/core/opusAudio.cts';
import { voiceNoteErrorOf } from '../../support/core/thrown.cts';
import { noise, speechLike, wav16 } from '../../support/quality/index.cts';

// It measures, and the machine may be busy with other things at that moment.
jest.retryTimes(2);
jest.setTimeout(120_000);

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Ten minutes of 16-bit mono at 16 kHz, 19 MB: two seconds of speech, over and over. */
const tenMinutes = (() => {
	const short = wav16([speechLike(2, 16_000, 31)], 16_000);
	const header = short.slice(0, 44);
	const samples = Buffer.alloc(600 * 32_000, short.subarray(44));
	new DataView(header.buffer).setUint32(4, 36 + samples.length, true);
	new DataView(header.buffer).setUint32(40, samples.length, true);
	return joinBytes(header, samples);
})();

/** Hours of Opus from a few packets. */
async function hours(count: number): Promise<Uint8Array> {
	const { packets } = await opusAudio([speechLike(2, 24_000, 32)]);
	return oggOpusFile(Array.from({ length: count * 180_000 }, (_, i) => packets[i % packets.length]));
}

describe('cancelling', () => {
	test('before the start does nothing at all', async () => {
		const error = await voiceNoteErrorOf(() => toVoiceNote(new Uint8Array(0), { signal: AbortSignal.abort() }));
		expect(error.code).toBe('cancelled');
	});

	test('stops a conversion of ten minutes within 100 ms', async () => {
		const controller = new AbortController();
		let abortedAt = 0;
		const conversion = toVoiceNote(tenMinutes, {
			signal: controller.signal,
			pause: async () => {
				await nextTask();
				if (abortedAt > 0) return;
				abortedAt = cpuNow();
				controller.abort();
			},
		});
		expect(await voiceNoteErrorOf(() => conversion)).toMatchObject({ code: 'cancelled' });
		expect(cpuNow() - abortedAt).toBeLessThan(100);
	});

	test('stops audio of which nothing is to be heard', async () => {
		const { packets } = await opusAudio([speechLike(1, 24_000, 33)], { frameMs: 10 });
		const many = Array.from({ length: 30_000 }, (_, i) => packets[i % packets.length]);
		const file = cafOf(
			description({ framesPerPacket: 240 }),
			packetTable({ validFrames: 1, primingFrames: 7_199_999, table: many.map(({ length }) => length) }),
			audioData(many),
		);
		const controller = new AbortController();
		const pauses: number[] = [];
		const conversion = toVoiceNote(file, {
			signal: controller.signal,
			pause: async () => {
				await nextTask();
				pauses.push(cpuNow());
				if (pauses.length === 3) controller.abort();
			},
		});
		expect(await voiceNoteErrorOf(() => conversion)).toMatchObject({ code: 'cancelled' });
		expect(cpuNow() - pauses[2]).toBeLessThan(100);
	});
});

describe('pauses', () => {
	/**
	 * The longest stretches of work between two pauses, in ms of processor time without the collection of garbage that fell
	 * into them. V8 collects on several processors at once, and all of it is in the process' time.
	 */
	async function stretchesOf(input: Uint8Array, mostPauses = Infinity): Promise<number[]> {
		const stretches: { from: number; to: number; ms: number }[] = [];
		const collections: PerformanceEntry[] = [];
		const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
		observer.observe({ entryTypes: ['gc'] });
		const controller = new AbortController();
		let since = { clock: performance.now(), processor: cpuNow() };
		const endStretch = (): void => {
			const [from, to] = [since.clock, performance.now()];
			stretches.push({ from, to, ms: cpuNow() - since.processor });
		};
		const outcome = await toVoiceNote(input, {
			signal: controller.signal,
			pause: async () => {
				endStretch();
				if (stretches.length >= mostPauses) controller.abort();
				await nextTask();
				since = { clock: performance.now(), processor: cpuNow() };
			},
		}).catch((error) => error.code);
		if (stretches.length < mostPauses) endStretch();
		expect(outcome).toEqual(
			mostPauses === Infinity ? expect.objectContaining({ info: expect.anything() }) : 'cancelled',
		);

		// What was collected is told one turn of the event loop later.
		await nextTask();
		await nextTask();
		collections.push(...observer.takeRecords());
		observer.disconnect();
		return stretches
			.map(({ from, to, ms }) => ms - garbageMs(collections, from, to) * availableParallelism())
			.sort((a, b) => b - a);
	}

	/** How long garbage was collected between two times on the clock, in ms. */
	function garbageMs(collections: PerformanceEntry[], from: number, to: number): number {
		return collections
			.filter(({ startTime }) => startTime >= from && startTime <= to)
			.reduce((sum, { duration }) => sum + duration, 0);
	}

	test('come often while audio is encoded', async () => {
		// The codec is compiled once, on first use.
		await toVoiceNote(wav16([noise(0.1, 24_000)], 24_000));
		const stretches = await stretchesOf(tenMinutes, 60);
		expect(stretches).toHaveLength(60);
		expect(stretches[0]).toBeLessThan(50);
	});

	test('come often while an hour of packets is moved', async () => {
		const input = await hours(1);
		await toVoiceNote(input);
		const stretches = await stretchesOf(input);
		expect(stretches.length).toBeGreaterThan(2);
		expect(stretches[0]).toBeLessThan(400);
	});
});

describe('memory', () => {
	/**
	 * Converts, or cancels after so many pauses, and measures the largest size of the memory outside of JavaScript's heap, in
	 * MB over what it was before.
	 */
	async function measured(input: Uint8Array, mostPauses = Infinity) {
		const used = (): number => process.memoryUsage().arrayBuffers;
		const before = used();
		let most = before;
		let pauses = 0;
		const controller = new AbortController();
		const pause = async (): Promise<void> => {
			most = Math.max(most, used());
			if (++pauses >= mostPauses) controller.abort();
			await nextTask();
		};
		const conversion = toVoiceNote(input, { pause, signal: controller.signal });
		const outcome = await conversion.then(({ info }) => info).catch((error) => error.code);
		return { outcome, growth: (Math.max(most, used()) - before) / 1_048_576 };
	}

	test('two hours of Opus are moved with a few times their size', async () => {
		const input = await hours(2);
		expect(input.length).toBeGreaterThan(15_000_000);
		const { outcome, growth } = await measured(input);
		expect(outcome).toMatchObject({ method: 'remuxed', packets: 360_000 });
		expect(growth).toBeLessThan((4 * input.length) / 1_048_576 + 20);
	});

	test('ten minutes of WAV are never held as decoded audio', async () => {
		const { outcome, growth } = await measured(tenMinutes, 80);
		expect(outcome).toBe('cancelled');
		// As floats at 16 kHz they would take 38 MB.
		expect(growth).toBeLessThan(25);
	});
});
