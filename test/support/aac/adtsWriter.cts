import { SAMPLING_FREQUENCIES } from '../../../nodes/Sendblue/voiceNote/codecs/aac/audioSpecificConfig';

import { BitWriter } from '../bits.cts';
import { joinBytes } from '../bytes.cts';

/** What an ADTS header says of its stream. */
export interface AdtsOptions {
	sampleRate: number;
	channelConfiguration: number;
	/** profile field: 1 is AAC-LC. */
	profile?: number;
	/** Adds checksums (of the right size; their value is not checked by readers). */
	protect?: boolean;
}

/** One ADTS frame around one to four raw_data_blocks. */
export function adtsFrame(blocks: Uint8Array[], options: AdtsOptions): Uint8Array {
	const { sampleRate, channelConfiguration, profile = 1, protect = false } = options;
	const several = blocks.length > 1;
	const body = new BitWriter();
	if (protect) {
		let position = 0;
		for (const block of blocks.slice(0, -1)) {
			position += block.length + 2;
			body.write(position, 16);
		}
		body.write(0xbeef, 16);
	}
	for (const block of blocks) {
		block.forEach((byte) => body.write(byte, 8));
		if (protect && several) body.write(0xcafe, 16);
	}
	const payload = body.toBytes();
	const header = new BitWriter()
		.write(0xfff, 12)
		.write(0, 1 + 2)
		.write(protect ? 0 : 1, 1)
		.write(profile, 2)
		.write(SAMPLING_FREQUENCIES.indexOf(sampleRate), 4)
		.write(0, 1)
		.write(channelConfiguration, 3)
		.write(0, 4)
		.write(payload.length + 7, 13)
		.write(0x7ff, 11)
		.write(blocks.length - 1, 2)
		.toBytes();
	return joinBytes(header, payload);
}
