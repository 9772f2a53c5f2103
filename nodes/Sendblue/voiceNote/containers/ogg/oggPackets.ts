import type { OggPage } from './oggPages';

/** A packet and the page facts a codec needs with it. */
export interface OggPacket {
	bytes: Uint8Array;
	/** The page's granule position where this is the last packet that ends on the page. */
	granulePosition?: number;
	/** Whether pages, by their numbers, are missing right before the packet's. */
	afterGap: boolean;
}

/** No packet of a codec we read comes near; a lying file cannot make us gather more. */
const MOST_GATHERED_BYTES = 16 * 1_024 * 1_024;

/**
 * Puts the packets of one logical stream together from its pages (RFC 3533, section 5). A packet whose beginning or
 * end is missing is left out.
 */
export function* oggPackets(pages: Iterable<OggPage>): Generator<OggPacket> {
	let parts: Uint8Array[] = [];
	let partBytes = 0;
	let begun = false;
	let previous: OggPage | undefined;
	let afterGap = false;
	for (const page of pages) {
		const follows = previous !== undefined && page.sequence === (previous.sequence + 1) >>> 0;
		if (!follows) begun = false;
		// Numbers that start anew, or a new serial number, are a writer's; pages that are gone leave a gap.
		if (previous && page.serial === previous.serial && page.sequence > previous.sequence + 1) afterGap = true;
		previous = page;
		if (!page.continued || !begun) {
			parts = [];
			partBytes = 0;
		}
		// The rest of a packet whose beginning is lost is passed over up to its end.
		let skipping = page.continued && !begun;
		const lastEnding = lastPacketEnd(page.segmentSizes);
		let offset = 0;
		for (let segment = 0; segment < page.segmentSizes.length; segment++) {
			const size = page.segmentSizes[segment];
			if (!skipping && partBytes + size <= MOST_GATHERED_BYTES) {
				parts.push(page.body.subarray(offset, offset + size));
				partBytes += size;
			}
			offset += size;
			begun = size === 255;
			if (begun) continue;
			if (!skipping) {
				const ends = segment === lastEnding;
				yield {
					bytes: join(parts, partBytes),
					granulePosition: ends && page.granulePosition >= 0 ? page.granulePosition : undefined,
					afterGap,
				};
				afterGap = false;
			}
			skipping = false;
			parts = [];
			partBytes = 0;
		}
		if (skipping) begun = false;
	}
}

/** Index of the segment that ends the last packet of the page; −1 where none ends on it. */
function lastPacketEnd(segmentSizes: Uint8Array): number {
	for (let segment = segmentSizes.length - 1; segment >= 0; segment--) {
		if (segmentSizes[segment] < 255) return segment;
	}
	return -1;
}

function join(parts: Uint8Array[], total: number): Uint8Array {
	if (parts.length === 1) return parts[0];
	const whole = new Uint8Array(total);
	let position = 0;
	for (const part of parts) {
		whole.set(part, position);
		position += part.length;
	}
	return whole;
}
