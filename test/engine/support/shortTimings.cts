import type { Timings } from '../../../nodes/Sendblue/sendblue/http/time';
import type { Engine } from './engine.cjs';

/** Times for a Sendblue on this machine: long enough for an honest answer, short enough for many faults. */
export const SHORT_TIMINGS: Timings = {
	timeout: { read: 1_000, upload: 1_000, send: 1_000, write: 1_000 },
	firstPause: 5,
	longestPause: 20,
	lookUpFor: 1_200,
	refusalPause: 500,
	lookUpFirstPause: 20,
	lookUpTimeout: 500,
	checkTimeout: 1_000,
	linesKnownFor: 0,
	stopGrace: 1_000,
	deliveryFirstPause: 20,
	deliveryLongestPause: 50,
};

/** Gives the engine's Sendblue node short times. */
export function shortenTimings(engine: Engine, changes: Partial<Timings> = {}): void {
	Object.assign(engine.classOf('sendblue').timings, SHORT_TIMINGS, changes);
}
