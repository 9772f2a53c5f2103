import { packetSeconds } from '../../codecs/packetSeconds';
import type { Codec } from '../../codecs/registry';
import { fourCharacters } from '../../bits/fourCharacters';
import { VoiceNoteError } from '../../errors';
import type { WorkSlices } from '../../workSlices';
import { demuxFiles, splitFiles } from '../joinedFiles';
import { skipZeros } from '../leadingTags';
import { singleTrack } from '../track';
import type { Container, Demuxed, Finding } from '../track';
import { unsupportedCodec } from '../unsupportedCodec';
import { cafClaims, cafCodec } from './cafCodec';
import type { CafFile } from './cafFormat';
import { cafPackets } from './cafPackets';
import { isCaf, readCaf } from './readCaf';

/** Type, version and flags of the file; type and size of a chunk; what a data chunk begins with. */
const FILE_HEADER_BYTES = 8;
const CHUNK_HEADER_BYTES = 12;
const EDIT_COUNT_BYTES = 4;

/** Apple's Core Audio Format. */
export const caf: Container = {
	probe: isCaf,
	demux: async (bytes, _request, slices): Promise<Demuxed> =>
		await demuxFiles(splitFiles(bytes, nextFile), async (file) => await demuxFile(file, slices)),
};

/** A further file stands where a chunk would; what only repeats its header, as SoX does, holds no audio before it. */
function nextFile(bytes: Uint8Array): number | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let hasAudio = false;
	for (let at = FILE_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.length; ) {
		// Some writers fill the last chunk up to a whole number of words.
		const behind = skipZeros(bytes, at);
		if (hasAudio && isCaf(bytes.subarray(behind))) return behind;
		const size = Number(view.getBigInt64(at + 4));
		if (size < 0) return undefined;
		hasAudio ||= fourCharacters(bytes, at) === 'data' && size > EDIT_COUNT_BYTES;
		at += CHUNK_HEADER_BYTES + size;
	}
	return undefined;
}

async function demuxFile(bytes: Uint8Array, slices: WorkSlices): Promise<Demuxed> {
	const file = readCaf(bytes);
	if (!(file.description.sampleRate > 0)) throw damaged('its sample rate is zero');
	const codec = cafCodec(file);
	if (!codec) throw unsupportedCodec('CAF file', file.description.formatId);
	if (file.description.bytesPerPacket === 0 && !file.packetTable) throw damaged('it has no packet table');
	const joined = codec.name === 'pcm' || codec.name === 'ima4';
	const claims = await cafClaims(file, slices);
	const findings: Finding[] = file.truncated ? [{ kind: 'cutShort', seconds: missingSeconds(file, codec) }] : [];
	return singleTrack('caf', { codec, claims, packets: () => cafPackets(file, joined) }, findings);
}

/** What the packets that are missing last, if they are like the first. */
function missingSeconds(file: CafFile, codec: Codec): number | undefined {
	const { description, packetTable, data, missingBytes = 0 } = file;
	const { sampleRate, framesPerPacket, bytesPerPacket } = description;
	if (bytesPerPacket > 0) return ((missingBytes / bytesPerPacket) * framesPerPacket) / sampleRate || undefined;
	const [first] = cafPackets(file, false);
	if (!first || !packetTable) return undefined;
	let end = 0;
	const missing = packetTable.packetSizes.reduce((count, size) => count + ((end += size) > data.length ? 1 : 0), 0);
	return missing * packetSeconds(codec)(first) || undefined;
}

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The CAF file is damaged: ${reason}`, 'Export or record the audio again.');
}
