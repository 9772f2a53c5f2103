import type { AudioInput } from '../../pcm/pcmSource';
import { cafCodec, cafHeardPart } from './cafCodec';
import { cafPackets } from './cafPackets';
import { isCaf, readCaf } from './readCaf';
import { VoiceNoteError } from '../../errors';
import { TRUNCATED_HINT } from '../../pipeline/reconcile';
import type { AudioFormat } from '../../pipeline/reconcile';
import { trackInput } from '../../codecs/registry';
import { unsupportedCodec } from '../unsupportedCodec';

/** Apple's Core Audio Format. */
export const cafFormat: AudioFormat = {
	recognises: isCaf,
	async open(bytes, _request, slices): Promise<AudioInput> {
		const file = readCaf(bytes);
		const hints = file.truncated ? [TRUNCATED_HINT] : [];
		if (!(file.description.sampleRate > 0)) throw damaged('its sample rate is zero');
		const codec = cafCodec(file);
		if (!codec) throw unsupportedCodec('CAF file', file.description.formatId);
		if (file.description.bytesPerPacket === 0 && !file.packetTable) throw damaged('it has no packet table');
		const joined = codec.name === 'pcm' || codec.name === 'ima4';
		const heard = await cafHeardPart(file, slices);
		return trackInput('caf', { codec, heard, packets: () => cafPackets(file, joined) }, hints);
	},
};

function damaged(reason: string): VoiceNoteError {
	return new VoiceNoteError('corrupt', `The CAF file is damaged: ${reason}`, 'Export or record the audio again.');
}
