import type { AudioInput } from '../audio';
import type { PcmContainer } from '../containers/pcmContainer';
import { TRUNCATED_HINT } from './audioFormat';

/** What an uncompressed file offers to the conversion. */
export function pcmInput({ sourceFormat, source, truncated }: PcmContainer): AudioInput {
	return { sourceFormat, hints: truncated ? [TRUNCATED_HINT] : [], decode: () => source };
}
