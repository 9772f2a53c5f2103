import { ascending, cumulate, impossibleBands, nearest } from './borders';

/** A run of QMF bands of the core that is copied upwards. */
export interface Patch {
	/** The first band to copy. */
	start: number;
	/** How many are copied. */
	count: number;
}

/** Up to where patches are to reach first, in Hz times two. */
const GOAL_RATE = 2.048e6;
/** One more than the standard's five: a stream of its conformance suite needs it. */
const MAX_PATCHES = 6;
/** More turns than any sound header takes. */
const MAX_TURNS = 20;
/** A last patch of fewer bands is left out. */
const MIN_LAST_PATCH = 3;

/** Limiter bands to an octave by bs_limiter_bands; 0 is a single band for all. */
const LIMITER_BANDS_PER_OCTAVE = [0, 1.2, 2, 3];
/** The least width of a limiter band, as a share of its nominal one. */
const MIN_LIMITER_SHARE = 0.49;

/**
 * Chooses what the high band is copied from (ISO/IEC 14496-3, 4.6.18.6.3). Even bands go to even ones, so that no band is
 * copied upside down.
 *
 * @param master f_master
 * @param start Its first border, k_0; below lies what may be copied.
 * @param crossover The first band that is made.
 * @param end The band behind the last that is made.
 * @throws {VoiceNoteError} `corrupt` where the rules find none.
 */
export function patchesOf(
	master: readonly number[],
	start: number,
	crossover: number,
	end: number,
	sbrRate: number,
): Patch[] {
	const goal = nearest(GOAL_RATE / sbrRate);
	const last = master.length - 1;
	const patches: Patch[] = [];
	let top = goal < end ? master.findIndex((border) => border >= goal) : last;
	let sourceEnd = start;
	let filledTo = crossover;
	for (let turn = 0; turn < MAX_TURNS; turn++) {
		const { border, odd } = highestReachable(master, top, start, sourceEnd);
		const count = Math.max(border - filledTo, 0);
		if (count > 0) {
			if (start - odd - count < 0) throw impossibleBands();
			patches.push({ start: start - odd - count, count });
			filledTo = border;
			sourceEnd = border;
		} else {
			sourceEnd = crossover;
		}
		if (border === end) return checkedPatches(patches);
		if (master[top] - border < MIN_LAST_PATCH) top = last;
	}
	throw impossibleBands();
}

/** The highest border that bands below `start` still fill when they end at `sourceEnd`. */
function highestReachable(master: readonly number[], top: number, start: number, sourceEnd: number) {
	for (let i = top; i >= 0; i--) {
		const border = master[i];
		const odd = (border + start) & 1;
		if (border <= start - 1 + sourceEnd - odd) return { border, odd };
	}
	throw impossibleBands();
}

function checkedPatches(patches: Patch[]): Patch[] {
	if (patches.length > 1 && patches[patches.length - 1].count < MIN_LAST_PATCH) patches.pop();
	if (patches.length > MAX_PATCHES) throw impossibleBands();
	return patches;
}

/**
 * Borders of the limiter's bands (4.6.18.3.2.3): those of the envelope and of the patches, thinned out.
 *
 * @param low Bands of envelopes of low resolution.
 * @param limiterBands bs_limiter_bands
 */
export function limiterBorders(low: readonly number[], patches: readonly Patch[], limiterBands: number): number[] {
	const end = low[low.length - 1];
	if (limiterBands === 0) return [low[0], end];
	const counts = patches.map(({ count }) => count);
	const patchBorders = cumulate(low[0], counts);
	const isPatchBorder = (border: number) => patchBorders.includes(border);
	const borders = [...low, ...patchBorders.slice(1, -1)].sort(ascending);
	const leastOctaves = MIN_LIMITER_SHARE / LIMITER_BANDS_PER_OCTAVE[limiterBands];
	for (let k = 1; k < borders.length; ) {
		const [below, border] = [borders[k - 1], borders[k]];
		if (Math.log2(border / below) >= leastOctaves) k++;
		else if (border === below || !isPatchBorder(border)) borders.splice(k, 1);
		else if (!isPatchBorder(below)) borders.splice(k - 1, 1);
		else k++;
	}
	// Where a narrow last patch was left out the end can be lost to the rules above, but every band needs a limit.
	if (borders[borders.length - 1] !== end) borders.push(end);
	return borders;
}
