/** AMR files (RFC 4867, section 5), as telephones and messengers record: a line of text, then frames. */
import { AMR_FRAMES_PER_SECOND, AMR_NARROWBAND_MAGIC, AMR_WIDEBAND_MAGIC, amrFrames } from '../../codecs/amr/amrFrames';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import type { Container, Demuxed, Track } from '../track';

/** The magic without its line end, and what follows it in files of other kinds. */
const ANY_MAGIC = /^#!AMR(-WB)?(_MC1\.0\n|[\r\n])?/;
const MAGIC_BYTES = 20;

/** A file of which more than this is no frames is no AMR any more. */
const MOST_DAMAGED = 0.5;

/** AMR-NB and AMR-WB. */
export const amr: Container = {
	probe: (bytes) => ANY_MAGIC.test(beginningOf(bytes)),
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const wideband = beginningOf(bytes).startsWith(AMR_WIDEBAND_MAGIC);
		if (!wideband && !beginningOf(bytes).startsWith(AMR_NARROWBAND_MAGIC)) throw otherKind(beginningOf(bytes));
		const start = (wideband ? AMR_WIDEBAND_MAGIC : AMR_NARROWBAND_MAGIC).length;
		const frames = await countFrames(bytes, start, wideband, slices);
		const track: Track = {
			codec: { name: 'amr', wideband },
			claims: { skipSeconds: 0, heldSeconds: frames / AMR_FRAMES_PER_SECOND },
			packets: (report) =>
				amrFrames(bytes, start, wideband, {
					onCut: () => report?.({ kind: 'cutShort' }),
					onDamage: () => report?.({ kind: 'damaged' }),
				}),
		};
		return { sourceFormat: wideband ? 'amr-wb' : 'amr', tracks: [track], findings: [] };
	},
};

function beginningOf(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes.subarray(0, MAGIC_BYTES));
}

/**
 * Counts the frames.
 *
 * @throws {VoiceNoteError} `corrupt` where most of the file is no frames: they would be loud noise
 */
async function countFrames(bytes: Uint8Array, start: number, wideband: boolean, slices: WorkSlices): Promise<number> {
	let frames = 0;
	let damaged = 0;
	const remarks = { onCut: () => undefined, onDamage: (count: number) => (damaged += count) };
	for (const frame of amrFrames(bytes, start, wideband, remarks)) {
		if (frame.length > 0) frames++;
		if (slices.due) await slices.rest();
	}
	if (damaged <= MOST_DAMAGED * (bytes.length - start)) return frames;
	throw new VoiceNoteError(
		'corrupt',
		'The AMR file is damaged: most of it is no AMR audio',
		'Fetch it again as a file: as binary data, not as text.',
	);
}

function otherKind(beginning: string): VoiceNoteError {
	if (/^#!AMR(-WB)?_MC/.test(beginning)) {
		return new VoiceNoteError('unsupported', 'The AMR file has several channels', 'Export it as WAV, MP3 or M4A.');
	}
	return new VoiceNoteError(
		'corrupt',
		'The AMR file was changed on its way: the end of its first line is not the one AMR has, as where line ends are converted in a text',
		'Fetch it again as a file: as binary data, not as text.',
	);
}
