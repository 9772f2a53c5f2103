/** The times of the units (PES packets) of a stream, and what they tell of packets that are lost. */
import { presentationTime } from './pesPackets';

const TICKS_PER_SECOND = 90_000;
/** Times have 33 bits. */
const TIME_RANGE = 2 ** 33;

/** A unit that is later than the longest one before it lasts, times this, comes after a loss. */
const LATE = 1.5;
/** A step of more is another recording's, or a mistake. */
const LONGEST_STEP_SECONDS = 60;
/** How far what is held may be from what the times say of units that are whole. */
const AGREEMENT = 0.15;

/** Units with a time, from each to the next one. */
interface Stretch {
	ticks: number;
	bytes: number;
}

/** Takes the units of a stream. */
export class UnitTimes {
	private last: number | undefined;

	private longest: number | undefined;

	/** Bytes since the last unit with a time, and whether some are lost. */
	private current = { bytes: 0, isWhole: true };

	private readonly whole: Stretch = { ticks: 0, bytes: 0 };

	private readonly broken: Stretch = { ticks: 0, bytes: 0 };

	private bytes = 0;

	/**
	 * Takes the beginning of a unit.
	 *
	 * @param follows whether it comes right after what was before it, as the counters say
	 * @returns whether it comes later than it would without a loss
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

	/** Takes payload that belongs to the current unit. */
	add(bytes: number): void {
		this.current.bytes += bytes;
		this.bytes += bytes;
	}

	/** Takes note that packets of the current unit are lost. */
	break(): void {
		this.current.isWhole = false;
	}

	/**
	 * How much is lost.
	 *
	 * @param heldSeconds of the frames that are left
	 * @returns seconds; undefined if the times do not tell
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

/** The difference of two times, of which the later may have begun anew. */
function forward(step: number): number {
	return step < -TIME_RANGE / 2 ? step + TIME_RANGE : step;
}
