import { rethrow } from '../errors';
import { TransportFailure } from './networkErrors';

/** Time as it is given to this folder, so that tests run in virtual time. */
export interface Clock {
	/** Resolves after so many milliseconds; may reject when the execution is stopped. */
	sleep(ms: number): Promise<void>;
	/** Milliseconds since 1970, as `Date.now()`. */
	now(): number;
}

/**
 * Waits; throws as soon as the signal is aborted.
 *
 * @param ms milliseconds; returns at once for 0 or less
 * @throws {TransportFailure} `cancelled`
 */
export async function sleepUnlessCancelled(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
	refuseIfCancelled(signal);
	if (ms <= 0) return;
	if (!signal) return await clock.sleep(ms);

	let onAbort: () => void = () => undefined;
	const aborted = new Promise<void>((resolve) => {
		onAbort = resolve;
		signal.addEventListener('abort', onAbort, { once: true });
	});
	// A sleep that rejects on abort ends the same way as one that ignores the signal.
	const slept = clock.sleep(ms).catch((error: unknown) => {
		if (!signal.aborted) rethrow(error);
	});
	try {
		await Promise.race([slept, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
	refuseIfCancelled(signal);
}

/** @throws {TransportFailure} `cancelled` if the signal is aborted */
export function refuseIfCancelled(signal?: AbortSignal): void {
	if (signal?.aborted) throw new TransportFailure('cancelled', 'The execution was stopped.');
}
