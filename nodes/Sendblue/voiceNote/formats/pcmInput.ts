import type { AudioInput } from '../pcm/pcmSource';
import type { PcmContainer } from '../containers/pcmContainer';
import { TRUNCATED_HINT } from '../pipeline/reconcile';

/** What an uncompressed file offers to the conversion. */
export function pcmInput({ sourceFormat, source, truncated }: PcmContainer): AudioInput {
	return { sourceFormat, hints: truncated ? [TRUNCATED_HINT] : [], decode: () => source };
}
