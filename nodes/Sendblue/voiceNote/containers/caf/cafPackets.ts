/** The packets of a CAF file. */
import { VoiceNoteError } from '../../errors';
import { piecesOf } from '../pieces';
import type { CafFile } from './cafFormat';

/**
 * The packets; what the end of the file cuts off is left out.
 *
 * @param joined hand on pieces of whole packets instead of packets one by one, where all have one size
 * @throws {VoiceNoteError} `corrupt` where nothing tells the sizes.
 */
export function* cafPackets({ description, packetTable, data }: CafFile, joined: boolean): Generator<Uint8Array> {
	const { bytesPerPacket } = description;
	if (bytesPerPacket > 0) {
		const whole = data.subarray(0, data.length - (data.length % bytesPerPacket));
		if (joined) return yield* piecesOf(whole, bytesPerPacket);
		for (let position = 0; position < whole.length; position += bytesPerPacket) {
			yield whole.subarray(position, position + bytesPerPacket);
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
