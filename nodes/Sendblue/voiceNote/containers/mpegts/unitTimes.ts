/** Measures lost packets by the times of a stream's units (PES packets). */
import { presentationTime } from './pesPackets';

const TICKS_PER_SECOND = 90_000;
/** Times have 33 bits. */
const TIME_RANGE = 2 ** 33;

/** A unit comes after a loss if the step in time before it is longer than this many times the longest regular one. */
const LATE = 1.5;
/** The same if the unit before it has less than this share of the bytes that are usual for its time. */
const THIN = 0.6;
/** A larger step is that of another recording, or an error. */
const LONGEST_STEP_SECONDS = 60;
/** The tolerance, as a share, between what complete units hold and what their times say. */
const AGREEMENT = 0.15;

/** From a unit with a time to the next one; or totals of those. */
interface Stretch {
	ticks: number;
	bytes: number;
}

/** Gathers the times and sizes of a stream's units. */
export class UnitTimes {
	private last: number | undefined;

	/** The longest step between units that follow each other by the counters, in ticks. */
	private longest = 0;

	/** Bytes since the last unit with a time, and whether any were lost. */
	private current = { bytes: 0, isWhole: true };

	private readonly whole: Stretch = { ticks: 0, bytes: 0 };

	private readonly broken: Stretch = { ticks: 0, bytes: 0 };

	/** The stretches before units that do not follow by the counters: only when all is read is it known which lack packets. */
	private readonly jumps: Array<Stretch & { isWhole: boolean }> = [];

	private bytes = 0;

	/**
	 * Takes the beginning of a unit.
	 *
	 * @param follows whether, by the counters, nothing was lost right before it
	 */
	begin(payload: Uint8Array, follows: boolean): void {
		const time = presentationTime(payload);
		if (time === undefined) return;
		const ticks = this.last === undefined ? 0 : forward(time - this.last);
		this.last = time;
		const stretch = { ticks, ...this.current };
		this.current = { bytes: 0, isWhole: true };
		if (ticks <= 0 || ticks > LONGEST_STEP_SECONDS * TICKS_PER_SECOND) return;
		if (!follows) {
			this.jumps.push(stretch);
			return;
		}
		this.longest = Math.max(this.longest, ticks);
		add(stretch.isWhole ? this.whole : this.broken, stretch);
	}

	/** How many units come after a loss, by times and sizes. Call when all units have been taken. */
	get unitsAfterLoss(): number {
		return this.jumps.filter((jump) => this.isLossy(jump)).length;
	}

	/**
	 * Whether packets are lost in a stretch that ends with a jump: it lasts too long, or holds too little for its time.
	 * Without regular steps, neither is known.
	 */
	private isLossy({ ticks, bytes }: Stretch): boolean {
		if (this.longest === 0) return false;
		return ticks > LATE * this.longest || bytes < THIN * (this.whole.bytes / this.whole.ticks) * ticks;
	}

	/** Counts bytes of payload of the current unit. */
	add(bytes: number): void {
		this.current.bytes += bytes;
		this.bytes += bytes;
	}

	/** Notes that packets of the current unit are lost. */
	break(): void {
		this.current.isWhole = false;
	}

	/**
	 * How much is lost.
	 *
	 * @param heldSeconds of the frames that are left
	 * @returns seconds; undefined if the times do not show it
	 */
	lostSeconds(heldSeconds: number): number | undefined {
		const { bytes } = this;
		const whole = { ...this.whole };
		const broken = { ...this.broken };
		for (const jump of this.jumps) add(jump.isWhole && !this.isLossy(jump) ? whole : broken, jump);
		if (whole.ticks === 0 || broken.ticks === 0) return undefined;
		const secondsPerByte = whole.ticks / TICKS_PER_SECOND / whole.bytes;
		const heldInWhole = heldSeconds * (whole.bytes / bytes);
		if (Math.abs(heldInWhole / (secondsPerByte * whole.bytes) - 1) > AGREEMENT) return undefined;
		const stated = (whole.ticks + broken.ticks) / TICKS_PER_SECOND;
		const untimed = (bytes - whole.bytes - broken.bytes) * secondsPerByte;
		const lost = stated + untimed - heldSeconds;
		return lost > 0 ? lost : undefined;
	}
}

function add(total: Stretch, { ticks, bytes }: Stretch): void {
	total.ticks += ticks;
	total.bytes += bytes;
}

/** The difference of two times; the counter may have wrapped in between. */
function forward(step: number): number {
	return step < -TIME_RANGE / 2 ? step + TIME_RANGE : step;
}
