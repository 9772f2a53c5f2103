import type { PcmBlock } from './audio';

/**
 * A block of silence.
 *
 * @param frames samples per channel; none makes the block that only lets its reader pause
 */
export function silentBlock(channels: number, frames: number): PcmBlock {
	return Array.from({ length: channels }, () => new Float32Array(frames));
}
