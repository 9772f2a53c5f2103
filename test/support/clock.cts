/** Time in tests: what the processor has spent, and a clock that does not wait. */

/** Time this process has spent on the processor, in milliseconds: other programs cannot lengthen it, as they do the clock's. */
export function cpuNow(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}

/** Lets everything that waits for nothing go on; no virtual time passes. */
export async function settle(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until everything waits, and then jumps to the next moment that something is due. */
export class VirtualTime {
	private time: number;

	private readonly due: Array<{ at: number; wake: () => void }> = [];

	/** Every sleep that was asked for, in milliseconds, in order. */
	readonly sleeps: number[] = [];

	constructor(start = Date.parse('2026-11-22T10:00:00.000Z')) {
		this.time = start;
	}

	readonly now = (): number => this.time;

	readonly sleep = async (ms: number): Promise<void> => {
		this.sleeps.push(ms);
		await new Promise<void>((wake) => {
			this.due.push({ at: this.time + Math.max(0, ms), wake });
		});
	};

	/** Runs until the promise settles, jumping over every pause. */
	async run<T>(promise: Promise<T>): Promise<T> {
		let settled = false;
		const done = () => {
			settled = true;
		};
		promise.then(done, done);
		for (let idle = 0; ; idle++) {
			// Several turns, so that whatever goes on without waiting comes to its end first.
			for (let turn = 0; turn < 5 && !settled; turn++) await new Promise((resolve) => setImmediate(resolve));
			if (settled) return await promise;
			if (this.jump()) idle = 0;
			if (idle > 200) throw new Error('nothing is due, so the promise would never settle');
		}
	}

	/** Runs until the promise rejects, and returns what it rejects with. */
	async runToError<E = Error>(promise: Promise<unknown>): Promise<E> {
		return await this.run(
			promise.then(
				(value) => {
					throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
				},
				(error: unknown) => error as E,
			),
		);
	}

	private jump(): boolean {
		this.due.sort((first, second) => first.at - second.at);
		const next = this.due.shift();
		if (!next) return false;
		this.time = Math.max(this.time, next.at);
		next.wake();
		return true;
	}
}
