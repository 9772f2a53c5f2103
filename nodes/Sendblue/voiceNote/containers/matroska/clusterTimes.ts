/** Finds out from the times of the packets that are left whether clusters, or blocks of them, are lost. */

/** A packet with its known times. */
export interface TimedPacket {
	/** When it begins, in seconds; undefined if not stated, as for all laced frames but the first. */
	time?: number;
	/** How long it lasts. */
	seconds: number;
	startsCluster: boolean;
	/** Its size in bytes. */
	size: number;
}

/** The basis of the times. */
interface TimeBase {
	/** The length of a tick in seconds. */
	tick: number;
	/** How long the file says it is, in seconds. */
	statedSeconds?: number;
}

/** The largest packet, in bytes, that announces a pause in the transmission. */
const LARGEST_PAUSE_PACKET = 3;
/** Times are rounded to ticks at both ends of a gap. */
const ROUNDED_TICKS = 1.5;
/**
 * The share of steps between packets that must equal the packets' lengths; otherwise the times count something else.
 */
const MIN_STEADY = 0.8;
/** The most clusters that are lost at once; a longer gap is a pause. */
const MAX_LOST_CLUSTERS = 10;
/** Lengths that differ by no more are equal: it is less than a sample at any rate. */
const EQUAL_SECONDS = 1e-6;
/** The shortest gap that is a loss; shorter ones come from an uneven clock. */
const SHORTEST_GAP_SECONDS = 0.1;

/**
 * Gathers the times of a track. A gap in them is either a pause of the recorder or a loss, which is as long as a number
 * of whole packets. If the file states its length, gaps are losses if that length includes them. If it does not, a gap
 * between two clusters is a loss only if it is as long as a number of typical clusters.
 */
export class ClusterTimes {
	private end: number | undefined;

	private last: TimedPacket | undefined;

	private steps = 0;

	private steady = 0;

	private clusterSeconds = 0;

	private readonly clusters: number[] = [];

	private readonly gaps: Array<{ seconds: number; isInside: boolean }> = [];

	private held = 0;

	/** The length of the first packet that has one. */
	private unit = 0;

	/** Whether packets differ in length, apart from the last one. */
	private isUneven = false;

	private differs = false;

	/** Takes the next packet. */
	take(packet: TimedPacket): void {
		const { time, seconds, startsCluster } = packet;
		this.isUneven ||= this.differs;
		// The first packet of Vorbis has no length: it only prepares the decoder.
		this.unit ||= seconds;
		this.differs = Math.abs(seconds - this.unit) > EQUAL_SECONDS;
		if (startsCluster && this.last) {
			this.clusters.push(this.clusterSeconds);
			this.clusterSeconds = 0;
		}
		if (time !== undefined && this.end !== undefined) this.step(time - this.end, startsCluster);
		this.end = (time ?? this.end ?? 0) + seconds;
		this.last = packet;
		this.clusterSeconds += seconds;
		this.held += seconds;
	}

	private step(gap: number, startsCluster: boolean): void {
		const { seconds = 0, size = 0 } = this.last ?? {};
		this.steps++;
		if (Math.abs(gap) <= seconds / 2) this.steady++;
		if (gap <= seconds / 2 || size <= LARGEST_PAUSE_PACKET) return;
		this.gaps.push({ seconds: gap, isInside: !startsCluster });
	}

	/**
	 * Seconds that are lost.
	 *
	 * @param isDamaged whether damage was found, so that every gap is a loss
	 */
	lostSeconds({ tick, statedSeconds }: TimeBase, isDamaged = false): number {
		const { unit } = this;
		if (unit === 0 || this.steady < MIN_STEADY * this.steps) return 0;
		if (isDamaged) return sum(this.gaps.map(({ seconds }) => seconds));
		const tolerance = ROUNDED_TICKS * tick;
		const ofWholePackets = this.gaps.filter(({ seconds }) => {
			return seconds >= SHORTEST_GAP_SECONDS && (this.isUneven || isMultiple(seconds, unit, tolerance));
		});
		const total = sum(ofWholePackets.map(({ seconds }) => seconds));
		if (statedSeconds !== undefined) return statedSeconds > this.held + total / 2 ? total : 0;
		const between = this.gaps.filter(({ isInside }) => !isInside).length;
		if (this.isUneven || between * 2 > this.clusters.length) return 0;
		const cluster = median(this.clusters);
		const ofWholeClusters = ofWholePackets.filter(({ seconds, isInside }) => {
			return isInside || (seconds <= (MAX_LOST_CLUSTERS + 0.5) * cluster && isMultiple(seconds, cluster, unit));
		});
		return sum(ofWholeClusters.map(({ seconds }) => seconds));
	}
}

/** Whether a length is that of one or more whole units, give or take a tolerance. */
function isMultiple(length: number, unit: number, tolerance: number): boolean {
	const count = Math.round(length / unit);
	return count > 0 && Math.abs(length - count * unit) <= tolerance + EQUAL_SECONDS;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

function median(numbers: readonly number[]): number {
	return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
