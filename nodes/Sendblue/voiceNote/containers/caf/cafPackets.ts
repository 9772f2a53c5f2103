/** The packets of a CAF file. */
import { VoiceNoteError } from '../../errors';
import type { CafFile } from './cafFormat';

/** Packets of one size are handed on in pieces of about this many bytes where they may be joined. */
const PIECE_BYTES = 16_384;

/**
 * The packets; what the end of the file cuts off is left out.
 *
 * @param joined hand on pieces of whole packets instead of packets one by one, where all have one size
 * @throws {VoiceNoteError} `corrupt` where nothing tells the sizes.
 */
export function* cafPackets({ description, packetTable, data }: CafFile, joined: boolean): Generator<Uint8Array> {
	const { bytesPerPacket } = description;
	if (bytesPerPacket > 0) {
		const pieceBytes = joined ? Math.max(1, Math.floor(PIECE_BYTES / bytesPerPacket)) * bytesPerPacket : bytesPerPacket;
		const end = data.length - (data.length % bytesPerPacket);
		for (let position = 0; position < end; position += pieceBytes) {
			yield data.subarray(position, Math.min(position + pieceBytes, end));
		}
		return;
	}
	if (!packetTable) {
		throw new VoiceNoteError(
			'corrupt',
			'The CAF file is damaged: it has no packet table',
			'Export or record the audio again.',
		);
	}
	let position = 0;
	for (const size of packetTable.packetSizes) {
		if (position + size > data.length) return;
		yield data.subarray(position, position + size);
		position += size;
	}
}
