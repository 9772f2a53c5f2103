import { VoiceNoteError } from '../../errors';
import { singleTrack } from '../track';
import type { Container, Demuxed, Finding } from '../track';
import { unsupportedCodec } from '../unsupportedCodec';
import { cafClaims, cafCodec } from './cafCodec';
import { cafPackets } from './cafPackets';
import { isCaf, readCaf } from './readCaf';

/** Apple's Core Audio Format. */
export const caf: Container = {
	probe: isCaf,
	async demux(bytes, _request, slices): Promise<Demuxed> {
		const file = readCaf(bytes);
		if (!(file.description.sampleRate > 0)) throw damaged('its sample rate is zero');
		const codec = cafCodec(file);
		if (!codec) throw unsupportedCodec('CAF file', file.description.formatId);
		if (file.description.bytesPerPacket === 0 && !file.packetTable) throw damaged('it has no packet table');
		const joined = codec.name === 'pcm' || codec.name === 'ima4';
		const claims = await cafClaims(file, slices);
		const findings: Finding[] = file.truncated ? [{ kind: 'cutShort' }] : [];
		return singleTrack('caf', { codec, claims, packets: () => cafPackets(file, joined) }, findings);
	},
};

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The CAF file is damaged: ${reason}`, 'Export or record the audio again.');
}
