import type { AudioInput } from '../pcm/pcmSource';
import { amrStream } from '../codecs/amr/amrDecoder';
import { packetSource } from '../codecs/packetSource';
import { isAmr, readAmr } from '../containers/amr/readAmr';
import { noteDamage, noteTruncation } from '../pipeline/reconcile';
import type { AudioFormat } from '../pipeline/reconcile';

/** AMR-NB and AMR-WB, as telephones and messengers record. */
export const amrFormat: AudioFormat = {
	recognises: isAmr,
	open(bytes): AudioInput {
		const { wideband, frames } = readAmr(bytes);
		const hints: string[] = [];
		const packets = (): Iterable<Uint8Array> => frames(() => noteTruncation(hints));
		return {
			sourceFormat: wideband ? 'amr-wb' : 'amr',
			hints,
			decode: () => packetSource({ ...amrStream(wideband), packets, onDamage: () => noteDamage(hints) }),
		};
	},
};
