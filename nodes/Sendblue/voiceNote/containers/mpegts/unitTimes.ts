/** Measures lost packets by the times of a stream's units (PES packets). */
import { presentationTime } from './pesPackets';

const TICKS_PER_SECOND = 90_000;
/** Times have 33 bits. */
const TIME_RANGE = 2 ** 33;

/** A unit comes after a loss if the step in time before it is longer than this many times the longest one so far. */
const LATE = 1.5;
/** A larger step is that of another recording, or an error. */
const LONGEST_STEP_SECONDS = 60;
/** The tolerance, as a share, between what complete units hold and what their times say. */
const AGREEMENT = 0.15;

/** Totals over units with a time, from each of them to the next one. */
interface Stretch {
	ticks: number;
	bytes: number;
}

/** Gathers the times and sizes of a stream's units. */
export class UnitTimes {
	private last: number | undefined;

	private longest: number | undefined;

	/** Bytes since the last unit with a time, and whether any were lost. */
	private current = { bytes: 0, isWhole: true };

	private readonly whole: Stretch = { ticks: 0, bytes: 0 };

	private readonly broken: Stretch = { ticks: 0, bytes: 0 };

	private bytes = 0;

	/**
	 * Takes the beginning of a unit.
	 *
	 * @param follows whether, by the counters, nothing was lost right before it
	 * @returns whether its time shows a loss before it
	 */
	begin(payload: Uint8Array, follows: boolean): boolean {
		const time = presentationTime(payload);
		if (time === undefined) return false;
		const step = this.last === undefined ? 0 : forward(time - this.last);
		this.last = time;
		if (follows && step > 0) this.longest = Math.max(this.longest ?? 0, step);
		const isLate = !!this.longest && step > LATE * this.longest;
		const isStep = step > 0 && step <= LONGEST_STEP_SECONDS * TICKS_PER_SECOND;
		const stretch = this.current.isWhole && (follows || !isLate) ? this.whole : this.broken;
		if (isStep) {
			stretch.ticks += step;
			stretch.bytes += this.current.bytes;
		}
		this.current = { bytes: 0, isWhole: true };
		return isLate;
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
		const { whole, broken, bytes } = this;
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

/** The difference of two times; the counter may have wrapped in between. */
function forward(step: number): number {
	return step < -TIME_RANGE / 2 ? step + TIME_RANGE : step;
}
