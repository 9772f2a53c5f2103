/** AMR files (RFC 4867, section 5), as telephones and messengers record: a line of text, then frames. */
import { AMR_NARROWBAND_MAGIC, AMR_WIDEBAND_MAGIC, amrFrames } from '../../codecs/amr/amrFrames';
import { VoiceNoteError } from '../../errors';
import type { Container, Demuxed, Track } from '../track';

const ANY_MAGIC = '#!AMR';

/** AMR-NB and AMR-WB. */
export const amr: Container = {
	probe: (bytes) => beginsWith(bytes, ANY_MAGIC),
	demux(bytes): Demuxed {
		const wideband = beginsWith(bytes, AMR_WIDEBAND_MAGIC);
		if (!wideband && !beginsWith(bytes, AMR_NARROWBAND_MAGIC)) {
			throw new VoiceNoteError('unsupported', 'The AMR file has several channels', 'Export it as WAV, MP3 or M4A.');
		}
		const start = (wideband ? AMR_WIDEBAND_MAGIC : AMR_NARROWBAND_MAGIC).length;
		const track: Track = {
			codec: { name: 'amr', wideband },
			claims: { skipSeconds: 0 },
			packets: (report) => amrFrames(bytes, start, wideband, () => report?.({ kind: 'cutShort' })),
		};
		return { sourceFormat: wideband ? 'amr-wb' : 'amr', tracks: [track], findings: [] };
	},
};

function beginsWith(bytes: Uint8Array, text: string): boolean {
	return String.fromCharCode(...bytes.subarray(0, text.length)) === text;
}
