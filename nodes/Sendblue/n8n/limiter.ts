/** Lets at most a fixed number of tasks run at once; those who wait are served first come, first served. */
export class Limiter {
	private free: number;

	private readonly waiting: Array<() => void> = [];

	/** @param slots How many tasks may run at once, at least 1. */
	constructor(slots: number) {
		this.free = slots;
	}

	/** How many wait for a slot. */
	get length(): number {
		return this.waiting.length;
	}

	/** Waits for a slot and returns the function that gives it back; calling that twice does nothing more. */
	async acquire(): Promise<() => void> {
		if (this.free > 0) this.free -= 1;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		let held = true;
		return () => {
			if (!held) return;
			held = false;
			const next = this.waiting.shift();
			if (next) next();
			else this.free += 1;
		};
	}

	/** Runs a task in a slot of its own. */
	async run<T>(task: () => Promise<T>): Promise<T> {
		const release = await this.acquire();
		try {
			return await task();
		} finally {
			release();
		}
	}
}
