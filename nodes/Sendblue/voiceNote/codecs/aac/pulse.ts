import { corruptAac } from './aacErrors';
import type { BitReader } from './bitReader';
import type { ChannelStream } from './channelStream';

/** pulse_data(): up to four coefficients that stick out and are sent apart. */
export interface Pulses {
	/** Band whose first coefficient the first offset counts from. */
	startSfb: number;
	/** Distance of each pulse from the one before, in coefficients. */
	offsets: number[];
	/** What each pulse adds to the magnitude of the quantised coefficient. */
	amplitudes: number[];
}

/**
 * Reads pulse_data() (ISO/IEC 14496-3, Table 4.7).
 *
 * @throws {VoiceNoteError} `corrupt` where the packet ends before.
 */
export function readPulses(reader: BitReader): Pulses {
	const count = reader.read(2) + 1;
	const pulses: Pulses = { startSfb: reader.read(6), offsets: [], amplitudes: [] };
	for (let i = 0; i < count; i++) {
		pulses.offsets.push(reader.read(5));
		pulses.amplitudes.push(reader.read(4));
	}
	return pulses;
}

/**
 * Adds the pulses to the quantised coefficients of a long window (ISO/IEC 14496-3, 4.6.3.3).
 *
 * @throws {VoiceNoteError} `corrupt` where a pulse lies outside the window.
 */
export function applyPulses(pulses: Pulses, { info, quantized }: ChannelStream): void {
	const { bands } = info;
	if (pulses.startSfb >= bands.count) throw corruptAac('a pulse lies outside the window');
	let place = bands.offsets[pulses.startSfb];
	pulses.offsets.forEach((offset, i) => {
		place += offset;
		if (place >= quantized.length) throw corruptAac('a pulse lies outside the window');
		quantized[place] += quantized[place] > 0 ? pulses.amplitudes[i] : -pulses.amplitudes[i];
	});
}
