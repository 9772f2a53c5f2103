/** How long an Ogg stream is: by its packets, and by the granule positions of its pages. */
import type { WorkSlices } from '../../workSlices';
import type { Claims, Finding } from '../track';
import type { OggPacket } from './oggPackets';

/** Counts a codec's packets without decoding them. */
export interface PacketClock {
	/** Samples that the next packet adds. */
	samplesOf(packet: Uint8Array): number;
}

/** What the packets hold and what the positions say of it; the decoder's priming is counted in. */
export interface OggTimes {
	claims: Pick<Claims, 'keepSeconds' | 'heldSeconds' | 'mayCutSeconds'>;
	findings: Finding[];
}

/** As much as an encoder may put behind the audio. */
const UNMISSED_SECONDS = 0.1;

/** The samples of a page and the position at its end. */
interface Span {
	samples: number;
	position: number;
	/** Where the page before ends; undefined for the first. */
	start?: number;
}

/**
 * Goes through the packets of audio. A last page may end before its packets do (RFC 7845, section 4.4; Vorbis I, appendix
 * A.2), but only positions that agree with the packets elsewhere can be taken for that: others count something else.
 *
 * @param packets of audio, from the first one on
 * @param rate samples per second, of positions and of the clock
 */
export async function oggTimes(
	packets: Iterable<OggPacket>,
	clock: PacketClock,
	rate: number,
	slices: WorkSlices,
): Promise<OggTimes> {
	let held = 0;
	let samples = 0;
	let lost = 0;
	let hasGap = false;
	let inGap = false;
	let agreeing = 0;
	let spans = 0;
	let isConfirmed = false;
	let last: Span | undefined;
	for (const { bytes, granulePosition: position, afterGap } of packets) {
		const duration = clock.samplesOf(bytes);
		held += duration;
		samples += duration;
		inGap = inGap || afterGap;
		if (slices.due) await slices.rest();
		if (position === undefined) continue;
		if (last) {
			spans++;
			if (agrees(last)) agreeing++;
			isConfirmed ||= last.position - (last.start ?? 0) === last.samples;
		}
		last = { samples, position, start: last?.position };
		if (inGap && last.start !== undefined) lost += Math.max(0, position - last.start - samples);
		hasGap = hasGap || inGap;
		inGap = false;
		samples = 0;
	}
	const agree = agreeing * 2 >= spans;
	// A stream that begins anywhere and has no page that goes on from another is only believed to cut what nobody misses.
	const mostCut = isConfirmed || spans === 0 ? Infinity : UNMISSED_SECONDS * rate;
	const claimed = last && samples === 0 && agree && cutOf(last) <= mostCut ? held - cutOf(last) : undefined;
	// Numbers that leave pages out, where positions tell of none, are a writer's.
	const isDamaged = hasGap && (lost > 0 || !agree);
	return {
		claims: {
			keepSeconds: claimed === undefined ? undefined : claimed / rate,
			heldSeconds: held / rate,
			mayCutSeconds: ((last?.samples ?? 0) + 1) / rate,
		},
		findings: isDamaged ? [{ kind: 'damaged', seconds: agree ? lost / rate : undefined }] : [],
	};
}

/** Whether a page's position goes on by what its packets hold; a first one may begin anywhere. */
function agrees({ samples, position, start }: Span): boolean {
	return start === undefined ? position >= samples : position - start === samples;
}

/** Samples by which a page ends before its packets do; none where it ends behind them, as after a pause. */
function cutOf({ samples, position, start = 0 }: Span): number {
	return Math.max(0, samples - (position - start));
}
